namespace EdgeAgent.Simulators.Readers;

/// <summary>What a simulated reader does during one connection, in order of time.</summary>
/// <param name="HeldByAnotherClient">Answers the connection with status 2 and does nothing else.</param>
/// <param name="RefusesPower">Refuses a ROSpec that sets a transmit power.</param>
/// <param name="Faults">How it differs from a good reader; null for not at all.</param>
public sealed record ReaderScript(
    IReadOnlyList<ReaderStep> Steps, bool HeldByAnotherClient = false, bool RefusesPower = false, ReaderFaults? Faults = null)
{
    /// <summary>A reader at which nothing happens.</summary>
    public static ReaderScript Quiet { get; } = new([]);

    public ReaderFaults Faults { get; init; } = Faults ?? ReaderFaults.None;

    /// <summary>One report per sighting.</summary>
    public static ReaderScript Of(IEnumerable<ReaderSighting> sightings) =>
        new([.. sightings.OrderBy(static s => s.At).Select(static s => new ReaderStep.Report(s.At, [s]))]);

    /// <summary>All of them in one report, at the last sighting: on a machine that stalls, no pause between two reports cuts a passage in two.</summary>
    public static ReaderScript InOneReport(IEnumerable<ReaderSighting> sightings)
    {
        ReaderSighting[] all = [.. sightings.OrderBy(static s => s.At)];
        return new([new ReaderStep.Report(all[^1].At, all)]);
    }
}

/// <summary>One thing a simulated reader does. Times count from ENABLE_EVENTS_AND_REPORTS, when reports may flow.</summary>
public abstract record ReaderStep
{
    private ReaderStep(TimeSpan at) => At = at;

    public TimeSpan At { get; }

    /// <summary>A report with some tags. Their own times count from the same start and may lie before the step's: a late report.</summary>
    public sealed record Report(TimeSpan At, IReadOnlyList<ReaderSighting> Sightings) : ReaderStep(At);

    /// <summary>Any bytes.</summary>
    public sealed record Raw(TimeSpan At, ReadOnlyMemory<byte> Bytes) : ReaderStep(At);

    /// <summary>A notification with one event parameter, header included, and the reader's own time.</summary>
    /// <param name="Parameter">Hexadecimal, for example <c>00F80007000180</c>: input pin 1 is high.</param>
    /// <param name="Happened">When, if not now: an event that was kept.</param>
    public sealed record Event(TimeSpan At, string Parameter, TimeSpan? Happened = null) : ReaderStep(At);

    /// <summary>A keepalive out of turn.</summary>
    public sealed record Keepalive(TimeSpan At, uint Id) : ReaderStep(At);

    /// <summary>The reader's clock is set forward, or back by a negative time.</summary>
    public sealed record ClockJump(TimeSpan At, TimeSpan By) : ReaderStep(At);

    /// <summary>The TCP connection is gone.</summary>
    public sealed record Drop(TimeSpan At) : ReaderStep(At);

    /// <summary>The TCP connection is gone with a reset.</summary>
    public sealed record Reset(TimeSpan At) : ReaderStep(At);

    /// <summary>The power fails: no farewell, the ROSpec is gone, the clock begins at 1970.</summary>
    public sealed record Reboot(TimeSpan At) : ReaderStep(At);

    /// <summary>The connection stands, but the reader sends nothing any more, not even keepalives.</summary>
    public sealed record Silence(TimeSpan At) : ReaderStep(At);
}
