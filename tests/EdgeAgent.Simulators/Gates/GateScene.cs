using System.ComponentModel;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// An exit gate and everybody who comes near it, as a file says it (docs/simulator.md). Metres: x across the lanes, y along the way out
/// (the shop is at y below 0, the street above), z up from the floor. Seconds count from the start of the scene.
/// </summary>
public sealed record GateScene(
    [Description("One sentence: what happens.")] string Story,
    [Description("How long the scene lasts. Seconds, up to 86,400.")] double Seconds,
    [Description("The RFID readers and their antennas.")] IReadOnlyList<SceneReader> Readers,
    [Description("The ways out: who walks over one of these lines has left.")] IReadOnlyList<SceneLane> Lanes,
    [Description("One sentence: what the gate should make of it.")] string Expect = "",
    [Description("The same seed gives the same reads.")] ulong Seed = 1,
    [Description("Photo-eyes.")] IReadOnlyList<SceneEye>? Eyes = null,
    [Description("Stock that stands.")] IReadOnlyList<SceneShelf>? Shelves = null,
    [Description("Carts: parked, then pushed.")] IReadOnlyList<SceneCart>? Carts = null,
    [Description("Tags fixed before an antenna, to know that it still reads.")] IReadOnlyList<SceneReferenceTag>? References = null,
    [Description("People.")] IReadOnlyList<SceneWalker>? Walkers = null,
    [Description("How the readers behave on the wire.")] SceneWire? Wire = null,
    [Description("The passages as whoever wrote the scene means them; a scene that turns out otherwise is an error.")] IReadOnlyList<ScenePassageMeant>? Truth = null);

/// <param name="Items">EPCs that a reader can read and that are for sale.</param>
public sealed record ScenePassageMeant(string Walker, string Lane, PassageKind Kind, int Items, bool Billed = true);

/// <summary>One reader. It serves its antennas in turn, each for its own time.</summary>
public sealed record SceneReader(
    [Description("Name in the configuration.")] string Id,
    [Description("In the order in which they are served.")] IReadOnlyList<SceneAntenna> Antennas,
    [Description("Conducted transmit power of antennas without their own. dBm, 0 to 33.")] double TxPowerDbm = 27,
    [Description("EPC Gen2 session 0 to 3.")] int Session = 1,
    [Description("single-target: a tag answers once, then rests for its session's persistence; dual-target: it is asked again at once.")] SearchMode Search = SearchMode.DualTarget,
    [Description("Tags that are inventoried in a second at best, 1 to 1,100.")] double TagsPerSecond = 500);

public enum SearchMode { DualTarget, SingleTarget }

/// <summary>One antenna: a patch with circular polarisation.</summary>
public sealed record SceneAntenna(
    [Description("Number at the reader, from 1.")] ushort Id,
    [Description("inside, gate or outside.")] AntennaZone Zone,
    [Description("Place [x, y, z] in metres.")] Place At,
    [Description("Direction [x, y, z] of the strongest radiation; any length but 0.")] Place Towards,
    [Description("Gain in that direction. dBic.")] double GainDbi = 6,
    [Description("Conducted transmit power; the reader's when left out. dBm.")] double? TxPowerDbm = null,
    [Description("How long it is served in each turn. Milliseconds, 5 to 1,000.")] double CycleMs = 50);

/// <summary>One way out: a line across the floor at <paramref name="Y"/>.</summary>
public sealed record SceneLane(
    [Description("Name of the gate in the configuration.")] string Id,
    double FromX = -0.6, double ToX = 0.6, double Y = 0);

/// <summary>A light beam across a lane, wired to an input of a reader; broken is high.</summary>
public sealed record SceneEye(
    string Reader, ushort Port, string Lane,
    [Description("Where the beam crosses the lane. Metres.")] double Y = 0,
    [Description("Times at which it shows the same whatever happens.")] IReadOnlyList<EyeFault>? Stuck = null);

/// <param name="Broken">What it shows meanwhile.</param>
public sealed record EyeFault(double FromSeconds, double? UntilSeconds = null, bool Broken = true);

/// <summary>Some tags: one EPC, or <paramref name="Count"/> pieces of a product with serials that follow each other.</summary>
public sealed record SceneTags(string? Epc = null, string? Gtin = null, ulong Serial = 1, int Count = 1, int Filter = 1, int CompanyDigits = 7);

/// <summary>Stock that stands around <paramref name="At"/>.</summary>
/// <param name="SpreadMetres">The tags lie within this distance to both sides of the place, along x and z.</param>
/// <param name="JitterDb">How much the path to a standing tag swings, standard deviation, one way.</param>
/// <param name="PathLossDb">To every antenna instead of what the distance gives.</param>
/// <param name="FromSeconds">When it is put there.</param>
public sealed record SceneShelf(
    string Id, Place At, IReadOnlyList<SceneTags> Tags, double SpreadMetres = 0.6, double JitterDb = 0.7, double? PathLossDb = null,
    double FromSeconds = 0, double? UntilSeconds = null);

/// <summary>A cart that stands at the first waypoint until <paramref name="StartSeconds"/>, then moves and stays at the last one.</summary>
/// <param name="By">Who pushes it: what lies in it leaves with this walker.</param>
public sealed record SceneCart(
    string Id, IReadOnlyList<SceneTags> Tags, IReadOnlyList<Waypoint> Path, double StartSeconds = 0, double Speed = 1.0, string? By = null,
    Placement Placement = Placement.Bag);

/// <summary>A tag at the given distance before an antenna.</summary>
public sealed record SceneReferenceTag(string Epc, string Reader, ushort Antenna, double DistanceMetres = 1.5);

/// <summary>A person: comes into being at the first waypoint and is gone after the last.</summary>
/// <param name="Speed">Metres per second where a waypoint names none.</param>
/// <param name="Session">Known to the shop, with a way to pay.</param>
/// <param name="Decision">What the gate should decide about the bag: settled or held; left out when either is right.</param>
/// <param name="Billed">Whether the goods should appear as a bag at all; left out: for shoppers and children.</param>
/// <param name="BreaksEye">False for a person whom no photo-eye sees, for example because it hangs too high.</param>
public sealed record SceneWalker(
    string Id, double StartSeconds, IReadOnlyList<Waypoint> Path, IReadOnlyList<SceneItem>? Items = null, WalkerKind Kind = WalkerKind.Shopper,
    double Speed = 1.2, double HeightMetres = 1.7, bool Session = true, string? Decision = null, bool? Billed = null, bool BreaksEye = true);

public enum WalkerKind { Shopper, Staff, Child }

/// <param name="Speed">Metres per second on the way here; the walker's own when left out.</param>
/// <param name="PauseSeconds">Stands still after arriving.</param>
public sealed record Waypoint(double X, double Y, double? Speed = null, double PauseSeconds = 0);

/// <summary>What a person carries: one EPC, or pieces of a product as in <see cref="SceneTags"/>.</summary>
/// <param name="TagCount">Tags that carry the same EPC.</param>
/// <param name="Offset">From the feet: [right, forward, up] in metres; by placement when left out.</param>
/// <param name="LossDb">Instead of what the placement gives. dB, one way.</param>
/// <param name="FromSeconds">Picked up then; lies where it is picked up before.</param>
/// <param name="UntilSeconds">Put down then; lies where it was put down afterwards.</param>
/// <param name="Foreign">Not stock of this shop.</param>
/// <param name="Sold">Was sold earlier: it must not be sold again.</param>
public sealed record SceneItem(
    string? Epc = null, string? Gtin = null, ulong Serial = 1, int Count = 1, int Filter = 1, int CompanyDigits = 7,
    Placement Placement = Placement.Hand, int TagCount = 1, Place? Offset = null, double? LossDb = null,
    double? FromSeconds = null, double? UntilSeconds = null, bool Foreign = false, bool Sold = false)
{
    internal SceneTags Tags => new(Epc, Gtin, Serial, Count, Filter, CompanyDigits);
}

public enum Placement { None, Hand, Bag, Body, Liquid, Foil }

/// <summary>A place or direction in metres, <c>[x, y, z]</c> in a file.</summary>
public readonly record struct Place(double X, double Y, double Z)
{
    public static Place operator -(Place a, Place b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Place operator +(Place a, Place b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Place operator *(double s, Place a) => new(s * a.X, s * a.Y, s * a.Z);

    public double Dot(Place other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    public double Length => Math.Sqrt(Dot(this));
}
