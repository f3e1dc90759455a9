using EdgeAgent.Core.Config;
using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core.Tests.Visits;

/// <summary>One floor of 10 by 10 metres. Camera "west" sees x from 0 to 6, "east" from 4 to 10 and from the other side.</summary>
public class TwoCameraTests
{
    private static readonly Point[] s_corners = [new(0.3f, 0.4f), new(0.7f, 0.4f), new(1, 1), new(0, 1)];
    private static readonly FloorConfig s_west = new(s_corners, [new(0, 0), new(6, 0), new(6, 10), new(0, 10)]);
    private static readonly FloorConfig s_east = new(s_corners, [new(10, 10), new(4, 10), new(4, 0), new(10, 0)]);

    [Fact]
    public void Map_takes_the_four_places_to_where_they_were_measured_and_the_middle_of_a_square_to_its_middle()
    {
        var map = new FloorMap(s_west);
        for (int i = 0; i < 4; i++)
        {
            Point found = map.ToFloor(s_west.Image[i])!.Value;
            Assert.Equal((s_west.Metres[i].X, s_west.Metres[i].Y), (MathF.Round(found.X, 3), MathF.Round(found.Y, 3)));
        }
        // Where the diagonals of the picture's quadrangle meet, those of the floor meet too.
        Point middle = map.ToFloor(new Point(0.5f, 0.4f + (0.6f * 0.4f / 1.4f)))!.Value;
        Assert.Equal((3f, 5f), (MathF.Round(middle.X, 3), MathF.Round(middle.Y, 3)));
        // Above the horizon there is no floor: the sides meet at y = 0.
        Assert.Null(map.ToFloor(new Point(0.5f, -0.1f)));
    }

    [Theory]
    [InlineData(new[] { 0.1f, 0.5f, 0.5f, 0.5f, 0.9f, 0.5f, 0.5f, 0.9f })]
    [InlineData(new[] { 0.1f, 0.1f, 0.9f, 0.9f, 0.9f, 0.1f, 0.1f, 0.9f })]
    [InlineData(new[] { 0.1f, 0.1f, 0.9f, 0.1f, 0.9f, 0.1f, 0.1f, 0.9f })]
    public void Places_that_make_no_map_are_refused(float[] xy)
    {
        Point[] image = [.. Enumerable.Range(0, 4).Select(i => new Point(xy[2 * i], xy[(2 * i) + 1]))];

        Assert.Contains("on one line", FloorMap.Problem(s_west with { Image = image }), StringComparison.Ordinal);
        Assert.Contains("four places are needed", FloorMap.Problem(s_west with { Image = image[..3] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Person_who_walks_from_camera_to_camera_is_one_visit()
    {
        List<ShopEvent> events = Play(new Walker([new(-0.5f, 5), new(10.5f, 5)], 1, 21));

        ShopEvent.VisitStarted started = Assert.Single(events.OfType<ShopEvent.VisitStarted>());
        ShopEvent.VisitEnded ended = Assert.Single(events.OfType<ShopEvent.VisitEnded>());
        Assert.Equal((started.Visit, "east", "out", VisitEnding.Left), (ended.Visit, ended.Camera, ended.Door, ended.Ending));
    }

    [Fact]
    public void Two_who_pass_each_other_under_both_cameras_are_two_visits()
    {
        List<ShopEvent> events = Play(
            new Walker([new(-0.5f, 3), new(10.5f, 3)], 1, 21, Look: 1), new Walker([new(-0.5f, 8), new(5, 8), new(5, 8), new(10.5f, 8)], 6, 36, Look: 2));

        Assert.Equal(2, events.OfType<ShopEvent.VisitStarted>().Count());
        Assert.Equal([VisitEnding.Left, VisitEnding.Left], events.OfType<ShopEvent.VisitEnded>().Select(e => e.Ending));
        Assert.Equal(2, events.OfType<ShopEvent.VisitEnded>().Select(e => e.Visit).Distinct().Count());
    }

    [Fact]
    public void Entrance_that_two_cameras_watch_lets_one_person_in_once()
    {
        // Both cameras have a line where x = 5.
        List<ShopEvent> events = Play(
            c => c with { Doors = [], Lines = [new LineConfig(c.Id + "-line", c.Id == "west" ? At(s_west, 5, 10) : At(s_east, 5, 10), c.Id == "west" ? At(s_west, 5, 0) : At(s_east, 5, 0))] },
            new Walker([new(4.2f, 5), new(5.8f, 5), new(5.8f, 5)], 1, 9));

        Assert.Equal([CrossingDirection.In, CrossingDirection.In], events.OfType<ShopEvent.LineCrossed>().Select(c => c.Direction));
        Assert.Single(events.OfType<ShopEvent.VisitStarted>());
    }

    [Fact]
    public void Somebody_found_further_away_than_anybody_walks_is_somebody_else()
    {
        // Without looks: one vanishes in the west; half a second later somebody stands in the far east.
        List<ShopEvent> events = Play(new Walker([new(-0.5f, 5), new(1, 5)], 1, 5), new Walker([new(9, 5), new(9, 5.2f)], 5.2, 20));

        Assert.Equal(VisitEnding.Closing, Assert.Single(events.OfType<ShopEvent.VisitEnded>()).Ending);
        Assert.InRange(events.OfType<ShopEvent.VisitEnded>().Single().Until, Shop.At(4.5), Shop.At(5.1));
    }

    [Fact]
    public void Looks_of_all_cameras_are_wiped_when_the_visit_ends()
    {
        var looks = new List<Appearance>();
        Play(c => c, looks, new Walker([new(-0.5f, 5), new(10.5f, 5)], 1, 21, Look: 3));

        Assert.NotEmpty(looks);
        Assert.All(looks, look => Assert.Equal(-1, look.AsSpan().IndexOfAnyExcept(0)));
    }

    private static List<ShopEvent> Play(params Walker[] walkers) => Play(c => c, walkers);

    private static List<ShopEvent> Play(Func<CameraConfig, CameraConfig> with, params Walker[] walkers) => Play(with, [], walkers);

    private static List<ShopEvent> Play(Func<CameraConfig, CameraConfig> with, List<Appearance> looks, params Walker[] walkers)
    {
        CameraConfig west = with(new CameraConfig("west", "clip:w.mp4", Lines: [new LineConfig("in", At(s_west, 0.5f, 10), At(s_west, 0.5f, 0))], Floor: s_west));
        CameraConfig east = with(new CameraConfig("east", "clip:e.mp4", Lines: [new LineConfig("out", At(s_east, 9.5f, 0), At(s_east, 9.5f, 10))], Floor: s_east));
        var floor = new ShopFloor(Some.Config with { Cameras = [west, east], Gates = [] }, Stock.Identify, Some.Random(1));
        var events = new List<ShopEvent>();
        for (int n = 0; n < 450; n++)
        {
            foreach (CameraConfig camera in new[] { west, east })
            {
                var people = new List<PersonSeen>();
                foreach (Walker walker in walkers)
                {
                    if (walker.Where(n / 10.0) is Point place && (camera == west ? place.X < 6 : place.X > 4))
                    {
                        Point foot = At(camera.Floor!, place.X, place.Y);
                        float height = 0.35f * foot.Y;
                        Appearance? look = walker.Look is int axis ? Some.Look(axis) : null;
                        if (look is not null)
                        {
                            looks.Add(look);
                        }
                        people.Add(new PersonSeen(new Box(foot.X - (height / 6), foot.Y - height, height / 3, height), 0.9f, look));
                    }
                }
                floor.On(new ShopInput.FrameObserved(Shop.At(n / 10.0), camera.Id, people), events);
            }
            floor.On(new ShopInput.Tick(Shop.At(n / 10.0)), events);
        }
        floor.On(new ShopInput.Closing(Shop.At(45)), events);
        return events;
    }

    /// <summary>Where the picture shows a place of the floor: the map the other way round.</summary>
    private static Point At(FloorConfig floor, float x, float y) => new FloorMap(new FloorConfig(floor.Metres, floor.Image)).ToFloor(new Point(x, y))!.Value;

    private sealed record Walker(Point[] Way, double From, double To, int? Look = null)
    {
        public Point? Where(double now)
        {
            if (now < From || now > To)
            {
                return null;
            }
            double part = (now - From) / (To - From) * (Way.Length - 1);
            int leg = Math.Min((int)part, Way.Length - 2);
            float rest = (float)(part - leg);
            return new Point(Way[leg].X + (rest * (Way[leg + 1].X - Way[leg].X)), Way[leg].Y + (rest * (Way[leg + 1].Y - Way[leg].Y)));
        }
    }
}
