using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Fitting;

public class FittingRoomTests
{
    private const ushort Antenna = 7;

    private readonly ShopFloor _floor;
    private readonly List<ShopEvent> _events = [];
    private double _now;

    public FittingRoomTests()
    {
        DeviceConfig config = Some.Config with
        {
            Readers = [.. Some.Config.Readers, new ReaderConfig("rooms", "reads:rooms.jsonl", [new AntennaConfig(Antenna)])],
            FittingRooms = [new FittingRoomConfig("room-1", [new AntennaRef("rooms", Antenna)])],
        };
        _floor = new ShopFloor(config, Stock.Identify, Some.Random(1));
    }

    private IEnumerable<ShopEvent.GarmentsTried> Tried => _events.OfType<ShopEvent.GarmentsTried>();

    [Fact]
    public void Garments_that_stay_together_are_tried_together_and_told_when_the_room_is_empty()
    {
        Hang(40, "soap", "tea");
        Assert.Empty(Tried);
        Hang(15);

        ShopEvent.GarmentsTried tried = Assert.Single(Tried);
        Assert.Equal(["soap", "tea"], Names(tried));
        Assert.True(tried.Together);
        Assert.InRange((tried.To - tried.From).TotalSeconds, 38, 40);
    }

    [Fact]
    public void A_garment_that_is_carried_past_is_not_tried()
    {
        Hang(5, "soap");
        Hang(60);
        Assert.Empty(Tried);
    }

    [Fact]
    public void A_garment_that_is_carried_past_twice_is_not_tried_by_the_time_between()
    {
        Hang(3, "soap", "tea");
        Hang(40, "tea");
        Hang(3, "soap", "tea");
        Hang(20);
        Assert.Equal(["tea"], Names(Assert.Single(Tried)));
    }

    [Fact]
    public void What_comes_after_the_room_was_empty_was_tried_by_itself()
    {
        Hang(40, "soap");
        Hang(12);
        Hang(40, "tea");
        Hang(12);
        Assert.Equal([["soap"], ["tea"]], Tried.Select(Names));
        Assert.All(Tried, t => Assert.False(t.Together));
    }

    [Fact]
    public void Garments_one_after_the_other_were_not_there_together()
    {
        Hang(40, "soap");
        Hang(8);
        Hang(40, "tea");
        Hang(12);
        ShopEvent.GarmentsTried tried = Assert.Single(Tried);
        Assert.Equal(["soap", "tea"], Names(tried));
        Assert.False(tried.Together);
    }

    [Fact]
    public void What_hangs_there_always_is_ignored()
    {
        Hang(31 * 60, "soap");
        Hang(40, "soap", "tea");
        Hang(12, "soap");
        Assert.Equal(["tea"], Names(Assert.Single(Tried)));
    }

    [Fact]
    public void Tags_that_are_no_goods_are_ignored()
    {
        Hang(40, Stock.Key, Stock.Blank);
        Hang(12);
        Assert.Empty(Tried);
    }

    [Fact]
    public void A_fitting_room_serves_no_gate()
    {
        Hang(40, "soap");
        Hang(20);
        Assert.Equal([typeof(ShopEvent.GarmentsTried)], _events.Where(e => e is not ShopEvent.OccupancyChanged).Select(e => e.GetType()));
        Assert.Equal(0, _floor.StrayInputs);
    }

    private static string[] Names(ShopEvent.GarmentsTried tried) => [.. tried.Items.Select(i => Stock.NameOf(i.Epc)).Order(StringComparer.Ordinal)];

    private void Hang(double seconds, params string[] items)
    {
        for (double end = _now + seconds; _now < end - 1e-9; _now += 0.5)
        {
            if (items.Length > 0)
            {
                _floor.On(new ShopInput.TagsRead(Shop.At(_now), "rooms", [.. items.Select(i => new TagRead(Stock.Tag(i), Antenna, -50, 1, Shop.At(_now)))]), _events);
            }
            _floor.On(new ShopInput.Tick(Shop.At(_now)), _events);
        }
    }
}
