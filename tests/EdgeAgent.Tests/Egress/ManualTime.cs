namespace EdgeAgent.Tests.Egress;

/// <summary>A clock that the test moves. Timers are not simulated: they run on real time.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks;
    private TimeSpan _clockOffset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 8, 21, 9, 0, 0, TimeSpan.Zero) + TimeSpan.FromTicks(GetTimestamp()) + _clockOffset;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <summary>The wall clock is set; no time passes.</summary>
    public void JumpClock(TimeSpan by) => _clockOffset += by;
}
