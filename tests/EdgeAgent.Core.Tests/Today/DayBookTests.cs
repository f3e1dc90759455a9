using EdgeAgent.Core.Config;
using EdgeAgent.Core.Today;

namespace EdgeAgent.Core.Tests.Today;

public class DayBookTests
{
    private readonly DayBook _book = new(TimeZoneInfo.Utc);

    [Fact]
    public void Before_anything_has_happened_there_is_nothing()
    {
        DayView day = new DayBook(TimeZoneInfo.CreateCustomTimeZone("west", TimeSpan.FromHours(-8), null, null)).View(Some.Config);

        Assert.Equal((0, 0, 0, 0), (day.Inside, day.Visits, day.Exits, day.Gates[0].TagsNow));
    }

    [Fact]
    public void A_visit_with_a_bag_shows_while_it_lasts_and_when_it_is_over()
    {
        Shop shop = Open().PersonWalks("ana", "entrance", "shelf", 1, 3).PersonWalks("ana", "shelf", "exit", 4, 4).TagPasses("cola", 7).After(TimeSpan.FromSeconds(5));

        Assert.Equal((1, 1, 0), Numbers(shop));
        CameraNow camera = Assert.Single(_book.View(shop.Config).Cameras);
        Assert.Equal((1, 10.0), (camera.People, camera.AnalysedFps));

        shop.After(TimeSpan.FromSeconds(10));

        DayView day = _book.View(shop.Config);
        Assert.Equal((0, 1, 1), Numbers(shop));
        Assert.Equal((1, 1), (day.VisitsByHour[8], day.ExitsByHour[8]));
        Assert.Equal(1, day.Dwell.Count);
        Assert.Equal([new LineNow("entrance", 1, 0), new LineNow("exit", 0, 1)], day.Cameras[0].Lines);
        GateNow gate = Assert.Single(day.Gates);
        Assert.Equal((1, 0), (gate.Settled, gate.Held));
        BagNow bag = Assert.Single(gate.Bags);
        Assert.Equal((true, 1, 5), (bag.Settled, bag.Items.Count, bag.Items[0].Reads));
        Assert.Equal(bag.DecisionSeconds, day.Decision.Sum);
        Assert.InRange(bag.DecisionSeconds, 1, 10);
    }

    [Fact]
    public void A_bag_that_is_held_says_why()
    {
        Shop shop = Open().TagPasses("cola", 2).After(TimeSpan.FromSeconds(15));

        BagNow bag = Assert.Single(_book.View(shop.Config).Gates[0].Bags);

        Assert.False(bag.Settled);
        Assert.Contains(HoldReason.NoShopper, bag.Reasons);
    }

    [Fact]
    public void Tags_at_the_gate_are_counted_once_and_for_two_seconds()
    {
        Shop shop = Open().TagStands("cola", 1, 4).TagStands("milk", 1, 4).After(TimeSpan.FromSeconds(3.5));

        DayView day = _book.View(shop.Config);
        Assert.Equal(2, day.Gates[0].TagsNow);
        Assert.InRange(day.Readers[0].ReadsPerSecond, 1, 10);
        Assert.Equal((AntennaZone.Gate, true), (day.Readers[0].Antennas[1].Zone, day.Readers[0].Antennas[1].LastRead is not null));
        Assert.Null(day.Readers[0].Antennas[0].LastRead);

        shop.After(TimeSpan.FromSeconds(10));

        Assert.Equal((0, 0.0), (_book.View(shop.Config).Gates[0].TagsNow, _book.View(shop.Config).Readers[0].ReadsPerSecond));
    }

    [Fact]
    public void A_new_day_counts_anew_and_knows_who_is_still_inside()
    {
        Shop shop = Open().PersonWalks("ana", "entrance", "shelf", 1, 3).PersonStands("ana", "shelf", 4, 30).After(TimeSpan.FromSeconds(10));
        Assert.Equal((1, 1, 0), Numbers(shop));

        _book.Take(new ShopInput.Tick(Shop.Opening.AddHours(16.5)), []);

        DayView day = _book.View(shop.Config);
        Assert.Equal((1, 0, 0), (day.Inside, day.Visits, day.Exits));
        Assert.Equal(Shop.Opening.AddHours(16.5), day.Since);
    }

    [Fact]
    public void Staff_were_no_visit()
    {
        DateTimeOffset at = Shop.At(1);
        var visit = new VisitId(new Guid("00000000-0000-0000-0000-000000000001"));
        _book.Take(new ShopInput.Tick(at), [new ShopEvent.VisitStarted(at, visit, "cam", "entrance", at)]);

        _book.Take(new ShopInput.Tick(at.AddSeconds(40)), [new ShopEvent.VisitEnded(at.AddSeconds(40), visit, "cam", null, at, at.AddSeconds(40), VisitEnding.Staff)]);

        DayView day = _book.View(Some.Config);
        Assert.Equal((0, 0, 0, 0L), (day.Inside, day.Visits, day.VisitsByHour[8], day.Dwell.Count));
    }

    [Fact]
    public void A_fault_is_there_until_it_is_over()
    {
        Take(1, Sensor(SensorState.Degraded, SensorReason.Black));
        Take(2, new ShopEvent.StorageAlarm(Shop.At(2), StorageTrouble.DiskFull, Raised: true, Shop.At(2), 0));

        Assert.Equal([("storage", "", "DiskFull"), ("camera", "cam", "Black")], _book.View(Some.Config).Faults.Select(f => (f.What, f.Id, f.Reason)));
        Assert.Equal((SensorState.Degraded, SensorReason.Black), (_book.View(Some.Config).Cameras[0].State, _book.View(Some.Config).Cameras[0].Reason));

        Take(3, new ShopEvent.CabinetOpenAlarm(Shop.At(3), "fridge", Raised: true, Shop.At(3)));
        Assert.Equal(("cabinet", "fridge", "DoorOpen"), (_book.View(Some.Config).Faults[0].What, _book.View(Some.Config).Faults[0].Id, _book.View(Some.Config).Faults[0].Reason));
        Take(4, new ShopEvent.CabinetOpenAlarm(Shop.At(4), "fridge", Raised: false, Shop.At(3)));
        Take(4, Sensor(SensorState.Online, SensorReason.None));
        Take(4, new ShopEvent.StorageAlarm(Shop.At(4), StorageTrouble.DiskFull, Raised: false, Shop.At(2), 0));

        Assert.Empty(_book.View(Some.Config).Faults);
    }

    [Fact]
    public void Who_is_in_a_zone_is_told_from_the_last_picture()
    {
        Shop shop = Open(c => c with
        {
            Cameras = [c.Cameras[0] with { Zones = [new ZoneConfig("hall", [new(0.3f, 0.6f), new(0.7f, 0.6f), new(0.7f, 0.9f), new(0.3f, 0.9f)])] }],
        }).PersonStands("ana", "shelf", 1, 5).After(TimeSpan.FromSeconds(3));

        Assert.Equal([new ZoneNow("hall", 1)], _book.View(shop.Config).Cameras[0].Zones);
        shop.After(TimeSpan.FromSeconds(5));
        Assert.Equal([new ZoneNow("hall", 0)], _book.View(shop.Config).Cameras[0].Zones);
    }

    [Fact]
    public void The_last_minute_keeps_positions_and_no_looks()
    {
        var minute = new LastMinute();
        for (int second = 0; second < 100; second++)
        {
            minute.Take(new ShopInput.FrameObserved(Shop.At(second), "cam", [new PersonSeen(new Box(0.1f, 0.1f, 0.1f, 0.4f), 0.9f, Some.Look(1))]));
        }

        IReadOnlyList<ShopInput.FrameObserved> kept = minute.Of("cam");
        Assert.Equal((Shop.At(39), Shop.At(99), 61), (kept[0].At, kept[^1].At, kept.Count));
        Assert.All(kept, picture => Assert.Null(Assert.Single(picture.People).Appearance));
        Assert.Empty(minute.Of("other"));
        minute.KeepOnly(["other"]);
        Assert.Empty(minute.Of("cam"));
    }

    private Shop Open(Func<DeviceConfig, DeviceConfig>? with = null) => Shop.Open(with, watcher: _book.Take);

    private (int Inside, int Visits, int Exits) Numbers(Shop shop)
    {
        DayView day = _book.View(shop.Config);
        Assert.Equal(shop.OpenVisits, day.Inside);
        return (day.Inside, day.Visits, day.Exits);
    }

    private void Take(double second, ShopEvent happened) => _book.Take(new ShopInput.Tick(Shop.At(second)), [happened]);

    private static ShopEvent.SensorChanged Sensor(SensorState state, SensorReason reason) => new(Shop.At(1), SensorKind.Camera, "cam", state, reason);
}
