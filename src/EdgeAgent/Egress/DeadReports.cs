using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>
/// Tells the shop what became dead: at once, then for the same topic and reason at most once a minute, so that a topic the broker denies does
/// not make as many alerts as it had events. What became dead while the outbox closes is in the file and in no alert.
/// </summary>
internal sealed class DeadReports
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Topic, DeadLetterReason Reason, long Epoch), Pending> _pending = [];

    /// <summary>An alert that is dead itself is not told by another alert, which would be dead too.</summary>
    public void Take(IReadOnlyList<DeadLetter> died, long now)
    {
        foreach (var letter in died)
        {
            var topic = EgressTopics.NameOf(letter.Topic);
            if (topic == EgressTopics.DeadLetter)
            {
                continue;
            }
            var key = (topic, letter.Reason, letter.Epoch);
            var known = _pending.TryGetValue(key, out var before);
            var first = known && before.Count > 0 ? Math.Min(before.FromSeq, letter.Seq) : letter.Seq;
            var last = known && before.Count > 0 ? Math.Max(before.ToSeq, letter.Seq) : letter.Seq;
            _pending[key] = new Pending(before.Count + 1, first, last, known ? before.ToldAt : null);
        }
    }

    public void Offer(ChannelWriter<ShopInput> reports, TimeProvider time)
    {
        foreach (var (key, pending) in _pending)
        {
            if (pending.ToldAt is { } toldAt && time.GetElapsedTime(toldAt) < s_pause)
            {
                continue;
            }
            if (pending.Count == 0)
            {
                _pending.Remove(key);
            }
            else if (reports.TryWrite(new ShopInput.EventsRefused(time.GetUtcNow(), key.Topic, key.Reason, pending.Count, key.Epoch, pending.FromSeq, pending.ToSeq)))
            {
                _pending[key] = new Pending(0, 0, 0, time.GetTimestamp());
            }
        }
    }

    /// <param name="ToldAt">When an alert last told of this topic and reason; null for never.</param>
    private readonly record struct Pending(long Count, long FromSeq, long ToSeq, long? ToldAt);
}
