using EdgeAgent.Core;

namespace EdgeAgent.Simulators.Gates;

/// <summary>What the camera above a gate looks at.</summary>
/// <param name="PerMetre">Metres to fractions of the picture.</param>
/// <param name="GateAt">Where the middle of the gate lies, as a fraction of the picture's width.</param>
/// <param name="EndsBehindGate">The picture ends behind the gate, and that edge is the door; else a line at the gate is crossed within it.</param>
public sealed record GateView(float PerMetre, float GateAt, bool EndsBehindGate)
{
    /// <summary>11 m, the gate in the middle: who leaves is seen to walk on.</summary>
    public static GateView BothSides { get; } = new(0.09f, 0.5f, false);

    /// <summary>The 5.55 m before the gate and 0.2 m behind it: who leaves is lost from sight.</summary>
    public static GateView UpToTheDoor { get; } = new(1 / 5.75f, 5.55f / 5.75f, true);

    /// <summary>A place on the floor in the picture.</summary>
    public Point At(double x, double y) => new(GateAt + ((float)y * PerMetre), 0.5f + ((float)x * PerMetre));
}
