using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Overlay;

namespace EdgeAgent.Watch;

/// <summary>What is drawn over a camera's picture: its doors, lines, zones and masks, the people with their ways, and the counts so far.</summary>
internal sealed class Overlay(CameraConfig camera)
{
    // Footsteps shown behind a person while they walk; a still picture shows all that are kept.
    private const int ShownSteps = 40;
    private const int KeptSteps = 2000;

    // Tracks whose ways are kept for the still picture; the oldest go first.
    private const int KeptWays = 500;

    private readonly SortedDictionary<int, List<Footstep>> _ways = [];
    private readonly Dictionary<string, (int In, int Out)> _crossed = [];
    private int _entered;
    private int _left;

    /// <summary>Counts what the shop decided.</summary>
    public void Count(ShopEvent happened)
    {
        switch (happened)
        {
            case ShopEvent.LineCrossed crossed:
                (int In, int Out) before = _crossed.GetValueOrDefault(crossed.Line);
                _crossed[crossed.Line] = crossed.Direction == CrossingDirection.In ? (before.In + 1, before.Out) : (before.In, before.Out + 1);
                break;
            case ShopEvent.VisitStarted:
                _entered++;
                break;
            case ShopEvent.VisitEnded { Ending: VisitEnding.Left }:
                _left++;
                break;
            default:
                break;
        }
    }

    /// <summary>Crossings of a door or line so far.</summary>
    public (int In, int Out) Crossed(string line) => _crossed.GetValueOrDefault(line);

    /// <summary>The way each track has walked.</summary>
    public IReadOnlyDictionary<int, List<Footstep>> Ways => _ways;

    public void Draw(Picture picture, IReadOnlyList<PersonInView> people, TimeSpan at, DateTimeOffset now)
    {
        Places(picture);
        int counted = 0;
        foreach (PersonInView person in people)
        {
            Step(person, now);
            if (!person.Counts)
            {
                picture.Outline(person.Box, Colour.Grey);
                continue;
            }
            counted++;
            Colour colour = person.Visitor ? Colour.Green : Colour.Amber;
            bool hidden = person.LastSeen < now;
            picture.Outline(person.Box, colour, hidden ? 1 : 2);
            picture.Text(new Point(person.Box.X, person.Box.Y), string.Create(CultureInfo.InvariantCulture, $"{person.Track}{(hidden ? " hidden" : "")}"), colour);
            Way(picture, person.Track, ShownSteps, colour);
        }
        picture.Text(new Point(0, 0), string.Create(
            CultureInfo.InvariantCulture, $"{at.TotalSeconds:0.0} s  people {counted}  visits in {_entered} out {_left}"), Colour.White);
    }

    /// <summary>Every way that was walked, for a picture of the whole clip.</summary>
    public void DrawWays(Picture picture)
    {
        Colour[] colours = [Colour.Green, Colour.Amber, Colour.Blue, Colour.Red, Colour.Violet];
        foreach (int track in _ways.Keys)
        {
            Way(picture, track, KeptSteps, colours[track % colours.Length]);
            picture.Dot(_ways[track][^1].Box.Foot, 2, Colour.White);
        }
    }

    private void Step(in PersonInView person, DateTimeOffset now)
    {
        if (person.LastSeen != now)
        {
            return;
        }
        if (!_ways.TryGetValue(person.Track, out List<Footstep>? way))
        {
            if (_ways.Count >= KeptWays)
            {
                _ways.Remove(_ways.Keys.First());
            }
            _ways.Add(person.Track, way = []);
        }
        if (way.Count >= KeptSteps)
        {
            way.RemoveAt(0);
        }
        way.Add(new Footstep(person.Box, now));
    }

    private void Way(Picture picture, int track, int steps, Colour colour)
    {
        if (_ways.TryGetValue(track, out List<Footstep>? way))
        {
            for (int i = Math.Max(1, way.Count - steps); i < way.Count; i++)
            {
                picture.Line(way[i - 1].Box.Foot, way[i].Box.Foot, colour);
            }
        }
    }

    private void Places(Picture picture)
    {
        foreach (IReadOnlyList<Point> mask in camera.Masks)
        {
            picture.Outline(mask, Colour.Grey);
        }
        foreach (ZoneConfig zone in camera.Zones)
        {
            picture.Outline(zone.Area, Colour.Violet, 2);
            picture.Text(zone.Area[0], zone.Id, Colour.Violet);
        }
        foreach (RegionConfig region in camera.Regions)
        {
            picture.Outline(region.Area, Colour.Blue);
            picture.Text(region.Area[0], region.Id, Colour.Blue);
        }
        foreach (DoorConfig door in camera.Doors)
        {
            (Point from, Point to) = Edge(door.Edge);
            picture.Line(from, to, Colour.Blue, 5);
            picture.Text(new Point(((from.X + to.X) / 2) - 0.05f, ((from.Y + to.Y) / 2) - 0.03f), Label(door.Id), Colour.Blue);
        }
        foreach (LineConfig line in camera.Lines)
        {
            picture.Line(line.From, line.To, Colour.Red, 2);
            // In is from the left hand to the right hand when looking along the line in the picture, whose y axis points down.
            float dx = (line.To.X - line.From.X) * picture.Width;
            float dy = (line.To.Y - line.From.Y) * picture.Height;
            float length = MathF.Sqrt((dx * dx) + (dy * dy));
            var middle = new Point((line.From.X + line.To.X) / 2, (line.From.Y + line.To.Y) / 2);
            float arrow = 0.06f * picture.Height;
            picture.Arrow(middle, new Point(middle.X - (dy / length * arrow / picture.Width), middle.Y + (dx / length * arrow / picture.Height)), Colour.Red);
            picture.Text(line.From, Label(line.Id), Colour.Red);
        }
    }

    private string Label(string id) => string.Create(CultureInfo.InvariantCulture, $"{id} in {Crossed(id).In} out {Crossed(id).Out}");

    private static (Point From, Point To) Edge(FrameEdge edge) => edge switch
    {
        FrameEdge.Left => (new Point(0, 0), new Point(0, 1)),
        FrameEdge.Right => (new Point(1, 0), new Point(1, 1)),
        FrameEdge.Top => (new Point(0, 0), new Point(1, 0)),
        FrameEdge.Bottom => (new Point(0, 1), new Point(1, 1)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Where a person was in one picture.</summary>
internal readonly record struct Footstep(Box Box, DateTimeOffset At);
