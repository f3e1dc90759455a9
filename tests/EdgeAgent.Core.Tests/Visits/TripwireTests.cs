using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Visits;

public class TripwireTests
{
    // Who walks up the picture comes in.
    private static readonly LineConfig s_line = new("line", new Point(0.9f, 0.6f), new Point(0.1f, 0.6f));

    private static readonly Point s_out = new(0.5f, 0.85f), s_in = new(0.5f, 0.45f);

    [Fact]
    public void Whoever_turns_back_at_once_has_crossed_nothing()
    {
        Shop shop = Open().PersonWalks("anna", s_out, new Point(0.5f, 0.55f), at: 1, takes: 2).PersonWalks("anna", new Point(0.5f, 0.55f), s_out, at: 3, takes: 2)
            .After(10.Seconds());

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
        Assert.Empty(shop.All<ShopEvent.VisitStarted>());
    }

    [Fact]
    public void Whoever_turns_back_later_has_come_in_and_gone_out()
    {
        Shop shop = Open().PersonWalks("anna", s_out, s_in, at: 1, takes: 2).PersonStands("anna", s_in, from: 3, to: 8).PersonWalks("anna", s_in, s_out, at: 8, takes: 2)
            .PersonStands("anna", s_out, from: 10, to: 14).After(15.Seconds());

        Assert.Equal([CrossingDirection.In, CrossingDirection.Out], shop.All<ShopEvent.LineCrossed>().Select(c => c.Direction));
        Assert.Equal(VisitEnding.Left, Assert.Single(shop.All<ShopEvent.VisitEnded>()).Ending);
    }

    [Fact]
    public void Turning_back_is_a_matter_of_the_configured_time()
    {
        Shop shop = Open(new VisitsConfig(TurnBackSeconds: 0)).PersonWalks("anna", s_out, new Point(0.5f, 0.55f), at: 1, takes: 2)
            .PersonWalks("anna", new Point(0.5f, 0.55f), s_out, at: 3, takes: 2).After(10.Seconds());

        Assert.Equal(2, shop.All<ShopEvent.LineCrossed>().Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_who_meet_on_the_line_are_one_in_and_one_out(bool looks)
    {
        Shop shop = Open();
        if (looks)
        {
            shop.LooksLike("anna", 1).LooksLike("ben", 2);
        }
        // One hides the other while both are on the line.
        shop.PersonWalks("anna", new Point(0.47f, 0.85f), new Point(0.47f, 0.4f), at: 1, takes: 4.5).PersonWalks("ben", new Point(0.53f, 0.35f), new Point(0.53f, 0.8f), at: 1, takes: 4.5)
            .Hidden("ben", from: 3.2, to: 3.8).After(12.Seconds());

        Assert.Equal([CrossingDirection.In, CrossingDirection.Out], shop.All<ShopEvent.LineCrossed>().Select(c => c.Direction).Order());
    }

    [Fact]
    public void Walking_along_the_line_is_no_crossing()
    {
        Shop shop = Open();
        for (int n = 0; n < 40; n++)
        {
            shop.PersonStands("anna", new Point(0.15f + (n * 0.018f), n % 2 == 0 ? 0.59f : 0.611f), from: 1 + (n * 0.2), to: 1.2 + (n * 0.2));
        }
        shop.After(15.Seconds());

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
    }

    [Fact]
    public void Whoever_comes_out_of_a_doorway_on_the_line_has_crossed_it()
    {
        Shop shop = Open().PersonWalks("anna", new Point(0.5f, 0.61f), s_out, at: 2, takes: 2).PersonStands("anna", s_out, from: 4, to: 6).After(10.Seconds());

        ShopEvent.LineCrossed crossed = Assert.Single(shop.All<ShopEvent.LineCrossed>());
        Assert.Equal((CrossingDirection.Out, Shop.At(2)), (crossed.Direction, crossed.CrossedAt));
    }

    [Fact]
    public void Whoever_vanishes_into_a_doorway_on_the_line_has_crossed_it()
    {
        Shop shop = Open().PersonWalks("anna", s_out, new Point(0.5f, 0.62f), at: 2, takes: 2).After(10.Seconds());

        Assert.Equal(CrossingDirection.In, Assert.Single(shop.All<ShopEvent.LineCrossed>()).Direction);
        Assert.Single(shop.All<ShopEvent.VisitStarted>());
    }

    [Fact]
    public void Somebody_who_came_out_where_another_went_in_is_somebody_else()
    {
        Shop shop = Open().PersonWalks("anna", s_out, new Point(0.5f, 0.62f), at: 2, takes: 1.2).PersonWalks("ben", new Point(0.5f, 0.61f), s_out, at: 3.8, takes: 1.2)
            .PersonStands("ben", s_out, from: 5, to: 8).After(12.Seconds());

        Assert.Equal([CrossingDirection.In, CrossingDirection.Out], shop.All<ShopEvent.LineCrossed>().Select(c => c.Direction).Order());
    }

    [Fact]
    public void Passer_by_who_stops_before_the_line_and_goes_on_is_nobody()
    {
        Shop shop = Open().PersonWalks("anna", new Point(0.05f, 0.7f), new Point(0.5f, 0.68f), at: 1, takes: 3).PersonStands("anna", new Point(0.5f, 0.68f), from: 4, to: 20)
            .PersonWalks("anna", new Point(0.5f, 0.68f), new Point(0.95f, 0.7f), at: 20, takes: 3).After(30.Seconds());

        Assert.Empty(shop.Events);
    }

    [Fact]
    public void Feet_that_are_hidden_for_a_moment_cross_nothing()
    {
        // Behind a basket the lower third of the person is not seen: the box ends above the line while the feet stay below it.
        Shop shop = Open();
        for (int n = 0; n < 60; n++)
        {
            bool hidden = n is > 20 and < 35;
            float x = 0.2f + (n * 0.01f);
            shop.Tell(new ShopInput.FrameObserved(Shop.At(n / 10.0), "cam", [new PersonSeen(new Box(x - 0.05f, 0.27f, 0.1f, hidden ? 0.27f : 0.4f), 0.9f, null)]));
            shop.Tell(new ShopInput.Tick(Shop.At(n / 10.0)));
        }
        shop.Close();

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
    }

    [Fact]
    public void In_view_from_the_first_picture_is_not_come_in()
    {
        Shop shop = Shop.Open().PersonStands("anna", new Point(0.04f, 0.8f), from: 0, to: 5).PersonWalks("anna", new Point(0.04f, 0.8f), new Point(0.5f, 0.8f), at: 5, takes: 3)
            .PersonWalks("anna", new Point(0.5f, 0.8f), new Point(1.06f, 0.8f), at: 8, takes: 3).After(15.Seconds());

        Assert.Empty(shop.All<ShopEvent.VisitStarted>());
        ShopEvent.LineCrossed crossed = Assert.Single(shop.All<ShopEvent.LineCrossed>());
        Assert.Equal(("exit", CrossingDirection.Out), (crossed.Line, crossed.Direction));
    }

    private static Shop Open(VisitsConfig? visits = null) => Shop.Open(c => c with
    {
        Cameras = [new CameraConfig("cam", "clip:a.mp4", Lines: [s_line])], Gates = [], Visits = visits ?? c.Visits,
    });
}
