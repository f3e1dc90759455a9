using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>A fridge or an unmanned shelf: what is taken from it and put back is told once for each time it is used.</summary>
public sealed record CabinetConfig(
    [Description("Name in events: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("The contact at its door, wired to an input of a reader; null for an open shelf.")] CabinetDoorConfig? Door = null,
    [Description("Antennas inside it; they serve no gate. Empty for none.")] IReadOnlyList<AntennaRef>? Antennas = null,
    [Description("Regions of kind shelf whose goods are in it; their goods are told by its sessions only. Empty for none.")] IReadOnlyList<string>? Regions = null,
    [Description("The zone of a camera in which people stand who use it; null names no visit.")] string? Zone = null,
    [Description("The scale under the goods; null for none.")] ScaleConfig? Scale = null,
    [Description("GTIN-14 of the goods that belong here; others that are put in are held. Null learns them from the tags that are in it.")] IReadOnlyList<string>? Goods = null,
    [Description("After the door closed the goods are looked at for this long, at most 3.5 times as long where that says nothing clear. Seconds, 2 to 30.")] double SettleSeconds = 8,
    [Description("A door open for longer is told as an alert, and the session is held. Seconds, 5 to 3600.")] double OpenSeconds = 120,
    [Description("Without a door: the session ends when nobody was in the zone and nothing moved for this long. Seconds, 1 to 60.")] double QuietSeconds = 3)
{
    public IReadOnlyList<AntennaRef> Antennas { get; init; } = Antennas ?? [];
    public IReadOnlyList<string> Regions { get; init; } = Regions ?? [];
}

/// <summary>A door contact.</summary>
public sealed record CabinetDoorConfig(
    [Description("The reader whose input it is.")] string Reader,
    [Description("Input number at the reader, 1 to 16.")] int Port,
    [Description("true: the input is high while the door is open.")] bool OpenHigh = true);

/// <summary>One antenna of one reader.</summary>
public sealed record AntennaRef(
    [Description("The reader.")] string Reader,
    [Description("Number of its antenna, one of the reader's antennas.")] int Antenna);

/// <summary>A scale under the goods. In a replay its weighings stand in the recorded inputs.</summary>
public sealed record ScaleConfig(
    [Description("What each product weighs.")] IReadOnlyList<WeightConfig> Weights,
    [Description("How far a weighing may be from the truth, for each piece. Grams, 0.1 to 1000.")] double ToleranceGrams = 5,
    [Description("mt-sics://HOST[:4305], a scale that speaks MT-SICS over TCP, or behind a serial converter; null in a replay.")] string? Source = null);

/// <summary>The weight of one piece.</summary>
public sealed record WeightConfig(
    [Description("GTIN-14 with check digit.")] string Gtin,
    [Description("Grams, 1 to 100000.")] double Grams);

/// <summary>A fitting room with an antenna and never a camera: which garments were tried on together there, by nobody in particular.</summary>
public sealed record FittingRoomConfig(
    [Description("Name in events: 1 to 32 of a-z 0-9 -. No zone, region or camera may bear it: no camera looks into a fitting room.")] string Id,
    [Description("Antennas inside it; they serve no gate and no cabinet.")] IReadOnlyList<AntennaRef> Antennas,
    [Description("A garment was tried when it was in the room for this long. Seconds, 2 to 600.")] double TriedSeconds = 15,
    [Description("The room is empty when no garment was read for this long. Seconds, 2 to 300.")] double EmptySeconds = 10,
    [Description("What was read for this long without a pause hangs there always and is ignored. Minutes, 5 to 1440.")] double AlwaysMinutes = 30);
