namespace EdgeAgent.Rfid;

/// <summary>
/// Says when, by the agent's clock, a reader saw a tag. The reader's clock may be an hour off, and may be set while the agent runs. What is
/// measured is the smallest distance lately between a message's arrival and the newest time in it, for the fastest message tells the
/// distance best. One per reader and time base; lives through reconnects.
/// </summary>
/// <remarks>
/// A time far behind has two explanations. Either the report is old: a reader keeps reports through a broken link and sends them, the oldest
/// first, when it is connected again. Or the reader's clock was set back. They are told apart like this:
/// <code>
/// forward                                         believed at once: nothing is reported before it is read
/// behind, before the first fresh report           an old report, unless the distance stands still for 2 s
/// behind by more than the link was silent for     set back, believed at once: what comes in order behind a newer message is not older
/// behind by less than that                        late, unless the distance stands still for 1 s
/// behind by less than 2 s for a whole minute      the reader's clock runs slow
/// </code>
/// </remarks>
internal sealed class ReaderClock
{
    /// <summary>A small distance that has stayed larger for this long is the reader's clock drifting, not late messages.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Messages are late by this much on an ordinary day.</summary>
    private const long SlackUs = 2_000_000;

    /// <summary>Distances this near to each other stand still.</summary>
    private const long SteadyUs = 1_000_000;

    /// <summary>Messages that must agree on a distance.</summary>
    private const int Witnesses = 3;

    /// <summary>31 December 9999 in microseconds since 1970: what lies behind it is no time.</summary>
    private const ulong LastPossibleUs = 253_402_300_799_999_999;

    private static readonly TimeSpan s_steadyWhenLive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_steadyInFlush = TimeSpan.FromSeconds(2);

    /// <summary>Kept reports come at once when they may: what comes after this long a silence was not kept.</summary>
    private static readonly TimeSpan s_flushQuiet = TimeSpan.FromSeconds(5);

    // Agent time minus reader time, microseconds.
    private long _offsetUs;
    private bool _known;

    // The connection: when something came last, how much may be on its way, and whether kept reports may still come.
    private DateTimeOffset _heardAt;
    private TimeSpan _backlog;
    private bool _live;
    private DateTimeOffset _reportedAt;

    // The smallest distance since _laterSince, all of them a little above _offsetUs.
    private long _laterUs;
    private DateTimeOffset _laterSince;
    private bool _hasLater;

    // A distance far above _offsetUs that may be the new one.
    private long _steadyUs;
    private long _steadyLeastUs;
    private DateTimeOffset _steadySince;
    private int _witnesses;

    /// <summary>The reader said what its clock shows right now: on connecting, which is never late. Kept reports may follow.</summary>
    public void Anchor(DateTimeOffset arrival, ulong readerUs)
    {
        Released(arrival);
        if (readerUs <= LastPossibleUs)
        {
            Believe(Micros(arrival) - (long)readerUs);
        }
    }

    /// <summary>From now on reports may come; the kept ones first.</summary>
    public void Released(DateTimeOffset at)
    {
        _live = false;
        _reportedAt = _heardAt = at;
        _backlog = TimeSpan.Zero;
        _witnesses = 0;
    }

    /// <summary>A message came, of whatever kind. A link that was silent for a while may have held back that much.</summary>
    public void Heard(DateTimeOffset arrival)
    {
        TimeSpan gap = _heardAt == default || arrival < _heardAt ? TimeSpan.Zero : arrival - _heardAt;
        _heardAt = arrival;
        _backlog = gap > _backlog - gap ? gap : _backlog - gap;
    }

    /// <summary>An event: sent when it happened, though one that was kept through a broken link says nothing.</summary>
    /// <returns>True when the reader's clock was set.</returns>
    public bool ObserveEvent(DateTimeOffset arrival, ulong us) => _live && Observe(arrival, us);

    /// <param name="newestUs">The newest reader time in a report that has just arrived.</param>
    /// <returns>True when the reader's clock was set.</returns>
    public bool Observe(DateTimeOffset arrival, ulong newestUs)
    {
        if (newestUs > LastPossibleUs)
        {
            return false;
        }
        bool keptMayCome = !_live && arrival - _reportedAt <= s_flushQuiet;
        _reportedAt = arrival;
        long offset = Micros(arrival) - (long)newestUs;
        long late = offset - _offsetUs;
        if (!_known || late <= 0)
        {
            // The first message, a faster one, or the reader's clock was set forward.
            bool jumped = _known && _live && late < -SlackUs;
            _live |= _known && late >= -SlackUs;
            Believe(offset);
            return jumped;
        }
        if (late <= SlackUs)
        {
            _live = true;
            _witnesses = 0;
            Drift(arrival, offset);
            return false;
        }
        if (!keptMayCome && late > Micros(_backlog) + SlackUs)
        {
            _live = true;
            Believe(offset);
            return true;
        }
        return StandsStill(arrival, offset, keptMayCome ? s_steadyInFlush : s_steadyWhenLive);
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

    private void Believe(long offsetUs)
    {
        _offsetUs = offsetUs;
        _known = true;
        _hasLater = false;
        _witnesses = 0;
    }

    private void Drift(DateTimeOffset arrival, long offset)
    {
        if (!_hasLater)
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

    private bool StandsStill(DateTimeOffset arrival, long offset, TimeSpan howLong)
    {
        if (_witnesses == 0 || Math.Abs(offset - _steadyUs) > SteadyUs)
        {
            _steadyUs = _steadyLeastUs = offset;
            _steadySince = arrival;
            _witnesses = 1;
            return false;
        }
        _steadyLeastUs = Math.Min(_steadyLeastUs, offset); // beside _steadyUs, or a flood of old reports would drag it along
        _witnesses++;
        if (_witnesses < Witnesses || arrival - _steadySince < howLong)
        {
            return false;
        }
        _live = true;
        Believe(_steadyLeastUs);
        return true;
    }

    private static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
