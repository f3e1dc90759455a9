using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Benchmarks.Counting;

/// <summary>What the shop counted: crossings in and out, and visits that ended by leaving.</summary>
internal readonly record struct Counts(int In, int Out);

/// <summary>
/// A filmed clip whose truth is known: how many come in and go out by which doors or over which line. The line is also shifted, for nobody draws
/// it where we would. Also part of the vision tests.
/// </summary>
/// <param name="File">In fixtures/video of the shared folder; truth.json there says what is to be seen.</param>
/// <param name="Camera">Doors and the line for a shift of the line; fraction of the picture.</param>
internal sealed record CountedClip(string File, int Width, Counts Truth, Func<float, CameraConfig> Camera, float[] Shifts)
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<DoorConfig> s_allEdges =
        [new("left", FrameEdge.Left), new("right", FrameEdge.Right), new("top", FrameEdge.Top), new("bottom", FrameEdge.Bottom)];

    /// <summary>
    /// Doors at the edges for the clips with people who come and go; a line on the threshold for the shop door seen from two sides. Who is in view
    /// at the first picture has not come in, who is at the last has not gone.
    /// </summary>
    public static IReadOnlyList<CountedClip> All { get; } =
    [
        Doors("one-by-one-person-detection.mp4", 640, new Counts(6, 6), [new DoorConfig("entrance", FrameEdge.Bottom, DoorUse.In), new DoorConfig("exit", FrameEdge.Right, DoorUse.Out)]),
        // The threshold lies at 0.53 of the height; who walks up the picture comes in.
        Line("EnterExitCrossingPaths1front.mpg", new Counts(1, 1), s => (new Point(0.95f, 0.53f + s), new Point(0.35f, 0.53f + s)), Steps(-0.03f, 0.03f, 0.01f)),
        // The opening is at the left; who walks to the left comes in.
        Line("EnterExitCrossingPaths1cor.mpg", new Counts(1, 1), s => (new Point(0.22f + s, 0.45f), new Point(0.22f + s, 0.8f)), Steps(-0.05f, 0.05f, 0.01f)),
        Doors("car-detection.mp4", 640, new Counts(0, 0), s_allEdges),
        Doors("preview-store-aisle-detection.gif", 480, new Counts(1, 0), s_allEdges),
        Doors("preview-face-demographics-walking-and-pause.gif", 480, new Counts(0, 0), s_allEdges),
        Doors("preview-face-demographics-walking.gif", 480, new Counts(0, 0), s_allEdges),
        Doors("preview-head-pose-face-detection-female-and-male.gif", 480, new Counts(0, 0), s_allEdges),
        Doors("preview-head-pose-face-detection-female.gif", 480, new Counts(0, 0), s_allEdges),
        Doors("preview-head-pose-face-detection-male.gif", 480, new Counts(0, 0), s_allEdges),
        Doors("preview-one-by-one-person-detection.gif", 480, new Counts(0, 0), s_allEdges),
        Doors("preview-worker-zone-detection.gif", 480, new Counts(0, 0), s_allEdges),
    ];

    /// <summary>What the camera saw, in order, with looks if <paramref name="models"/> name a model for them.</summary>
    public List<ShopInput.FrameObserved> Watch(string folder, ModelsConfig models, ModelCatalog catalog, string modelFolder)
    {
        CameraConfig camera = Camera(0) with { Source = "clip:" + Path.GetFullPath(Path.Combine(folder, File)) };
        using FrameAnalyzer analyzer = FrameAnalyzer.Open(camera.Id, models, catalog, modelFolder);
        return [.. new RecordedCamera(camera, analyzer, TimeProvider.System).Read(s_start).OfType<ShopInput.FrameObserved>()];
    }

    /// <summary>Lets a shop with this camera take in what was seen. Looks are copied, for the shop wipes them.</summary>
    public Counts Count(IReadOnlyList<ShopInput.FrameObserved> seen, float shift, bool looks)
    {
        var config = new DeviceConfig(
            1, new StoreConfig("acme", "counting", "b1"), [Camera(shift)], [], [], new CheckoutConfig("EUR", []), Visits: new VisitsConfig());
        var floor = new ShopFloor(config, static (in Epc _) => throw new InvalidOperationException("No tags are read here."), static bytes => bytes.Fill(7));
        var events = new List<ShopEvent>();
        DateTimeOffset tick = s_start;
        foreach (ShopInput.FrameObserved frame in seen)
        {
            for (; tick <= frame.At; tick += TimeSpan.FromMilliseconds(100))
            {
                floor.On(new ShopInput.Tick(tick), events);
            }
            floor.On(frame with { People = [.. frame.People.Select(p => p with { Appearance = looks && p.Appearance is Appearance look ? new Appearance(look.AsSpan()) : null })] }, events);
        }
        floor.On(new ShopInput.Closing(tick), events);
        return new Counts(
            events.OfType<ShopEvent.LineCrossed>().Count(c => c.Direction == CrossingDirection.In), events.OfType<ShopEvent.LineCrossed>().Count(c => c.Direction == CrossingDirection.Out));
    }

    private static CountedClip Doors(string file, int width, Counts truth, IReadOnlyList<DoorConfig> doors) =>
        new(file, width, truth, _ => new CameraConfig("front", "clip:" + file, Fps: 10, Width: width, Doors: doors), [0]);

    private static CountedClip Line(string file, Counts truth, Func<float, (Point From, Point To)> line, float[] shifts) => new(
        file, 384, truth, shift => new CameraConfig("front", "clip:" + file, Fps: 10, Width: 384, Lines: [new LineConfig("door", line(shift).From, line(shift).To)]), shifts);

    private static float[] Steps(float from, float to, float step) => [.. Enumerable.Range(0, (int)Math.Round((to - from) / step) + 1).Select(i => from + (i * step))];
}
