namespace EdgeAgent.Core.Gate;

/// <summary>Collects the verdicts of one passage.</summary>
internal sealed class BagBuilder
{
    private readonly List<TagLeft> _left = [];
    private readonly List<TagLeft> _entered = [];
    private readonly List<TagEvidence> _evidence = [];

    // The bag's goods were in the gate this long before and after the middle of their strength. Seconds.
    private const double CoreSeconds = 0.4;

    // Goods of one person are in the gate together; a pause as long as this between them is another person's distance. Seconds.
    private const double ApartSeconds = 2;

    private readonly List<DateTimeOffset> _times = [];
    private int _notKept;
    private DateTimeOffset _from = DateTimeOffset.MaxValue;
    private DateTimeOffset _to = DateTimeOffset.MinValue;

    public int Strays { get; private set; }

    public bool IsEmpty => _left.Count + _entered.Count + _evidence.Count == 0;

    public void Add(TagPresence tag, TagEvidence evidence)
    {
        if (evidence.Verdict is TagVerdict.Leaving or TagVerdict.Uncertain)
        {
            _from = evidence.AtGate < _from ? evidence.AtGate : _from;
            _to = evidence.AtGate > _to ? evidence.AtGate : _to;
            _times.Add(evidence.AtGate);
            _left.Add(new TagLeft(tag.Epc, tag.GateReads, tag.StrongestDbm, evidence.Verdict == TagVerdict.Uncertain));
        }
        else if (evidence.Verdict == TagVerdict.Entering)
        {
            _entered.Add(new TagLeft(tag.Epc, tag.GateReads, tag.StrongestDbm, Weak: false));
        }
        else
        {
            Strays++;
        }
        if (_evidence.Count < ExitGate.MaxEvidence)
        {
            _evidence.Add(evidence);
        }
        else
        {
            _notKept++;
        }
    }

    /// <summary>A part of what left came clearly after the rest: two people may have carried it.</summary>
    public bool IsTwo()
    {
        _times.Sort();
        for (int i = 1; i < _times.Count; i++)
        {
            if ((_times[i] - _times[i - 1]).TotalSeconds >= ApartSeconds)
            {
                return true;
            }
        }
        return false;
    }

    public BagLeft Build(GatePassage passage, bool split = false) =>
        new(passage with { From = _left.Count > 0 && _from < passage.From ? _from : passage.From }, _left, split) { Entered = _entered, Evidence = _evidence, NotKept = _notKept, Core = _left.Count == 0 ? null : CoreOf(passage, _from, _to) };

    /// <summary>When goods were in the gate, of which the first was there at <paramref name="from"/> and the last at <paramref name="to"/>.</summary>
    public static GatePassage CoreOf(GatePassage passage, DateTimeOffset from, DateTimeOffset to) =>
        passage with { From = from.UtcTicks > CoreSeconds * TimeSpan.TicksPerSecond ? from.AddSeconds(-CoreSeconds) : from, To = to.AddSeconds(CoreSeconds) };
}
