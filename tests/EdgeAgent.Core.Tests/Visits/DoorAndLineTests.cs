using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Visits;

public class DoorAndLineTests
{
    // From the right to the left of the picture at half height: who walks up the picture crosses from its left hand to its right hand.
    private static readonly LineConfig s_line = new("line", new Point(0.7f, 0.6f), new Point(0.3f, 0.6f));

    [Fact]
    public void Crossing_from_the_left_hand_to_the_right_hand_is_in()
    {
        Shop shop = WithLine().PersonWalks("anna", "street", "hall", at: 1, takes: 3).PersonStands("anna", "hall", from: 4, to: 6)
            .PersonWalks("anna", "hall", "street", at: 6, takes: 3).After(12.Seconds());

        Assert.Equal([CrossingDirection.In, CrossingDirection.Out], shop.All<ShopEvent.LineCrossed>().Select(l => l.Direction));
        Assert.Equal("line", Assert.Single(shop.All<ShopEvent.VisitStarted>()).Door);
        Assert.Equal((VisitEnding.Left, "line"), (shop.All<ShopEvent.VisitEnded>()[0].Ending, shop.All<ShopEvent.VisitEnded>()[0].Door));
    }

    [Fact]
    public void Line_drawn_the_other_way_round_counts_the_other_way_round()
    {
        Shop shop = WithLine(s_line with { From = s_line.To, To = s_line.From }).PersonWalks("anna", "street", "hall", at: 1, takes: 3).After(6.Seconds());

        Assert.Equal(CrossingDirection.Out, Assert.Single(shop.All<ShopEvent.LineCrossed>()).Direction);
    }

    [Fact]
    public void Standing_on_the_line_counts_once()
    {
        Shop shop = WithLine().PersonWalks("anna", new Point(0.5f, 0.8f), new Point(0.5f, 0.6f), at: 1, takes: 2);
        for (int n = 0; n < 20; n++)
        {
            shop.PersonStands("anna", new Point(0.5f, n % 2 == 0 ? 0.592f : 0.608f), from: 3 + (n * 0.2), to: 3.2 + (n * 0.2));
        }
        shop.PersonWalks("anna", new Point(0.5f, 0.6f), new Point(0.5f, 0.5f), at: 7, takes: 1).After(10.Seconds());

        Assert.Equal(CrossingDirection.In, Assert.Single(shop.All<ShopEvent.LineCrossed>()).Direction);
    }

    [Fact]
    public void Passing_beside_the_line_does_not_count()
    {
        Shop shop = WithLine().PersonWalks("anna", new Point(0.8f, 0.95f), new Point(0.8f, 0.5f), at: 1, takes: 3).After(6.Seconds());

        Assert.Empty(shop.All<ShopEvent.LineCrossed>());
    }

    [Theory]
    [InlineData(0.62f, 0.74f, 1)]
    [InlineData(0.76f, 0.66f, 0)]
    public void Where_the_way_meets_the_line_decides_not_where_it_is_noticed(float fromX, float toX, int crossings)
    {
        // One long step between two pictures, aslant across the end of the line at 0.7.
        Shop shop = WithLine().PersonStands("anna", new Point(fromX, 0.63f), from: 1, to: 2).PersonStands("anna", new Point(toX, crossings == 1 ? 0.54f : 0.57f), from: 2, to: 3)
            .After(6.Seconds());

        Assert.Equal(crossings, shop.All<ShopEvent.LineCrossed>().Count);
    }

    [Fact]
    public void Line_crossed_before_the_person_counts_or_has_walked_counts_later_with_its_own_time()
    {
        Shop shop = WithLine(visits: new VisitsConfig(ConfirmFrames: 10, TurnBackSeconds: 0)).PersonWalks("anna", new Point(0.5f, 0.65f), new Point(0.5f, 0.45f), at: 1, takes: 2).After(6.Seconds());

        ShopEvent.VisitStarted started = Assert.Single(shop.All<ShopEvent.VisitStarted>());
        Assert.Equal((Shop.At(1.7), Shop.At(2.5)), (started.Since, started.At));
    }

    [Fact]
    public void Newcomer_before_the_line_is_not_taken_for_a_missing_visitor()
    {
        Shop shop = WithLine().PersonWalks("anna", "street", "hall", at: 1, takes: 3)
            .PersonWalks("ben", "street", "hall", at: 20, takes: 3).After(25.Seconds());

        Assert.Equal(2, shop.All<ShopEvent.VisitStarted>().Count);
        Assert.Equal(2, shop.OpenVisits);
    }

    [Fact]
    public void Second_line_on_the_same_way_opens_no_second_visit()
    {
        Shop shop = WithLine(s_line, s_line with { Id = "second", From = new Point(0.7f, 0.7f), To = new Point(0.3f, 0.7f) })
            .PersonWalks("anna", "street", "hall", at: 1, takes: 3).After(6.Seconds());

        Assert.Equal(["second", "line"], shop.All<ShopEvent.LineCrossed>().Select(l => l.Line));
        Assert.Single(shop.All<ShopEvent.VisitStarted>());
    }

    [Theory]
    [InlineData(FrameEdge.Left, FrameEdge.Bottom)]
    [InlineData(FrameEdge.Bottom, FrameEdge.Left)]
    public void In_a_corner_the_door_is_the_one_the_walk_leads_through(FrameEdge first, FrameEdge second)
    {
        // Cut off by the lower edge all the way, and out at the left.
        Shop shop = WithDoors(first, second).PersonWalks("anna", new Point(0.5f, 1.05f), new Point(-0.06f, 1.05f), at: 1, takes: 3)
            .PersonWalks("ben", new Point(-0.06f, 1.05f), new Point(0.5f, 1.05f), at: 10, takes: 3).After(20.Seconds());

        Assert.Equal("left", shop.All<ShopEvent.VisitEnded>()[0].Door);
        Assert.Equal("left", shop.All<ShopEvent.VisitStarted>()[^1].Door);
    }

    [Theory]
    [InlineData(FrameEdge.Left, FrameEdge.Bottom)]
    [InlineData(FrameEdge.Bottom, FrameEdge.Left)]
    public void In_a_corner_a_walk_through_the_lower_edge_is_one(FrameEdge first, FrameEdge second)
    {
        Shop shop = WithDoors(first, second).PersonWalks("anna", new Point(0.05f, 1.3f), new Point(0.07f, 0.7f), at: 1, takes: 3)
            .PersonWalks("anna", new Point(0.07f, 0.7f), new Point(0.05f, 1.3f), at: 4, takes: 3).After(20.Seconds());

        Assert.Equal("bottom", Assert.Single(shop.All<ShopEvent.VisitStarted>()).Door);
        Assert.Equal("bottom", Assert.Single(shop.All<ShopEvent.VisitEnded>()).Door);
    }

    [Fact]
    public void Door_for_leaving_only_lets_nobody_in()
    {
        Shop shop = Shop.Open(c => c with { Cameras = [c.Cameras[0] with { Doors = [new DoorConfig("exit", FrameEdge.Right, DoorUse.Out)] }] })
            .PersonWalks("anna", "exit", "shelf", at: 1, takes: 3).PersonWalks("anna", "shelf", "exit", at: 4, takes: 3).After(10.Seconds());

        Assert.Empty(shop.All<ShopEvent.VisitStarted>());
        Assert.Equal(CrossingDirection.Out, Assert.Single(shop.All<ShopEvent.LineCrossed>()).Direction);
    }

    [Fact]
    public void Vanishing_in_the_middle_of_the_picture_is_no_crossing()
    {
        Shop shop = Shop.Open().PersonStands("anna", "shelf", from: 1, to: 4).After(10.Seconds());

        Assert.Empty(shop.Events);
    }

    private static Shop WithLine(params LineConfig[] lines) =>
        Shop.Open(c => c with { Cameras = [new CameraConfig("cam", "clip:a.mp4", Lines: lines.Length == 0 ? [s_line] : lines)], Gates = [] });

    private static Shop WithLine(VisitsConfig visits) =>
        Shop.Open(c => c with { Cameras = [new CameraConfig("cam", "clip:a.mp4", Lines: [s_line])], Gates = [], Visits = visits });

    private static Shop WithDoors(FrameEdge first, FrameEdge second) =>
        Shop.Open(c => c with
        {
            Cameras = [new CameraConfig("cam", "clip:a.mp4", Doors: [Door(first), Door(second)])],
            Gates = [],
        });

    private static DoorConfig Door(FrameEdge edge) => new(edge == FrameEdge.Left ? "left" : "bottom", edge);
}
