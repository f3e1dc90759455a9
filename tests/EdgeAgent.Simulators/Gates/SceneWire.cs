namespace EdgeAgent.Simulators.Gates;

/// <summary>How the scene's readers behave on the wire.</summary>
/// <param name="ReportMs">0: a report for every read (N = 1); else all reads of so many milliseconds in one report.</param>
/// <param name="Accumulate">With <paramref name="ReportMs"/>: one entry for each tag and antenna, with the strongest RSSI and the sum of the counts.</param>
/// <param name="OmitUnchanged">Leaves out values that are those of the entry before (LLRP 1.0.1 section 14.2.3 (ii), "ambiguous nil").</param>
/// <param name="Clock">Whether times are UTC or microseconds since the reader's start.</param>
/// <param name="ClockErrorSeconds">How far the reader's UTC clock is ahead.</param>
/// <param name="ChunkBytes">Cuts what is sent into TCP segments of this size; 0 sends whole messages.</param>
/// <param name="LatencyMs">Between a read and its report.</param>
/// <param name="KeepsReports">Reads without a client are kept (up to 66,000, the oldest are lost) and sent to the next one.</param>
public sealed record SceneWire(
    int ReportMs = 0, bool Accumulate = false, bool OmitUnchanged = false, WireClock Clock = WireClock.Utc, double ClockErrorSeconds = 0,
    int ChunkBytes = 0, int LatencyMs = 0, bool KeepsReports = true, IReadOnlyList<WireFault>? Faults = null);

public enum WireClock { Utc, Uptime }

/// <summary>Something goes wrong on the wire.</summary>
/// <param name="Reader">At this reader only; at all when left out.</param>
/// <param name="ForSeconds">How long it lasts, for the kinds that last.</param>
/// <param name="JumpSeconds">For a clock jump: how far ahead; negative sets it back.</param>
public sealed record WireFault(double AtSeconds, WireFaultKind Kind, string? Reader = null, double ForSeconds = 5, double JumpSeconds = 3600);

/// <summary>
/// drop: the TCP connection ends. reset: it is reset. garbage: bytes that are no message. reboot: the reader is gone for the time, then
/// knows no ROSpec and has a new uptime. clock-jump: its UTC clock is set. dup-antenna: reads of the first antenna come once more under the
/// number of the second. no-keepalive: none is sent for the time. slow-ack: answers come two seconds late for the time.
/// wrong-id: answers carry another message id for the time. half-open: the connection stands and nothing comes for the time.
/// </summary>
public enum WireFaultKind { Drop, Reset, Garbage, Reboot, ClockJump, DupAntenna, NoKeepalive, SlowAck, WrongId, HalfOpen }
