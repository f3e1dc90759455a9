using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Watch;

/// <summary>A door or a line that fits the ways people walked in a clip, with what it would have counted there.</summary>
internal sealed record Proposal(DoorConfig? Door, LineConfig? Line, int Begin, int End, int In, int Out);

/// <summary>
/// Where people came into view or left it in a clip: at an edge of the picture that is a door, in the middle of it, such as a doorway, a line
/// across their way, a little inside of where they appeared.
/// </summary>
internal sealed class Proposals(WatchRun run, DeviceConfig store, CameraConfig camera)
{
    // As CameraFloor: a box this close to the edge touches it.
    private const float EdgeMargin = 0.03f;

    // A way that is shorter is somebody who stood there, or a flicker. Fractions of the picture.
    private const float ShortestWay = 0.1f;
    private const int FewestSteps = 8;

    // The line lies this far along the way from where people appear: beside the threshold, where they walk, not on it, where they meet.
    private const float Beside = 0.06f;

    // Beginnings and ends closer than this belong to one doorway.
    private const float SamePlace = 0.15f;

    private const float HalfLength = 0.09f;

    public IReadOnlyList<Proposal> Find()
    {
        DateTimeOffset first = run.Seen.Count > 0 ? run.Seen[0].At : default;
        DateTimeOffset last = run.Seen.Count > 0 ? run.Seen[^1].At : default;
        var ends = new List<WayEnd>();
        foreach (List<Footstep> way in run.Overlay.Ways.Values)
        {
            if (way.Count < FewestSteps || Distance(way[0].Box.Foot, way[^1].Box.Foot) < ShortestWay)
            {
                continue;
            }
            // Who was in view at the clip's first or last picture says nothing about doors.
            if ((way[0].At - first).TotalSeconds > 0.5)
            {
                ends.Add(Of(way[0].Box, way[way.Count / 3].Box, begins: true));
            }
            if ((last - way[^1].At).TotalSeconds > 0.5)
            {
                ends.Add(Of(way[^1].Box, way[^(way.Count / 3)].Box, begins: false));
            }
        }
        return [.. Doors(ends), .. Lines(ends)];
    }

    private IEnumerable<Proposal> Doors(List<WayEnd> ends)
    {
        foreach (FrameEdge edge in Enum.GetValues<FrameEdge>())
        {
            int begin = ends.Count(e => e.Edge == edge && e.Begins);
            int end = ends.Count(e => e.Edge == edge && !e.Begins);
            if (begin + end == 0)
            {
                continue;
            }
            DoorUse use = end == 0 ? DoorUse.In : begin == 0 ? DoorUse.Out : DoorUse.Both;
            var door = new DoorConfig(edge.ToString().ToLowerInvariant(), edge, use);
            (int counted, int left) = Count(camera with { Doors = [door], Lines = [] });
            yield return new Proposal(door, null, begin, end, counted, left);
        }
    }

    private IEnumerable<Proposal> Lines(List<WayEnd> ends)
    {
        List<WayEnd> inside = [.. ends.Where(e => e.Edge is null)];
        int number = 1;
        while (inside.Count > 0)
        {
            WayEnd seed = inside[0];
            List<WayEnd> together = [.. inside.Where(e => Distance(e.At, seed.At) <= SamePlace)];
            inside.RemoveAll(together.Contains);
            Point at = Mean(together.Select(e => e.At));
            Point way = Unit(Mean(together.Select(e => e.Inwards)));
            if (way == default)
            {
                continue;
            }
            var middle = new Point(at.X + (way.X * Beside), at.Y + (way.Y * Beside));
            float half = HalfLength + together.Max(e => Distance(e.At, at));
            // Walking inwards crosses from the left hand to the right hand of somebody who looks along the line.
            var along = new Point(way.Y, -way.X);
            var line = new LineConfig(
                $"line-{number++}", Inside(middle.X - (along.X * half), middle.Y - (along.Y * half)), Inside(middle.X + (along.X * half), middle.Y + (along.Y * half)));
            (int counted, int left) = Count(camera with { Doors = [], Lines = [line] });
            yield return new Proposal(null, line, together.Count(e => e.Begins), together.Count(e => !e.Begins), counted, left);
        }
    }

    /// <summary>The shop again on what was seen, with one proposal alone.</summary>
    private (int In, int Out) Count(CameraConfig tried) => new Recount(store, tried, run.Seen).Crossings();

    /// <param name="later">Where the person was further inside the picture.</param>
    private static WayEnd Of(in Box box, in Box later, bool begins)
    {
        FrameEdge? edge =
            box.Bottom >= 1 - EdgeMargin ? FrameEdge.Bottom
            : box.X <= EdgeMargin ? FrameEdge.Left
            : box.Right >= 1 - EdgeMargin ? FrameEdge.Right
            : box.Y <= EdgeMargin ? FrameEdge.Top
            : null;
        return new WayEnd(box.Foot, Unit(new Point(later.Foot.X - box.Foot.X, later.Foot.Y - box.Foot.Y)), edge, begins);
    }

    private static Point Inside(float x, float y) => new(MathF.Round(Math.Clamp(x, 0, 1), 3), MathF.Round(Math.Clamp(y, 0, 1), 3));

    private static Point Mean(IEnumerable<Point> points)
    {
        Point[] all = [.. points];
        return new Point(all.Average(p => p.X), all.Average(p => p.Y));
    }

    private static Point Unit(Point p)
    {
        float length = MathF.Sqrt((p.X * p.X) + (p.Y * p.Y));
        return length < 1e-3f ? default : new Point(p.X / length, p.Y / length);
    }

    private static float Distance(Point a, Point b) => MathF.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));

    /// <summary>Where a way begins or ends.</summary>
    /// <param name="Inwards">Towards the rest of the way, of length 1.</param>
    /// <param name="Edge">The edge of the picture it touches; null in the middle.</param>
    private sealed record WayEnd(Point At, Point Inwards, FrameEdge? Edge, bool Begins);
}
