namespace EdgeAgent;

/// <summary>
/// The wall clock for a shop that must not be disturbed when somebody sets it: small corrections are followed, a jump is not. After one, time
/// runs on as before and is <see cref="Disturbed"/>; a jump forward that lasts is taken over, a jump back never before the next start.
/// </summary>
/// <remarks>
/// Why so: the shop's time-outs compare wall times. A clock set back by a day would hold every bag at the gate for a day; one that is wrong for
/// a minute would end every visit.
/// </remarks>
internal sealed class SteadyTime(TimeProvider clock) : TimeProvider
{
    // More than a time server corrects in one step without calling it one.
    private static readonly TimeSpan s_jump = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lasting = TimeSpan.FromMinutes(5);

    // After a new time was taken over, for as long nobody should rely on it.
    private static readonly TimeSpan s_doubt = TimeSpan.FromMinutes(10);

    private readonly Lock _turn = new();
    private DateTimeOffset _told = clock.GetUtcNow();
    private long _toldAt = clock.GetTimestamp();
    private long? _jumpedAt;
    private long? _takenOverAt;

    /// <summary>The clock was set, and events should not be dated by it yet.</summary>
    public bool Disturbed
    {
        get
        {
            lock (_turn)
            {
                return _jumpedAt is not null || (_takenOverAt is long at && clock.GetElapsedTime(at) < s_doubt);
            }
        }
    }

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_turn)
        {
            long stamp = clock.GetTimestamp();
            DateTimeOffset wall = clock.GetUtcNow();
            DateTimeOffset expected = _told + clock.GetElapsedTime(_toldAt, stamp);
            TimeSpan off = wall - expected;
            DateTimeOffset now;
            if (off.Duration() < s_jump)
            {
                // Followed, but never backwards: for less than two seconds time may stand still.
                _jumpedAt = null;
                now = wall > _told ? wall : _told;
            }
            else
            {
                _jumpedAt ??= stamp;
                bool lasts = clock.GetElapsedTime(_jumpedAt.Value, stamp) >= s_lasting;
                now = lasts && off > TimeSpan.Zero ? wall : expected;
                if (now == wall)
                {
                    _jumpedAt = null;
                    _takenOverAt = stamp;
                }
            }
            (_told, _toldAt) = (now, stamp);
            return now;
        }
    }

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
