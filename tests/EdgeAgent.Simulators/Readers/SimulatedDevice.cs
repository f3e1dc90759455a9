using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Readers;

/// <summary>What a simulated reader keeps while connections come and go: its clock and its ROSpec.</summary>
internal sealed class SimulatedDevice(TimeProvider time, TimeSpan clockError, ReaderCapabilities capabilities)
{
    private readonly DateTimeOffset _booted = time.GetUtcNow();

    public TimeProvider Time { get; } = time;

    public ReaderCapabilities Capabilities { get; set; } = capabilities;

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan ClockError { get; set; } = clockError;

    public bool HasRoSpec { get; set; }

    public bool RoSpecEnabled { get; set; }

    public TimeSpan Uptime => Time.GetUtcNow() - _booted;

    /// <summary>What its clock shows at <paramref name="at"/>.</summary>
    public ulong ClockUs(DateTimeOffset at) => ReaderSighting.Micros(at + ClockError);

    public ulong UptimeUs(DateTimeOffset at) => (ulong)Math.Max(0, (at - _booted).Ticks / TimeSpan.TicksPerMicrosecond);
}
