using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Visits;

/// <summary>Who comes and goes at the edges of the picture, and who only seems to. Each case was seen on a filmed clip.</summary>
public class DoorTests
{
    [Fact]
    public void Whoever_looks_in_at_the_door_and_turns_back_is_nobody()
    {
        Shop shop = Open(FrameEdge.Left).PersonWalks("anna", new Point(-0.06f, 0.8f), new Point(0.08f, 0.8f), at: 5, takes: 0.6)
            .PersonWalks("anna", new Point(0.08f, 0.8f), new Point(-0.06f, 0.8f), at: 5.6, takes: 0.6).After(10.Seconds());

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
        Assert.Empty(shop.All<ShopEvent.VisitStarted>());
    }

    [Fact]
    public void Whoever_stays_longer_than_a_look_and_goes_back_came_in_and_went_out()
    {
        Shop shop = Open(FrameEdge.Left).PersonWalks("anna", new Point(-0.06f, 0.8f), new Point(0.2f, 0.8f), at: 5, takes: 1)
            .PersonWalks("anna", new Point(0.2f, 0.8f), new Point(-0.06f, 0.8f), at: 6, takes: 1).After(12.Seconds());

        Assert.Equal([CrossingDirection.In, CrossingDirection.Out], shop.All<ShopEvent.LineCrossed>().Select(c => c.Direction));
    }

    [Fact]
    public void Whoever_crosses_the_picture_fast_from_door_to_door_came_in_and_went_out()
    {
        // Sooner than a turn at the door would count.
        Shop shop = Open(new VisitsConfig(TurnBackSeconds: 4), FrameEdge.Left, FrameEdge.Right)
            .PersonWalks("anna", new Point(-0.06f, 0.8f), new Point(1.06f, 0.8f), at: 5, takes: 3).After(12.Seconds());

        Assert.Equal([("Left", CrossingDirection.In), ("Right", CrossingDirection.Out)], shop.All<ShopEvent.LineCrossed>().Select(c => (c.Line, c.Direction)));
    }

    [Fact]
    public void Whoever_stands_at_an_edge_and_is_found_and_lost_there_neither_came_nor_went()
    {
        Shop shop = Open(FrameEdge.Bottom).PersonStands("anna", new Point(0.5f, 1.02f), from: 4, to: 12).Hidden("anna", from: 8, to: 10.5).After(20.Seconds());

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
    }

    [Fact]
    public void Whoever_is_found_deep_in_the_picture_right_after_its_start_was_there_before()
    {
        Shop shop = Open(FrameEdge.Bottom).PersonWalks("anna", new Point(0.5f, 1.0f), new Point(0.5f, 0.8f), at: 0, takes: 3).Hidden("anna", from: 0, to: 0.5)
            .PersonStands("anna", new Point(0.5f, 0.8f), from: 3, to: 8).After(9.Seconds());

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
    }

    [Fact]
    public void Mannequin_beside_a_line_does_not_cross_it_when_somebody_passes_in_front()
    {
        // A window with a mannequin behind the threshold; the passer-by's box swallows it for a moment, and is in two pieces for another.
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Doors = [], Lines = [new LineConfig("line", new Point(0.9f, 0.6f), new Point(0.1f, 0.6f))] }] })
            .PersonStands("mannequin", new Point(0.5f, 0.56f), from: 0, to: 12).Hidden("mannequin", from: 5.6, to: 7)
            .PersonWalks("anna", new Point(0.9f, 0.68f), new Point(0.1f, 0.68f), at: 4, takes: 4).Hidden("anna", from: 5.6, to: 5.8);
        Box passer = Some.Person(new Point(0.56f, 0.68f))!.Value;
        shop.FalseDetection(passer with { Y = passer.Y - 0.08f, Height = passer.Height + 0.08f }, 5.6, 5.7)
            .FalseDetection(passer with { Y = passer.Y + 0.1f, Height = passer.Height - 0.13f }, 5.8, 5.9).After(14.Seconds());

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
    }

    [Fact]
    public void Walk_that_breaks_in_two_before_a_door_is_one()
    {
        // The look changes on the way, so that the second half is taken for somebody else; nobody vanished at the line where the first half ends.
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Doors = [], Lines = [new LineConfig("line", new Point(0.9f, 0.6f), new Point(0.1f, 0.6f))] }] })
            .LooksLike("anna", 1).LooksLike("same", 2)
            .PersonWalks("anna", new Point(0.5f, 0.85f), new Point(0.5f, 0.65f), at: 2, takes: 2).PersonWalks("same", new Point(0.5f, 0.645f), new Point(0.5f, 0.45f), at: 4.3, takes: 2)
            .PersonStands("same", new Point(0.5f, 0.45f), from: 6.3, to: 9).After(12.Seconds());

        Assert.Equal(CrossingDirection.In, Assert.Single(shop.All<ShopEvent.LineCrossed>()).Direction);
    }

    private static Shop Open(params FrameEdge[] edges) => Open(new VisitsConfig(), edges);

    private static Shop Open(VisitsConfig visits, params FrameEdge[] edges) =>
        Shop.Open(c => c with { Visits = visits, Cameras = [c.Cameras[0] with { Doors = [.. edges.Select(e => new DoorConfig(e.ToString(), e))] }] });
}
