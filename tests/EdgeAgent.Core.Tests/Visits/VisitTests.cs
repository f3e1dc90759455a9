using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Visits;

public class VisitTests
{
    [Fact]
    public void Person_who_walks_through_the_shop_is_one_visit()
    {
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "exit", at: 1, takes: 5).After(10.Seconds());

        ShopEvent.VisitStarted started = Assert.Single(shop.All<ShopEvent.VisitStarted>());
        ShopEvent.VisitEnded ended = Assert.Single(shop.All<ShopEvent.VisitEnded>());
        Assert.Equal(("cam", "entrance"), (started.Camera, started.Door));
        Assert.Equal((started.Visit, "exit", VisitEnding.Left), (ended.Visit, ended.Door, ended.Ending));
        Assert.InRange(ended.Until, Shop.At(5.5), Shop.At(6));
        Assert.Equal(0, shop.OpenVisits);
    }

    [Fact]
    public void Entry_has_the_time_of_the_first_picture_though_it_counts_only_when_nobody_turned_back()
    {
        Shop shop = Shop.Open(c => c with { Visits = new VisitsConfig(ConfirmFrames: 8) }).PersonWalks("anna", "entrance", "shelf", at: 1, takes: 5)
            .PersonStands("anna", "shelf", from: 6, to: 20).After(10.Seconds());

        ShopEvent.VisitStarted started = Assert.Single(shop.All<ShopEvent.VisitStarted>());
        Assert.Equal(Shop.At(1.4), started.Since);
        Assert.Equal(Shop.At(2.4), started.At);
    }

    [Fact]
    public void Two_people_who_cross_each_other_keep_their_visits()
    {
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Doors = [new DoorConfig("entrance", FrameEdge.Left), new DoorConfig("exit", FrameEdge.Right)] }] })
            .PersonWalks("anna", "entrance", "exit", at: 1, takes: 6)
            .PersonWalks("ben", new Point(1.06f, 0.86f), new Point(-0.06f, 0.86f), at: 1, takes: 6).After(12.Seconds());

        Assert.Equal(["entrance", "exit"], shop.All<ShopEvent.VisitStarted>().Select(v => v.Door).Order());
        foreach (ShopEvent.VisitStarted started in shop.All<ShopEvent.VisitStarted>())
        {
            ShopEvent.VisitEnded ended = Assert.Single(shop.All<ShopEvent.VisitEnded>(), e => e.Visit == started.Visit);
            Assert.Equal(started.Door == "exit" ? "entrance" : "exit", ended.Door);
        }
    }

    [Fact]
    public void Short_occlusion_changes_nothing()
    {
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "exit", at: 1, takes: 6).Hidden("anna", from: 3, to: 3.8).After(12.Seconds());

        Assert.Single(shop.All<ShopEvent.VisitStarted>());
        Assert.Equal("exit", Assert.Single(shop.All<ShopEvent.VisitEnded>()).Door);
    }

    [Fact]
    public void Camera_that_stalls_while_somebody_stands_at_the_exit_has_not_seen_them_leave()
    {
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3)
            .PersonWalks("anna", new Point(0.5f, 0.8f), new Point(0.97f, 0.8f), at: 4, takes: 3)
            .PersonStands("anna", new Point(0.97f, 0.8f), from: 7, to: 20).CameraStalls(from: 8, to: 12).After(18.Seconds());

        Assert.Empty(shop.All<ShopEvent.VisitEnded>());
        Assert.Equal(1, shop.OpenVisits);
    }

    [Fact]
    public void Whoever_vanished_while_the_camera_was_away_is_missing_and_has_not_left()
    {
        Shop shop = Shop.Open(c => c with { Visits = c.Visits with { AbsentSeconds = 60 } })
            .PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3)
            .PersonWalks("anna", new Point(0.5f, 0.8f), new Point(0.97f, 0.8f), at: 4, takes: 3)
            .PersonStands("anna", new Point(0.97f, 0.8f), from: 7, to: 10).CameraStalls(from: 8, to: 40).After(50.Seconds());

        Assert.DoesNotContain(shop.All<ShopEvent.LineCrossed>(), c => c.Direction == CrossingDirection.Out);
        Assert.Equal(1, shop.OpenVisits);

        shop.After(60.Seconds());
        Assert.Equal(VisitEnding.Lost, Assert.Single(shop.All<ShopEvent.VisitEnded>()).Ending);
    }

    [Fact]
    public void Visitor_who_was_lost_and_is_found_again_keeps_the_visit()
    {
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3).PersonStands("anna", "shelf", from: 60, to: 65)
            .PersonWalks("anna", "shelf", "exit", at: 65, takes: 3).After(75.Seconds());

        Assert.Single(shop.All<ShopEvent.VisitStarted>());
        ShopEvent.VisitEnded ended = Assert.Single(shop.All<ShopEvent.VisitEnded>());
        Assert.Equal(("exit", VisitEnding.Left), (ended.Door, ended.Ending));
    }

    [Fact]
    public void Visitor_is_found_again_by_their_look_among_several()
    {
        Shop shop = Shop.Open().LooksLike("anna", 1).LooksLike("ben", 2)
            .PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3).PersonWalks("ben", "entrance", "shelf", at: 10, takes: 3)
            .PersonStands("ben", "shelf", from: 60, to: 62).PersonWalks("ben", "shelf", "exit", at: 62, takes: 3).After(75.Seconds());

        Assert.Equal(shop.All<ShopEvent.VisitStarted>()[1].Visit, Assert.Single(shop.All<ShopEvent.VisitEnded>()).Visit);
    }

    [Fact]
    public void Visitor_whose_new_track_begins_before_the_old_one_ends_keeps_the_visit()
    {
        // Hidden for a second, and then further away than the tracker reaches.
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "hall", at: 1, takes: 3).PersonStands("anna", "gate", from: 4.6, to: 10)
            .PersonWalks("anna", "gate", "exit", at: 10, takes: 2).After(15.Seconds());

        ShopEvent.VisitStarted started = Assert.Single(shop.All<ShopEvent.VisitStarted>());
        Assert.Equal((started.Visit, "exit"), (shop.All<ShopEvent.VisitEnded>()[0].Visit, shop.All<ShopEvent.VisitEnded>()[0].Door));
    }

    [Fact]
    public void Visitor_missing_for_too_long_is_lost()
    {
        Shop shop = Shop.Open(c => c with { Visits = new VisitsConfig(AbsentSeconds: 30) })
            .PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3).After(60.Seconds());

        ShopEvent.VisitEnded ended = Assert.Single(shop.All<ShopEvent.VisitEnded>());
        Assert.Equal((null, VisitEnding.Lost, Shop.At(3.9)), (ended.Door, ended.Ending, ended.Until));
        Assert.InRange(ended.At, Shop.At(33.8), Shop.At(34.0));
    }

    [Fact]
    public void Closing_ends_every_visit()
    {
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3).PersonStands("anna", "shelf", from: 4, to: 100)
            .PersonWalks("ben", "entrance", "hall", at: 3, takes: 3).After(30.Seconds()).Close();

        Assert.Equal(2, shop.All<ShopEvent.VisitEnded>().Count(e => e.Ending == VisitEnding.Closing && e.Door is null));
        Assert.Equal(0, shop.OpenVisits);
    }

    [Fact]
    public void Flickering_false_detection_at_the_door_is_no_visit()
    {
        Shop shop = Shop.Open().FalseDetection(new Box(0, 0.4f, 0.1f, 0.4f), [.. Enumerable.Range(0, 100).Select(n => 1 + (n * 0.2))]).After(30.Seconds());

        Assert.Empty(shop.Events);
    }

    [Fact]
    public void Second_box_on_the_same_person_is_nobody()
    {
        Shop shop = Shop.Open().PersonWalks("anna", "entrance", "shelf", at: 1, takes: 3).PersonStands("anna", "shelf", from: 4, to: 10)
            .FalseDetection(new Box(0.46f, 0.35f, 0.08f, 0.3f), [.. Enumerable.Range(45, 30).Select(n => n / 10.0)]).After(9.Seconds());

        Assert.Single(shop.All<ShopEvent.VisitStarted>());
        Assert.Equal(1, shop.OpenVisits);
    }

    [Fact]
    public void Slow_camera_counts_people_too()
    {
        var config = Some.Config with { Cameras = [Some.Config.Cameras[0] with { Fps = 1 }] };
        var floor = new ShopFloor(config, Stock.Identify, Some.Random(1));
        var events = new List<ShopEvent>();
        for (int tick = 0; tick < 200; tick++)
        {
            if (tick % 10 == 0)
            {
                // The first picture is empty: who is in it was there before.
                float x = 0.04f + (((tick / 10) - 1) * 0.1f);
                floor.On(new ShopInput.FrameObserved(Shop.At(tick / 10.0), "cam", x is > 0 and < 1 ? [Some.Seen(x)] : []), events);
            }
            floor.On(new ShopInput.Tick(Shop.At(tick / 10.0)), events);
        }

        Assert.Single(events.OfType<ShopEvent.VisitStarted>());
        Assert.Equal("exit", Assert.Single(events.OfType<ShopEvent.VisitEnded>()).Door);
    }

    [Fact]
    public void Looks_are_wiped_when_the_visit_ends()
    {
        var looks = new List<Appearance>();
        Shop shop = Shop.Open();
        shop.Tell(new ShopInput.FrameObserved(Shop.At(-1), "cam", []));
        for (int n = 0; n < 60; n++)
        {
            float x = 0.04f + (n * 0.02f);
            if (x < 1)
            {
                looks.Add(Some.Look(3));
            }
            shop.Tell(new ShopInput.FrameObserved(Shop.At(n / 10.0), "cam", x < 1 ? [Some.Seen(x, look: looks[^1])] : []));
            shop.Tell(new ShopInput.Tick(Shop.At(n / 10.0)));
        }
        shop.Tell(new ShopInput.Tick(Shop.At(20)));

        Assert.Single(shop.All<ShopEvent.VisitEnded>());
        Assert.All(looks, look => Assert.Equal(-1, look.AsSpan().IndexOfAnyExcept(0)));
    }

    [Fact]
    public void Looks_from_a_camera_that_is_not_configured_are_wiped()
    {
        Appearance look = Some.Look(1);
        Shop shop = Shop.Open();
        shop.Tell(new ShopInput.FrameObserved(Shop.Opening, "attic", [Some.Seen(0.5f, look: look)]));

        Assert.Equal(1, shop.StrayInputs);
        Assert.Equal(-1, look.AsSpan().IndexOfAnyExcept(0));
    }
}
