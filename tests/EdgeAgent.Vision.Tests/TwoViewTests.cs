using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Cameras;
using Xunit.Abstractions;

namespace EdgeAgent.Vision.Tests;

/// <summary>One drawn shop as two cameras see it, from pixels to visits: whoever is in both pictures, or in one after the other, is one visit.</summary>
public class TwoViewTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Whoever_is_seen_from_two_sides_at_once_is_one_visit()
    {
        // The second camera hangs opposite, sees the same floor and has no door: its people are those of the first.
        IReadOnlyList<StoreView> views = StoreScene.Views(24, [new(0, 0), new(0, 18.2f, Turned: true)],
        [
            [new(1, -1, 4.5f), new(5, -1, 8.5f), new(8, -1, 8.5f), new(15, 6, 8.5f)],
            [new(6, 0.5f, 4.5f), new(11, 0.5f, 9.5f), new(13, 0.5f, 9.5f), new(19, 6.5f, 9.5f)],
            [new(12, 1.5f, 4.5f), new(15, 1.5f, 7.5f), new(17, 1.5f, 7.5f), new(22, 6, 8.5f)],
        ]);

        List<ShopEvent> events = await PlayAsync(views, [[new DoorConfig("entrance", FrameEdge.Bottom, DoorUse.In), new DoorConfig("exit", FrameEdge.Right, DoorUse.Out)], []]);

        Assert.Equal(3, events.OfType<ShopEvent.VisitStarted>().Count());
        Assert.Equal([VisitEnding.Left, VisitEnding.Left, VisitEnding.Left], events.OfType<ShopEvent.VisitEnded>().Select(e => e.Ending));
    }

    [Fact]
    public async Task Whoever_goes_from_one_view_through_a_gap_into_another_is_one_visit()
    {
        // Nine metres apart: a metre and a half between them is seen by neither.
        IReadOnlyList<StoreView> views = StoreScene.Views(32, [new(0, 0), new(9, 0)],
        [
            [new(1, -1, 4.5f), new(5, -1, 8.5f), new(7, -1, 8.5f), new(22, 14, 8.5f)],
            [new(6, 0.5f, 4.5f), new(11, 0.5f, 9.5f), new(13, 0.5f, 9.5f), new(27, 14, 9.5f)],
            [new(12, 1.5f, 4.5f), new(15, 1.5f, 7.5f), new(17, 1.5f, 7.5f), new(30, 14, 8)],
        ]);

        List<ShopEvent> events = await PlayAsync(views, [[new DoorConfig("entrance", FrameEdge.Bottom, DoorUse.In)], [new DoorConfig("exit", FrameEdge.Right, DoorUse.Out)]]);

        ShopEvent.VisitStarted[] started = [.. events.OfType<ShopEvent.VisitStarted>()];
        ShopEvent.VisitEnded[] ended = [.. events.OfType<ShopEvent.VisitEnded>()];
        Assert.Equal(3, started.Length);
        Assert.All(ended, e => Assert.Equal((VisitEnding.Left, "camera-2", "exit"), (e.Ending, e.Camera, e.Door)));
        // In this order they come, and in this order they go.
        Assert.Equal(started.Select(s => s.Visit), ended.Select(e => e.Visit));
    }

    private async Task<List<ShopEvent>> PlayAsync(IReadOnlyList<StoreView> views, IReadOnlyList<DoorConfig>[] doors)
    {
        using var folder = new TempFolder();
        var models = new ModelsConfig("synthetic-people", "synthetic-appearance", Threads: 1);
        var cameras = new List<CameraConfig>();
        var inputs = new List<ShopInput>();
        for (int i = 0; i < views.Count; i++)
        {
            string file = folder.File($"view-{i + 1}.mp4");
            await views[i].Scene.WriteClipAsync(file);
            var camera = new CameraConfig($"camera-{i + 1}", "clip:" + file, Fps: 10, Width: 640, Doors: doors[i], Floor: views[i].Floor);
            cameras.Add(camera);
            using FrameAnalyzer analyzer = FrameAnalyzer.Open(camera.Id, models, Shared.Catalog(), Path.Combine(Shared.RepoRoot, "models", "synthetic"));
            inputs.AddRange(new RecordedCamera(camera, analyzer, TimeProvider.System).Read(s_start));
        }
        var config = new DeviceConfig(1, new StoreConfig("acme", "views", "b1"), cameras, [], [], new CheckoutConfig("EUR", []), Visits: new VisitsConfig());
        byte next = 0;
        var floor = new ShopFloor(config, static (in Epc _) => throw new InvalidOperationException("No tags are read here."), bytes => bytes.Fill(++next));
        var events = new List<ShopEvent>();
        DateTimeOffset tick = s_start;
        foreach (ShopInput input in inputs.OrderBy(i => i.At))
        {
            for (; tick <= input.At; tick += TimeSpan.FromMilliseconds(100))
            {
                floor.On(new ShopInput.Tick(tick), events);
            }
            floor.On(input, events);
        }
        for (int i = 0; i < 30; i++, tick += TimeSpan.FromMilliseconds(100))
        {
            floor.On(new ShopInput.Tick(tick), events);
        }
        floor.On(new ShopInput.Closing(tick), events);
        foreach (ShopEvent happened in events)
        {
            output.WriteLine($"{(happened.At - s_start).TotalSeconds:0.0} {happened}");
        }
        return events;
    }
}
