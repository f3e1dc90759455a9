using EdgeAgent.Core.Privacy;
using EdgeAgent.Torture.Children;

namespace EdgeAgent.Torture.Histories;

/// <summary>
/// What went in, what was promised, what came out; and whether the promise was kept: nothing acknowledged is lost, nothing comes that was never
/// made, a duplicate has the same id, each lane of each epoch comes in order, and what was let go is told.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<(long Epoch, long Seq), Appended> _tried = [];
    private readonly HashSet<(long Epoch, long Seq)> _acknowledged = [];
    private readonly Dictionary<(long Epoch, long Seq), int> _delivered = [];
    private readonly Dictionary<(long Epoch, Lane Lane), long> _newest = [];
    private readonly List<Gap> _gaps = [];
    private readonly HashSet<(long Epoch, long Seq)> _dead = [];
    private readonly List<string> _wrong = [];

    public int Tried => _tried.Count;
    public int Acknowledged => _acknowledged.Count;
    public int Delivered => _delivered.Count;
    public long Duplicates => _delivered.Values.Sum(times => times - 1L);
    public long Told => _gaps.Sum(gap => gap.Count);

    public void Add(ChildHistory child)
    {
        foreach (Appended appended in child.Tried)
        {
            _tried[(appended.Epoch, appended.Seq)] = appended;
        }
        foreach (long seq in child.Acknowledged)
        {
            _acknowledged.Add((child.Epoch, seq));
        }
    }

    /// <summary>One delivery, in the order of arrival.</summary>
    public void Deliver(Appended delivered)
    {
        (long, long) key = (delivered.Epoch, delivered.Seq);
        int times = _delivered.GetValueOrDefault(key) + 1;
        _delivered[key] = times;
        if (_tried.TryGetValue(key, out Appended tried) && tried.Id != delivered.Id)
        {
            _wrong.Add($"Event {delivered.Epoch}/{delivered.Seq} came with another id than it was made with.");
        }
        if (times > 1)
        {
            return;
        }
        // Order counts where an event comes first; what comes again may come late.
        long newest = _newest.GetValueOrDefault((delivered.Epoch, delivered.Lane));
        if (delivered.Seq < newest)
        {
            _wrong.Add($"Event {delivered.Epoch}/{delivered.Seq} of lane {delivered.Lane} came after {newest}.");
        }
        _newest[(delivered.Epoch, delivered.Lane)] = Math.Max(newest, delivered.Seq);
    }

    public void Tell(Gap gap) => _gaps.Add(gap);

    /// <summary>The broker refused it for the last time; it lies in the outbox as dead.</summary>
    public void Bury(long epoch, long seq) => _dead.Add((epoch, seq));

    /// <summary>What was acknowledged and is neither delivered, nor dead, nor in a gap that was told.</summary>
    public IReadOnlyList<(long Epoch, long Seq)> Lost() =>
        [.. _acknowledged.Where(key => !_delivered.ContainsKey(key) && !_dead.Contains(key) && !(_tried.TryGetValue(key, out Appended tried) && _gaps.Any(gap => gap.Covers(tried)))).Order()];

    /// <summary>Every broken promise as a sentence; none when the history is clean.</summary>
    public IReadOnlyList<string> Check()
    {
        var wrong = new List<string>(_wrong);
        IReadOnlyList<(long Epoch, long Seq)> lost = Lost();
        if (lost.Count > 0)
        {
            wrong.Add($"{lost.Count} acknowledged events were lost, the first is {lost[0].Epoch}/{lost[0].Seq}.");
        }
        int strangers = _delivered.Keys.Count(key => !_tried.ContainsKey(key));
        if (strangers > 0)
        {
            wrong.Add($"{strangers} events came that nobody had made.");
        }
        return wrong;
    }
}

/// <summary>What a gap event says: this many events of one lane and epoch, with numbers in this range, were let go.</summary>
internal readonly record struct Gap(Lane Lane, long Epoch, long FromSeq, long ToSeq, long Count)
{
    public bool Covers(Appended appended) => appended.Lane == Lane && appended.Epoch == Epoch && appended.Seq >= FromSeq && appended.Seq <= ToSeq;
}
