using EdgeAgent.Core;

namespace EdgeAgent.Simulators.Gates;

/// <summary>A reader inventoried a tag in one turn of one antenna.</summary>
/// <param name="At">Since the start of the scene; the last sighting of the turn.</param>
/// <param name="RssiDbm">Of the strongest answer, in steps of 0.1 dB; a reader that speaks LLRP reports whole dBm.</param>
/// <param name="SeenCount">How often in this turn, at least 1.</param>
public readonly record struct SimulatedRead(TimeSpan At, string Reader, ushort Antenna, Epc Epc, float RssiDbm, ushort SeenCount);

/// <summary>A photo-eye changed: broken is high at the reader's input.</summary>
public readonly record struct EyeEdge(TimeSpan At, string Reader, ushort Port, bool Broken);

/// <summary>Either a tag read or an edge of a photo-eye.</summary>
public readonly record struct GateSignal
{
    public GateSignal(in SimulatedRead read)
    {
        Read = read;
        IsRead = true;
    }

    public GateSignal(in EyeEdge edge) => Edge = edge;

    public bool IsRead { get; }

    /// <summary>Set when <see cref="IsRead"/>.</summary>
    public SimulatedRead Read { get; }

    /// <summary>Set when not <see cref="IsRead"/>.</summary>
    public EyeEdge Edge { get; }

    public TimeSpan At => IsRead ? Read.At : Edge.At;

    public string Reader => IsRead ? Read.Reader : Edge.Reader;
}
