using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Simulators.Scenes;

/// <summary>A place on the store's floor plan at a time, metres.</summary>
public readonly record struct FloorWaypoint(double Seconds, float X, float Z);

/// <summary>Where a camera hangs above the floor plan: it looks along growing Z, or turned by half a turn along falling Z. Metres.</summary>
public readonly record struct FloorCamera(float X, float Z, bool Turned = false);

/// <summary>One camera's view of a drawn shop that several cameras look at, and its floor as somebody would measure it.</summary>
public sealed record StoreView(StoreScene Scene, FloorConfig Floor);

public sealed partial class StoreScene
{
    // A pinhole: the person of 1.7 m on row y is Slope × (y - Horizon) tall, so the floor at distance d lies on row Horizon + Depth / d.
    private const float FocalPx = 700;
    private const float PersonMetres = 1.7f;
    private const double PathStepSeconds = 0.1;

    private static readonly Outfit[] s_shoppers =
    [
        Wears(0xF2D0B0, 0x4A2F1B, 0xC0392B, 0x2C3E66, longHair: true), Wears(0x8F5A3A, 0x20160F, 0x3E8E5A, 0xD8CFC0, skirt: true, longHair: true),
        Wears(0xE3B48C, 0x9A9A98, 0xE4E0D8, 0x24242A, band: 0x34495E),
    ];

    /// <summary>One shop with up to three people in it, drawn as each of the cameras sees it at the same times.</summary>
    /// <param name="paths">One for each person, on the floor plan.</param>
    public static IReadOnlyList<StoreView> Views(double seconds, IReadOnlyList<FloorCamera> cameras, IReadOnlyList<IReadOnlyList<FloorWaypoint>> paths)
    {
        var lens = new ShopCamera();
        float depth = PersonMetres * FocalPx / lens.Slope;
        return [.. cameras.Select((camera, n) =>
        {
            var decor = new ShopDecor(
                Seed: (ulong)n + 31, lens, FloorTop: 100, Planks: true, Floor: Paint.Rgb(0xB9925F), Wall: Paint.Rgb(0xD9D6CB), Shelf: Paint.Rgb(0x8C6B4A),
                Shelves: [], Fixtures: [], Doorway: null, NoiseLevel: 2f, Light: 1);
            var actors = paths.Select((path, i) => new SceneActor($"person-{i}", s_shoppers[i], Seen(path, camera, lens, depth))).ToList();
            return new StoreView(new StoreScene((int)(seconds * FramesPerSecond), decor, actors), Measured(camera, lens, depth));
        })];
    }

    /// <summary>The path in one camera's pixels, in small steps: an even walk on the floor is no even walk in a picture.</summary>
    private static List<Waypoint> Seen(IReadOnlyList<FloorWaypoint> path, FloorCamera camera, ShopCamera lens, float depth)
    {
        var seen = new List<Waypoint>();
        for (int i = 0; i + 1 < path.Count; i++)
        {
            (FloorWaypoint from, FloorWaypoint to) = (path[i], path[i + 1]);
            int steps = Math.Max(1, (int)Math.Round((to.Seconds - from.Seconds) / PathStepSeconds));
            for (int step = i == 0 ? 0 : 1; step <= steps; step++)
            {
                float part = (float)step / steps;
                float x = (from.X + (part * (to.X - from.X)) - camera.X) * (camera.Turned ? -1 : 1);
                // Nearer than two metres is far below the picture, and behind the camera is nowhere.
                float away = Math.Max(2, (from.Z + (part * (to.Z - from.Z)) - camera.Z) * (camera.Turned ? -1 : 1));
                seen.Add(new Waypoint(from.Seconds + (part * (to.Seconds - from.Seconds)), (Width / 2f) + (FocalPx * x / away), lens.Horizon + (depth / away)));
            }
        }
        return seen;
    }

    private static FloorConfig Measured(FloorCamera camera, ShopCamera lens, float depth)
    {
        Point[] image = [new(0.2f, 0.45f), new(0.8f, 0.45f), new(0.9f, 0.95f), new(0.1f, 0.95f)];
        int way = camera.Turned ? -1 : 1;
        return new FloorConfig(image, [.. image.Select(p =>
        {
            float away = depth / ((p.Y * Height) - lens.Horizon);
            return new Point(camera.X + (way * ((p.X * Width) - (Width / 2f)) * away / FocalPx), camera.Z + (way * away));
        })]);
    }
}
