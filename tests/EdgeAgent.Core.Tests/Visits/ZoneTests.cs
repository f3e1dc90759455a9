using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Visits;

public class ZoneTests
{
    // The middle of the floor.
    private static readonly ZoneConfig s_till = new("till", [new Point(0.4f, 0.6f), new Point(0.6f, 0.6f), new Point(0.6f, 0.99f), new Point(0.4f, 0.99f)], DwellSeconds: 5, Queue: true);

    private static readonly Point s_before = new(0.3f, 0.8f), s_at = new(0.5f, 0.8f);

    [Fact]
    public void Stay_in_a_zone_is_told_with_its_times()
    {
        Shop shop = Open().PersonWalks("anna", "entrance", "exit", at: 1, takes: 2.24).After(1.Seconds());
        shop = Open().PersonWalks("anna", new Point(-0.06f, 0.8f), s_at, at: 1, takes: 2).PersonStands("anna", s_at, from: 3, to: 12)
            .PersonWalks("anna", s_at, new Point(1.06f, 0.8f), at: 12, takes: 2).After(20.Seconds());

        ShopEvent.VisitStarted started = Assert.Single(shop.All<ShopEvent.VisitStarted>());
        ShopEvent.ZoneEntered entered = Assert.Single(shop.All<ShopEvent.ZoneEntered>());
        ShopEvent.ZoneDwelled dwelled = Assert.Single(shop.All<ShopEvent.ZoneDwelled>());
        ShopEvent.ZoneLeft left = Assert.Single(shop.All<ShopEvent.ZoneLeft>());
        Assert.Equal([started.Visit, started.Visit, started.Visit], new[] { entered.Visit, dwelled.Visit, left.Visit });
        Assert.InRange(entered.Since, Shop.At(2.5), Shop.At(3.0));
        Assert.InRange(dwelled.At - entered.Since, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.2));
        Assert.Equal(entered.Since, left.Since);
        Assert.InRange(left.Until, Shop.At(12.2), Shop.At(12.9));
    }

    [Fact]
    public void Wavering_on_the_edge_of_a_zone_is_nothing()
    {
        Shop shop = Open().PersonWalks("anna", new Point(-0.06f, 0.8f), s_before, at: 1, takes: 2);
        for (int n = 0; n < 30; n++)
        {
            shop.PersonStands("anna", new Point(n % 2 == 0 ? 0.38f : 0.42f, 0.8f), from: 3 + (n * 0.3), to: 3.3 + (n * 0.3));
        }
        shop.After(12.Seconds());

        Assert.True(shop.All<ShopEvent.ZoneEntered>().Count <= 1);
        Assert.Empty(shop.All<ShopEvent.ZoneLeft>());
    }

    [Fact]
    public void Mannequin_is_in_no_zone()
    {
        Shop shop = Open(new VisitsConfig(Occupancy: true)).PersonStands("doll", s_at, from: 0, to: 30).After(30.Seconds());

        Assert.Empty(shop.Events);
    }

    [Fact]
    public void Queue_has_a_length_and_a_wait()
    {
        Shop shop = Open(new VisitsConfig(ObserveSeconds: 1)).PersonWalks("anna", new Point(-0.06f, 0.8f), new Point(0.55f, 0.8f), at: 1, takes: 2)
            .PersonStands("anna", new Point(0.55f, 0.8f), from: 3, to: 20).PersonWalks("ben", new Point(-0.06f, 0.8f), new Point(0.43f, 0.8f), at: 8, takes: 2)
            .PersonStands("ben", new Point(0.43f, 0.8f), from: 10, to: 30).PersonWalks("anna", new Point(0.55f, 0.8f), new Point(1.06f, 0.8f), at: 20, takes: 2).After(30.Seconds());

        List<QueueState> queues = [.. shop.All<ShopEvent.QueueChanged>().Select(q => q.Queues[0])];
        Assert.Equal([1, 2, 1], queues.Select(q => q.Length));
        Assert.InRange(queues[1].WaitSeconds, 6.5, 9);
        // The one at the front has gone: the wait is that of the next.
        Assert.InRange(queues[2].WaitSeconds, 9, 12);
        Assert.InRange((shop.All<ShopEvent.ZoneLeft>()[0].Until - shop.All<ShopEvent.ZoneLeft>()[0].Since).TotalSeconds, 16.5, 18.5);
    }

    [Fact]
    public void Occupancy_is_told_on_change_and_not_too_often()
    {
        Shop shop = Open(new VisitsConfig(Occupancy: true, ObserveSeconds: 2)).PersonWalks("anna", new Point(-0.06f, 0.8f), s_at, at: 1, takes: 2).PersonStands("anna", s_at, from: 3, to: 20)
            .PersonWalks("anna", s_at, new Point(1.06f, 0.8f), at: 20, takes: 2).After(30.Seconds());

        List<ShopEvent.OccupancyChanged> told = shop.All<ShopEvent.OccupancyChanged>();
        Assert.Equal((1, 0), (told[^1].Zones.Count, told[^1].Store));
        Assert.Contains(told, o => o.Store == 1 && o.Zones[0] == new ZoneCount("till", 1));
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.True((pair.Second.At - pair.First.At).TotalSeconds >= 2));
    }

    [Fact]
    public void Visit_that_lasts_is_told_anew_when_the_store_wants_it()
    {
        Shop shop = Open(new VisitsConfig(UpdateSeconds: 10)).PersonWalks("anna", new Point(-0.06f, 0.8f), s_at, at: 1, takes: 2).PersonStands("anna", s_at, from: 3, to: 40).After(35.Seconds());

        Assert.Equal(3, shop.All<ShopEvent.VisitUpdated>().Count);
        Assert.Empty(Open().PersonWalks("anna", new Point(-0.06f, 0.8f), s_at, at: 1, takes: 2).PersonStands("anna", s_at, from: 3, to: 40).After(35.Seconds()).All<ShopEvent.VisitUpdated>());
    }

    private static Shop Open(VisitsConfig? visits = null) => Shop.Open(c => c with
    {
        Cameras = [c.Cameras[0] with { Zones = [s_till] }], Visits = visits ?? c.Visits,
    });
}
