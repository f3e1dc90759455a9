using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Visits;

public class TrackingTests
{
    [Fact]
    public void Following_people_allocates_nothing_once_they_are_known()
    {
        DeviceConfig config = Some.Config with
        {
            Cameras = [Some.Config.Cameras[0] with { Zones = [new ZoneConfig("z", [new(0, 0), new(1, 0), new(1, 1), new(0, 1)], Queue: true)], Lines = [new LineConfig("l", new(0, 0.5f), new(1, 0.5f))] }],
            Gates = [], Visits = new VisitsConfig(Occupancy: true, ObserveSeconds: 3600),
        };
        var floor = new ShopFloor(config, Stock.Identify, Some.Random(1));
        var events = new List<ShopEvent>();
        ShopInput[] day = [.. Enumerable.Range(0, 400).SelectMany(n => new ShopInput[]
        {
            new ShopInput.FrameObserved(Shop.At(n / 10.0), "cam", [.. Enumerable.Range(0, 12).Select(p => Some.Seen(0.08f + (p * 0.07f) + (0.01f * MathF.Sin((n + p) / 9f)), 0.8f))]),
            new ShopInput.Tick(Shop.At(n / 10.0)),
        })];
        ShopInput[] morning = day[..400];
        ShopInput[] rest = day[400..];
        foreach (ShopInput input in morning)
        {
            floor.On(input, events);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (ShopInput input in rest)
        {
            floor.On(input, events);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Faint_detection_goes_on_with_somebody_and_begins_nobody()
    {
        Shop shop = Shop.Open();
        shop.Tell(new ShopInput.FrameObserved(Shop.At(0), "cam", []));
        for (int n = 0; n < 80; n++)
        {
            float x = -0.02f + (n * 0.015f);
            bool faint = n is > 20 and < 45;
            List<PersonSeen> people = x is > 0.02f and < 0.99f ? [Some.Seen(x) with { Faint = faint }] : [];
            people.Add(Some.Seen(0.5f, 0.45f) with { Faint = true });
            shop.Tell(new ShopInput.FrameObserved(Shop.At(1 + (n / 10.0)), "cam", people));
            shop.Tell(new ShopInput.Tick(Shop.At(1 + (n / 10.0))));
        }
        shop.Tell(new ShopInput.Tick(Shop.At(20)));

        Assert.Single(shop.All<ShopEvent.VisitStarted>());
        Assert.Equal("exit", Assert.Single(shop.All<ShopEvent.VisitEnded>()).Door);
    }

    [Fact]
    public void Two_alike_who_cross_keep_their_ways()
    {
        Shop shop = Shop.Open(c => c with { Cameras = [new CameraConfig("cam", "clip:a.mp4", Doors: [new DoorConfig("left", FrameEdge.Left), new DoorConfig("right", FrameEdge.Right)])], Gates = [] })
            .PersonWalks("anna", new Point(-0.06f, 0.8f), new Point(1.06f, 0.8f), at: 1, takes: 6).PersonWalks("ben", new Point(1.06f, 0.82f), new Point(-0.06f, 0.82f), at: 1, takes: 6)
            .Hidden("ben", from: 3.7, to: 4.4).After(12.Seconds());

        foreach (ShopEvent.VisitStarted started in shop.All<ShopEvent.VisitStarted>())
        {
            Assert.NotEqual(started.Door, Assert.Single(shop.All<ShopEvent.VisitEnded>(), e => e.Visit == started.Visit).Door);
        }
        Assert.Equal(2, shop.All<ShopEvent.VisitStarted>().Count);
    }

    [Fact]
    public void Crowd_of_five_hundred_is_followed()
    {
        var floor = new ShopFloor(Some.Config with { Gates = [] }, Stock.Identify, Some.Random(1));
        var events = new List<ShopEvent>();
        for (int n = 0; n < 30; n++)
        {
            // Far away behind each other, all walking to the right exit.
            PersonSeen[] crowd = [.. Enumerable.Range(0, 500).Select(p =>
                new PersonSeen(new Box(0.1f + (p % 25 * 0.03f) + (n * 0.001f), 0.1f + (p / 25 * 0.04f), 0.01f, 0.03f), 0.9f, null))];
            floor.On(new ShopInput.FrameObserved(Shop.At(n / 10.0), "cam", crowd), events);
            floor.On(new ShopInput.Tick(Shop.At(n / 10.0)), events);
        }

        Assert.Empty(events);
    }
}
