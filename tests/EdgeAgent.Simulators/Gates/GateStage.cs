using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// A scene as a shop sees it: tag reads and photo-eyes as the readers report them, people as a camera above the gate detects them, ticks. The
/// camera is ideal: ten pictures a second, nobody is hidden. The shop is at its left edge.
/// </summary>
/// <param name="looks">The camera tells people apart by their looks, so that somebody lost from sight is known again.</param>
/// <param name="view">What the camera looks at; null sees both sides of the gate.</param>
public sealed class GateStage(GateScene scene, bool looks = false, GateView? view = null)
{
    /// <summary>Virtual time at which the scene begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private const string Camera = "above";
    private const string Door = "exit";

    // Sold here, though another company's: the code of an SGTIN+ example.
    private const string LocalGtin = "79521141123453";

    private const float PersonWidthMetres = 0.78f;
    private const float PersonHeightMetres = 0.56f;

    // Who has no session is first seen here: they did not come in through the door.
    private const double UnknownFromMetres = -2.5;

    // Reads of this time come in one report. Milliseconds.
    private const int ReportMs = 20;

    private readonly GateView _view = view ?? GateView.BothSides;

    /// <summary>The scene's readers, a camera with a line at each lane or a door behind it, and a price for all goods.</summary>
    /// <param name="gate">How its gates are set up.</param>
    public DeviceConfig Config(Func<GateConfig, GateConfig>? gate = null) => new(
        1,
        new StoreConfig("acme", "gate", "b1"),
        [
            new CameraConfig(
                Camera, "clip:none.mp4", Doors: [new DoorConfig("entrance", FrameEdge.Left, DoorUse.In), .. _view.EndsBehindGate ? [new DoorConfig(Door, FrameEdge.Right)] : (DoorConfig[])[]],
                Lines: [.. _view.EndsBehindGate ? [] : scene.Lanes.Select(l => new LineConfig("line-" + l.Id, _view.At(l.FromX - 0.4, l.Y), _view.At(l.ToX + 0.4, l.Y)))]),
        ],
        [
            .. scene.Readers.Select(r => new ReaderConfig(
                r.Id, $"reads:{r.Id}.jsonl", [.. r.Antennas.Select(a => new AntennaConfig(a.Id, a.Zone))], TxPowerDbm: r.TxPowerDbm, Session: r.Session)),
        ],
        [.. scene.Lanes.Select(l => (gate ?? (g => g))(GateOf(l)))],
        new CheckoutConfig("EUR", [.. Goods.All.Select(p => new PriceConfig(p.Gtin, p.Price)), new PriceConfig(LocalGtin, 1_500)], RiskLimit: 1_000, OwnPrefixes: ["0614141"]));

    /// <summary>Everything that happens to the shop, in the order of time.</summary>
    public IEnumerable<ShopInput> Inputs()
    {
        long step = 0;
        var reads = new Dictionary<string, List<TagRead>>();
        foreach (GateSignal signal in new GateSimulation(scene).Signals())
        {
            while (Time(step) <= signal.At)
            {
                foreach (ShopInput input in Step(step++, reads))
                {
                    yield return input;
                }
            }
            if (!signal.IsRead)
            {
                yield return new ShopInput.PinChanged(Start + signal.At, signal.Edge.Reader, signal.Edge.Port, signal.Edge.Broken);
                continue;
            }
            SimulatedRead read = signal.Read;
            if (!reads.TryGetValue(read.Reader, out List<TagRead>? waiting))
            {
                reads[read.Reader] = waiting = [];
            }
            waiting.Add(new TagRead(read.Epc, read.Antenna, MathF.Round(read.RssiDbm), read.SeenCount, Start + read.At));
        }
        for (; Time(step).TotalSeconds <= scene.Seconds + 4; step++)
        {
            foreach (ShopInput input in Step(step, reads))
            {
                yield return input;
            }
        }
        yield return new ShopInput.Closing(Start + Time(step));
    }

    private GateConfig GateOf(SceneLane lane)
    {
        // A lane is watched by the reader whose gate antennas stand nearest to its middle.
        double middle = (lane.FromX + lane.ToX) / 2;
        SceneReader nearest = scene.Readers.MinBy(r => r.Antennas.Average(a => Math.Abs(a.At.X - middle)))!;
        string[] readers = scene.Lanes.Count == 1 ? [.. scene.Readers.Select(r => r.Id)] : [nearest.Id];
        SceneEye? eye = (scene.Eyes ?? []).FirstOrDefault(e => e.Lane == lane.Id);
        return new GateConfig(
            lane.Id, readers, [_view.EndsBehindGate ? Door : "line-" + lane.Id], PhotoEye: eye is null ? null : new PhotoEyeConfig(eye.Reader, eye.Port, StuckSeconds: 10),
            Lamp: new LampConfig(readers[0], 1, [LampReason.Held]));
    }

    private IEnumerable<ShopInput> Step(long step, Dictionary<string, List<TagRead>> reads)
    {
        DateTimeOffset at = Start + Time(step);
        foreach ((string reader, List<TagRead> waiting) in reads.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            if (waiting.Count > 0)
            {
                yield return new ShopInput.TagsRead(at, reader, waiting.ToArray());
                waiting.Clear();
            }
        }
        if (step % (100 / ReportMs) == 0)
        {
            yield return new ShopInput.FrameObserved(at, Camera, People(Time(step).TotalSeconds));
            yield return new ShopInput.Tick(at);
        }
    }

    private List<PersonSeen> People(double t)
    {
        var people = new List<PersonSeen>();
        foreach (SceneWalker walker in scene.Walkers ?? [])
        {
            var walk = new Walk(walker.StartSeconds, walker.Path, walker.Speed);
            Stand stand = walk.At(t);
            if (t < walk.Start || t > walk.End || (!walker.Session && stand.Y < UnknownFromMetres))
            {
                continue;
            }
            Point foot = _view.At(stand.X, stand.Y);
            float width = PersonWidthMetres * _view.PerMetre;
            float height = PersonHeightMetres * _view.PerMetre;
            float left = MathF.Max(0, foot.X - (width / 2));
            float right = MathF.Min(1, foot.X + (width / 2));
            float top = MathF.Max(0, foot.Y - height);
            float bottom = MathF.Min(1, foot.Y);
            if (right - left > width / 3 && bottom - top > height / 3)
            {
                people.Add(new PersonSeen(new Box(left, top, right - left, bottom - top), 0.9f, looks ? LookOf(walker.Id) : null));
            }
        }
        return people;
    }

    /// <summary>The same for the same name, and far from every other one: 32 numbers of no meaning.</summary>
    private static Appearance LookOf(string walker)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(walker));
        return new Appearance([.. hash.Select(b => b - 127.5f)]);
    }

    private static TimeSpan Time(long step) => TimeSpan.FromMilliseconds(step * ReportMs);
}
