using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Gate;
using EdgeAgent.Egress;
using EdgeAgent.Replay;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Cli;

/// <summary>Which way each tag of a replayed recording went, as the gates say: goods and what is none, for a recording's tags are often of no shop.</summary>
internal sealed class TagWays
{
    // More rows nobody reads; --explain has all.
    private const int MostRows = 60;

    private readonly List<string[]> _rows = [];
    private readonly HashSet<(Epc, DateTimeOffset)> _said = [];
    private readonly HashSet<Epc> _noGoods = [];
    private int _stayed;

    public void Take(ShopEvent happened)
    {
        (string decision, GateEvidence? evidence) = happened switch
        {
            ShopEvent.ExitSettled e => ("settled", e.Evidence),
            ShopEvent.ExitHeld e => ("held for " + string.Join(", ", e.Reasons.Select(static r => EvidenceJson.Word(r.ToString()))), e.Evidence),
            ShopEvent.ExitObserved e => ("observed", e.Evidence),
            ShopEvent.TagsStrayed e => ("nothing told", e.Evidence),
            _ => ("", null),
        };
        foreach (TagEvidence tag in evidence?.Tags ?? [])
        {
            if (!_said.Add((tag.Epc, happened.At)))
            {
                continue;
            }
            bool isGoods = EpcIdentity.Identify(tag.Epc).Kind == EpcKind.TradeItem;
            if (!isGoods)
            {
                _noGoods.Add(tag.Epc);
            }
            if (tag.Verdict == TagVerdict.Stray)
            {
                _stayed++;
                continue;
            }
            _rows.Add(
            [
                tag.Epc.ToHex(), (tag.AtGate - Replayer.Start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
                tag.Verdict switch { TagVerdict.Leaving => "out", TagVerdict.Entering => "in", _ => "out, perhaps" },
                tag.Verdict == TagVerdict.Entering ? "nothing to bill" : isGoods ? decision : "no trade item: not billed", EvidenceJson.Word(tag.Why.ToString()),
            ]);
        }
    }

    /// <summary>Nothing when no gate judged a tag.</summary>
    public void Print()
    {
        if (_said.Count == 0)
        {
            return;
        }
        Terminal.Line("");
        if (_rows.Count > 0)
        {
            Terminal.Table(["tag", "in gate at (s)", "way", "decision", "why"], _rows.Take(MostRows), 1);
        }
        string more = _rows.Count > MostRows ? $"{_rows.Count - MostRows} more rows" : "";
        string stayed = _stayed > 0 ? $"{_stayed} times a tag was near and did not pass" : "";
        if ((more + stayed).Length > 0)
        {
            Terminal.Line($"Not shown: {string.Join(", ", new[] { more, stayed }.Where(static t => t.Length > 0))}. --explain FILE has all.");
        }
        if (_noGoods.Count > 0)
        {
            Terminal.Line($"{_noGoods.Count} of the tags are no trade items (SGTIN): a gate counts those and tells nothing of them.");
        }
    }
}
