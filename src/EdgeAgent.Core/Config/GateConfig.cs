using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>One exit gate: which readers watch it, which camera crossings belong to it, and how it decides.</summary>
public sealed record GateConfig(
    [Description("Name in events: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("Readers at this gate.")] IReadOnlyList<string> Readers,
    [Description("Doors and lines whose outward crossings lead through this gate.")] IReadOnlyList<string> Exits,
    [Description("The window closes when no tag was read for this long. Seconds, 0.3 to 10.")] double SettleSeconds = 1.0,
    [Description("The window closes at the latest after this long. Seconds, 2 to 60.")] double MaxWindowSeconds = 10,
    [Description("Reads needed to believe that a tag passed, 1 to 100.")] int MinReads = 2,
    [Description("One read at or above this strength is believed, in dBm.")] double StrongRssiDbm = -45,
    [Description("A tag heard this long at a steady strength is stock beside the gate, not a bag, until it comes nearer. Seconds, 10 to 600.")] double StaticSeconds = 30,
    [Description("After the window, wait this long for late reads and for the camera to say who left. Seconds, 0.5 to 30.")] double LateSeconds = 2.0,
    [Description("A crossing belongs to the window if it lies at most this far outside it. Seconds, 0.2 to 10.")] double CrossingSeconds = 2.5);
