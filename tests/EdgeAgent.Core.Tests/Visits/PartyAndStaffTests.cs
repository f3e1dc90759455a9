using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Visits;

public class PartyAndStaffTests
{
    [Fact]
    public void People_who_come_in_together_are_counted_each_and_told_as_a_party()
    {
        Shop shop = Shop.Open().PersonWalks("anna", new Point(-0.06f, 0.8f), new Point(1.06f, 0.8f), at: 1, takes: 6).PersonWalks("ben", new Point(-0.06f, 0.95f), new Point(1.06f, 0.95f), at: 2, takes: 6)
            .PersonWalks("carl", new Point(-0.06f, 0.8f), new Point(1.06f, 0.8f), at: 20, takes: 6).After(35.Seconds());

        List<ShopEvent.VisitStarted> started = shop.All<ShopEvent.VisitStarted>();
        Assert.Equal(3, started.Count);
        Assert.Equal([null, new PartyOf(started[0].Visit, 2), null], started.Select(s => s.Party));
        Assert.Equal([new PartyOf(started[0].Visit, 2), new PartyOf(started[0].Visit, 2), null], shop.All<ShopEvent.VisitEnded>().Select(e => e.Party));
    }

    [Fact]
    public void Two_who_come_in_at_once_by_different_ends_are_no_party()
    {
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3).PersonWalks("ben", "exit", "gate", at: 1, takes: 3).After(6.Seconds());

        Assert.Equal([null, null], shop.All<ShopEvent.VisitStarted>().Select(s => s.Party));
    }

    [Fact]
    public void Whoever_comes_by_the_staff_door_is_no_visitor()
    {
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Doors = [new DoorConfig("back", FrameEdge.Left, Staff: true), new DoorConfig("exit", FrameEdge.Right)] }] })
            .PersonWalks("mia", "entrance", "exit", at: 1, takes: 5).After(10.Seconds());

        Assert.Empty(shop.All<ShopEvent.VisitStarted>());
        Assert.Empty(shop.All<ShopEvent.VisitEnded>());
        Assert.Equal("exit", Assert.Single(shop.All<ShopEvent.LineCrossed>()).Line);
        Assert.Equal(0, shop.OpenVisits);
    }

    [Fact]
    public void Visitor_who_stays_behind_the_counter_turns_out_to_be_staff()
    {
        var counter = new ZoneConfig("counter", [new Point(0.4f, 0.6f), new Point(0.6f, 0.6f), new Point(0.6f, 0.99f), new Point(0.4f, 0.99f)], Staff: true);
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Zones = [counter] }], Visits = new VisitsConfig(StaffSeconds: 10) })
            .PersonWalks("mia", "entrance", "shelf", at: 1, takes: 3).PersonStands("mia", "shelf", from: 4, to: 30).PersonWalks("mia", "shelf", "exit", at: 30, takes: 3).After(40.Seconds());

        ShopEvent.VisitEnded ended = Assert.Single(shop.All<ShopEvent.VisitEnded>());
        Assert.Equal((Assert.Single(shop.All<ShopEvent.VisitStarted>()).Visit, VisitEnding.Staff), (ended.Visit, ended.Ending));
        Assert.InRange(ended.At, Shop.At(13), Shop.At(15));
        Assert.Empty(shop.All<ShopEvent.ZoneEntered>());
        Assert.Equal(0, shop.OpenVisits);
    }

    [Fact]
    public void Staff_found_again_by_look_are_still_staff()
    {
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Doors = [new DoorConfig("back", FrameEdge.Left, Staff: true), new DoorConfig("exit", FrameEdge.Right)] }] })
            .LooksLike("mia", 1).PersonWalks("mia", "entrance", "shelf", at: 1, takes: 3).PersonStands("mia", "shelf", from: 30, to: 34).PersonWalks("mia", "shelf", "exit", at: 34, takes: 3)
            .After(45.Seconds());

        Assert.Empty(shop.All<ShopEvent.VisitStarted>());
        Assert.Empty(shop.All<ShopEvent.VisitEnded>());
    }
}
