namespace EdgeAgent.Rfid;

/// <summary>
/// Says when, by the agent's clock, a reader saw a tag. The reader's clock may be an hour off; what is measured is the smallest
/// distance lately between a message's arrival and the newest time in it, for the fastest message tells the distance best. A report
/// that a reader kept through a broken link therefore keeps its own, old time. One per reader and time base; lives through reconnects.
/// </summary>
internal sealed class ReaderClock
{
    /// <summary>A distance that has stayed larger for this long is the reader's clock set back (or drifting), not late messages.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Distances this much apart, in microseconds, belong to different events: a jump starts its own 60 seconds.</summary>
    private const long JumpUs = 1_000_000;

    /// <summary>31 December 9999 in microseconds since 1970: what lies behind it is no time.</summary>
    private const ulong LastPossibleUs = 253_402_300_799_999_999;

    // Agent time minus reader time, microseconds.
    private long _offsetUs;
    private bool _known;

    // The smallest distance since _laterSince, all of them above _offsetUs.
    private long _laterUs;
    private DateTimeOffset _laterSince;
    private bool _hasLater;

    /// <summary>The reader said what its clock shows right now: on connecting, which is never late.</summary>
    public void Anchor(DateTimeOffset arrival, ulong readerUs)
    {
        if (readerUs <= LastPossibleUs)
        {
            _offsetUs = Micros(arrival) - (long)readerUs;
            _known = true;
            _hasLater = false;
        }
    }

    /// <param name="newestUs">The newest reader time in a message that has just arrived.</param>
    public void Observe(DateTimeOffset arrival, ulong newestUs)
    {
        if (newestUs > LastPossibleUs)
        {
            return;
        }
        long offset = Micros(arrival) - (long)newestUs;
        if (!_known || offset <= _offsetUs)
        {
            // The first message, a faster one, or the reader's clock was set forward.
            _offsetUs = offset;
            _known = true;
            _hasLater = false;
            return;
        }
        if (!_hasLater || offset > _laterUs + JumpUs)
        {
            _laterUs = offset;
            _laterSince = arrival;
            _hasLater = true;
            return;
        }
        _laterUs = Math.Min(_laterUs, offset);
        if (arrival - _laterSince > Patience)
        {
            _offsetUs = _laterUs;
            _hasLater = false;
        }
    }

    /// <summary>Never after <paramref name="arrival"/>: nothing is read after it was reported.</summary>
    public DateTimeOffset ToAgent(ulong readerUs, DateTimeOffset arrival)
    {
        if (!_known || readerUs > LastPossibleUs)
        {
            return arrival;
        }
        long us = Math.Clamp((long)readerUs + _offsetUs, Micros(DateTimeOffset.MinValue), Micros(arrival));
        // Whole microseconds: the arrival's own 100 ns are cut off.
        return us == Micros(arrival) ? arrival : DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);
    }

    private static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
