namespace EdgeAgent.Core;

/// <summary>
/// Everything that can happen to the shop, as data. A closed set: a day in the shop is a file of these.
/// <see cref="At"/> is the agent's own clock at arrival (virtual time in a replay); inputs reach the shop floor in the order of At.
/// </summary>
public abstract record ShopInput
{
    private ShopInput(DateTimeOffset at) => At = at;

    public DateTimeOffset At { get; }

    /// <summary>One analysed picture: who was seen, no pixels. Also sent when nobody was seen, for absence ends a track.</summary>
    public sealed record FrameObserved(DateTimeOffset At, string Camera, IReadOnlyList<PersonSeen> People) : ShopInput(At);

    /// <summary>One reader report. A read's own time may lie before <see cref="ShopInput.At"/>; it decides the window, arrival does not.</summary>
    public sealed record TagsRead(DateTimeOffset At, string Reader, IReadOnlyList<TagRead> Reads) : ShopInput(At);

    /// <summary>An input pin of a reader changed, for example a photo-eye at a gate.</summary>
    public sealed record PinChanged(DateTimeOffset At, string Reader, int Port, bool High) : ShopInput(At);

    /// <summary>A camera or reader changed its condition, or lost something that may matter to a bag.</summary>
    public sealed record SensorReported(DateTimeOffset At, SensorKind Kind, string Id, SensorState State, SensorReason Reason) : ShopInput(At);

    /// <summary>The outbox had to let unsent events go. <paramref name="Lane"/> says which kind, the range says which numbers of which epoch.</summary>
    public sealed record EventsShed(DateTimeOffset At, Privacy.Lane Lane, long Epoch, long FromSeq, long ToSeq, long Count) : ShopInput(At);

    /// <summary>Time passes. All time-outs of the shop come from here; sent every 100 ms.</summary>
    public sealed record Tick(DateTimeOffset At) : ShopInput(At);

    /// <summary>The shop closes: open visits and windows end now.</summary>
    public sealed record Closing(DateTimeOffset At) : ShopInput(At);
}

/// <summary>A person in one picture. <paramref name="Appearance"/> lives in memory only and is wiped with the visit.</summary>
public readonly record struct PersonSeen(Box Box, float Score, Appearance? Appearance);

/// <summary>One read of one tag by one antenna. <paramref name="At"/> is the reader's last-seen time corrected to the agent's clock.</summary>
/// <param name="RssiDbm">Peak RSSI in dBm; vendor units where a recording says so.</param>
/// <param name="SeenCount">How many times the reader saw the tag for this one report, at least 1.</param>
public readonly record struct TagRead(Epc Epc, ushort Antenna, float RssiDbm, ushort SeenCount, DateTimeOffset At);

public enum SensorKind { Camera, Reader, Gate }

public enum SensorState { Online, Degraded, Offline, Disabled }

/// <summary>Why a sensor is in its state. A closed list: free text never leaves the box.</summary>
public enum SensorReason
{
    None,
    NoFrames,
    Unreachable,
    Refused,
    HeldByAnotherClient,
    DamagedMessage,
    Silent,
    RejectedSettings,
    BufferOverflow,
    PhotoEyeStuck,
}
