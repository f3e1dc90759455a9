namespace EdgeAgent.Egress;

/// <summary>
/// How many bytes one batch may have: as many as the line carries at once, for a settlement that happens now waits behind what is in flight.
/// Begins small, doubles after a round trip that was quick, halves after one that was slow. Looks at one batch in each round trip.
/// </summary>
internal sealed class BatchSizer
{
    public const int LeastBytes = 2 * 1024;
    public const int MostBytes = 64 * 1024;

    private static readonly TimeSpan s_quick = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(1);

    private int _limit = MostBytes;
    private long _changedAt;

    /// <summary>0 when no batch is small enough for the broker.</summary>
    public int Bytes { get; private set; } = LeastBytes;

    /// <summary>The broker takes messages of at most this many bytes.</summary>
    public void Limit(long bytes)
    {
        _limit = (int)Math.Min(_limit, Math.Max(0, bytes));
        Bytes = Math.Min(Bytes, _limit < LeastBytes ? 0 : _limit);
    }

    /// <summary>A message of a backlog that was sent at <paramref name="sentAt"/> has been acknowledged <paramref name="after"/> that; <paramref name="now"/> and it are timestamps.</summary>
    public void Answered(long sentAt, long now, TimeSpan after)
    {
        if (sentAt < _changedAt || Bytes == 0)
        {
            return;
        }
        var wanted = after >= s_slow ? Math.Max(LeastBytes, Bytes / 2) : after <= s_quick ? Math.Min(_limit, Bytes * 2) : Bytes;
        if (wanted != Bytes)
        {
            (Bytes, _changedAt) = (wanted, now);
        }
    }
}
