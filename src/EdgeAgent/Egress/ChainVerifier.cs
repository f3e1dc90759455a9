using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>What the check of a recording found.</summary>
/// <param name="Good">One sentence for each part of a lane whose head was reached.</param>
/// <param name="Wrong">One sentence for each part that is not what left the box.</param>
/// <param name="Unchecked">What no head speaks about.</param>
internal sealed record ChainVerdict(IReadOnlyList<string> Good, IReadOnlyList<string> Wrong, IReadOnlyList<string> Unchecked);

/// <summary>
/// Compares a subscriber's recording with the published heads of the hash chain, lane by lane. From one head to the next the events between
/// them must give the next head; when they do not, those between are named: one head more names fewer.
/// </summary>
/// <param name="without">Ids of events that are not in the chain: dead letters that an operator had sent after all.</param>
internal sealed class ChainVerifier(Recording recording, IReadOnlySet<Guid> without)
{
    private const int MostNamed = 20;

    private readonly List<string> _good = [];
    private readonly List<string> _wrong = [];
    private readonly List<string> _unchecked = [];

    public ChainVerdict Check(IEnumerable<LaneHead> heads)
    {
        _wrong.AddRange(recording.Altered.Select(e => $"line {e.Line}: event {e.Id} came before with other bytes ({Name(e.Epoch, e.Seq)})."));
        var all = heads.ToList();
        foreach (var lane in OutboxFile.Lanes)
        {
            // A new file begins a new chain; heads of the old one are checked for themselves.
            foreach (var chain in all.Where(head => head.Lane == lane).GroupBy(head => head.Began).OrderBy(chain => chain.Key))
            {
                CheckChain(lane, [.. chain.DistinctBy(head => head.Count).OrderBy(head => head.Count)], EventsOf(lane, chain.Key));
            }
        }
        return new ChainVerdict(_good, _wrong, _unchecked);
    }

    /// <summary>Without what was let go before its acknowledgement came: it may have left, and is in no chain.</summary>
    private List<RecordedEvent> EventsOf(Lane lane, long began) =>
    [
        .. recording.Events
            .Where(e => e.Lane == lane && e.Epoch >= began && !without.Contains(e.Id))
            .Where(e => !recording.LetGo.Exists(gap => gap.Lane == lane && gap.Epoch == e.Epoch && e.Seq >= gap.FromSeq && e.Seq <= gap.ToSeq))
            .OrderBy(e => e.Epoch).ThenBy(e => e.Seq),
    ];

    private void CheckChain(Lane lane, List<LaneHead> heads, List<RecordedEvent> events)
    {
        var from = new LaneHead(lane, heads[0].Began, 0, 0, 0, 0, new byte[HashChain.HeadBytes]);
        var next = 0;
        foreach (var head in heads.Where(head => head.Count > 0))
        {
            var part = new List<RecordedEvent>();
            for (; next < events.Count && (events[next].Epoch, events[next].Seq).CompareTo((head.Epoch, head.Seq)) <= 0; next++)
            {
                part.Add(events[next]);
            }
            if (from.Count == 0 && part.Count < head.Count && heads.Count > 1 && head == heads[0])
            {
                _unchecked.Add($"{Word(lane)}: {head.Count} events left up to {Name(head.Epoch, head.Seq)} and the recording has {part.Count} of them; it is checked from there on.");
            }
            else
            {
                CheckPart(from, head, part);
            }
            from = head;
        }
        if (next < events.Count)
        {
            _unchecked.Add($"{Word(lane)}: {events.Count - next} events from {Name(events[next].Epoch, events[next].Seq)} on are newer than the newest head.");
        }
    }

    private void CheckPart(LaneHead from, LaneHead to, List<RecordedEvent> part)
    {
        var place = $"{Word(to.Lane)}, {(from.Count == 0 ? "from the beginning" : $"behind {Name(from.Epoch, from.Seq)}")} to {Name(to.Epoch, to.Seq)}";
        var expected = to.Count - from.Count;
        var head = from.Head.ToArray();
        foreach (var e in part)
        {
            HashChain.Extend(head, e.Envelope.Span);
        }
        if (part.Count < expected)
        {
            _wrong.Add($"{place}: {expected - part.Count} of {expected} events are missing. Numbers that the recording has in no lane: {Missing(from, to)}.");
        }
        else if (part.Count > expected)
        {
            _wrong.Add(
                $"{place}: the recording has {part.Count} events and {expected} left. Made up by somebody, or dead letters that were sent after all ({to.Late} so far; "
                + $"name those by --without): {Seqs(part)}.");
        }
        else if (!head.AsSpan().SequenceEqual(to.Head.Span))
        {
            _wrong.Add($"{place}: all {expected} events are there, and at least one of them is not what left the box: {Seqs(part)}.");
        }
        else
        {
            _good.Add($"{place}: {expected} events, as they left.");
        }
    }

    /// <summary>Numbers between two heads that are in no lane of the recording and were not declared as let go; those of dead letters are among them.</summary>
    private string Missing(LaneHead from, LaneHead to)
    {
        var ranges = new List<string>();
        foreach (var epoch in recording.Events.Where(e => e.Epoch >= from.Epoch && e.Epoch <= to.Epoch).GroupBy(e => e.Epoch).OrderBy(group => group.Key))
        {
            var known = epoch.Select(e => e.Seq).ToHashSet();
            var last = epoch.Key == to.Epoch ? to.Seq : epoch.Max(e => e.Seq);
            long? open = null;
            for (var seq = epoch.Key == from.Epoch ? from.Seq + 1 : 1; seq <= last + 1; seq++)
            {
                var missing = seq <= last && !known.Contains(seq) && !recording.LetGo.Exists(gap => gap.Epoch == epoch.Key && seq >= gap.FromSeq && seq <= gap.ToSeq);
                if (missing)
                {
                    open ??= seq;
                }
                else if (open is { } first)
                {
                    ranges.Add(first == seq - 1 ? Name(epoch.Key, first) : $"{Name(epoch.Key, first)}-{seq - 1}");
                    open = null;
                }
            }
        }
        return ranges.Count == 0 ? "none between the first and the last it has" : Named(ranges);
    }

    private static string Seqs(List<RecordedEvent> part) => Named([.. part.Select(e => Name(e.Epoch, e.Seq))]);

    private static string Named(List<string> names) =>
        names.Count <= MostNamed ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";

    private static string Name(long epoch, long seq) => $"{epoch}/{seq}";

    private static string Word(Lane lane) => lane.ToString().ToLowerInvariant();
}
