using EdgeAgent.Core.Config;

namespace EdgeAgent.Simulators.Gates;

/// <summary>Puts a scene together in code, as a scene file does in JSON.</summary>
public sealed class GateSceneBuilder(string story, ulong seed = 1)
{
    /// <summary>Half the width of a lane: 1.2 m between the two gate antennas.</summary>
    public const double HalfLaneMetres = 0.6;

    private readonly List<SceneReader> _readers = [];
    private readonly List<SceneLane> _lanes = [];
    private readonly List<SceneEye> _eyes = [];
    private readonly List<SceneShelf> _shelves = [];
    private readonly List<SceneCart> _carts = [];
    private readonly List<SceneReferenceTag> _references = [];
    private readonly List<SceneWalker> _walkers = [];

    /// <summary>
    /// A usual gate: antenna 1 above the way to it, looking into the shop; 2 and 3 on posts to both sides of the line; 4 above the street side,
    /// looking out; a photo-eye on port 1 at the line.
    /// </summary>
    /// <param name="x">Middle of the lane.</param>
    public GateSceneBuilder Gate(
        string lane = "gate-1", string reader = "exit-reader", double x = 0, double txPowerDbm = 27, int session = 1, SearchMode search = SearchMode.DualTarget,
        double tagsPerSecond = 500, bool eye = true)
    {
        _readers.Add(new SceneReader(reader, StandardAntennas(x), txPowerDbm, session, search, tagsPerSecond));
        _lanes.Add(new SceneLane(lane, x - HalfLaneMetres, x + HalfLaneMetres));
        if (eye)
        {
            _eyes.Add(new SceneEye(reader, 1, lane));
        }
        return this;
    }

    /// <summary>The antennas of <see cref="Gate"/> for a lane with its middle at x.</summary>
    public static IReadOnlyList<SceneAntenna> StandardAntennas(double x) =>
    [
        new(1, AntennaZone.Inside, new(x, -1.2, 2.4), new(0, -0.8, -1)),
        new(2, AntennaZone.Gate, new(x - 0.65, 0, 1.0), new(1, 0, 0)),
        new(3, AntennaZone.Gate, new(x + 0.65, 0, 1.0), new(-1, 0, 0)),
        new(4, AntennaZone.Outside, new(x, 1.2, 2.4), new(0, 0.8, -1)),
    ];

    public GateSceneBuilder With(SceneReader reader)
    {
        _readers.Add(reader);
        return this;
    }

    public GateSceneBuilder With(SceneLane lane)
    {
        _lanes.Add(lane);
        return this;
    }

    public GateSceneBuilder With(SceneEye eye)
    {
        _eyes.Add(eye);
        return this;
    }

    public GateSceneBuilder With(SceneShelf shelf)
    {
        _shelves.Add(shelf);
        return this;
    }

    public GateSceneBuilder With(SceneCart cart)
    {
        _carts.Add(cart);
        return this;
    }

    public GateSceneBuilder With(SceneReferenceTag reference)
    {
        _references.Add(reference);
        return this;
    }

    public GateSceneBuilder With(params IEnumerable<SceneWalker> walkers)
    {
        _walkers.AddRange(walkers);
        return this;
    }

    /// <param name="seconds">The scene's length; without it, until four seconds after the last walker has gone.</param>
    public GateScene Build(double? seconds = null, SceneWire? wire = null)
    {
        double end = _walkers.Select(w => new Walk(w.StartSeconds, w.Path, w.Speed).End)
            .Concat(_carts.Select(c => new Walk(c.StartSeconds, c.Path, c.Speed).End)).DefaultIfEmpty(0).Max();
        return new GateScene(
            story, seconds ?? (end + 4), _readers, _lanes, Seed: seed, Eyes: _eyes, Shelves: _shelves, Carts: _carts, References: _references,
            Walkers: _walkers, Wire: wire);
    }
}
