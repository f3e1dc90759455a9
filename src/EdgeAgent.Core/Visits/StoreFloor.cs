using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>The floor that cameras share, as far as they were measured: where tracks stand, and whether two of them can be one person.</summary>
internal sealed class StoreFloor
{
    // Two cameras place one person at most this far apart: a foot point is good to some 5 % of a height, and further at the far end. Metres.
    private const float SamePlace = 1.0f;

    // ... at most this long after each other, seconds. Cameras are not in step.
    private const double SameTime = 0.5;

    // A look from another side is another look: only a clear difference speaks against.
    private const float OtherLook = 0.2f;

    // Nobody walks faster through a shop. Metres a second.
    private const float Fastest = 3;

    // Where a camera has no floor, a person is taken to be this tall. Metres.
    private const float PersonMetres = 1.7f;
    private const float Across = 0.65f;

    private readonly Dictionary<string, FloorMap> _maps = [];

    public StoreFloor(IReadOnlyList<CameraConfig> cameras)
    {
        foreach (CameraConfig camera in cameras)
        {
            if (camera.Floor is FloorConfig floor)
            {
                _maps.Add(camera.Id, new FloorMap(floor));
            }
        }
    }

    /// <summary>True when two cameras or more know their floor.</summary>
    public bool Shared => _maps.Count > 1;

    /// <summary>Metres on the floor plan; null where the camera has no floor.</summary>
    public Point? Place(string camera, Point foot) => _maps.TryGetValue(camera, out FloorMap? map) ? map.ToFloor(foot) : null;

    /// <summary>How far apart two cameras see these two, if they can be one person at all: other cameras, same time, same place, no other look.</summary>
    public float? SamePerson(string camera, Track track, string otherCamera, Track other)
    {
        if (camera == otherCamera || Math.Abs((track.LastSeen - other.LastSeen).TotalSeconds) > SameTime
            || Place(camera, track.Foot) is not Point a || Place(otherCamera, other.Foot) is not Point b)
        {
            return null;
        }
        float apart = Distance(a, b);
        bool unlike = track.Appearance is Appearance look && other.Appearance is Appearance otherLook && look.Similarity(otherLook) < OtherLook;
        return apart <= SamePlace && !unlike ? apart : null;
    }

    /// <summary>Whether somebody lost there can be here by now. True where nobody knows.</summary>
    public bool InReach(Point? lost, DateTimeOffset lostAt, string camera, Track found)
    {
        if (lost is not Point from || Place(camera, found.FirstBox.Foot) is not Point to)
        {
            return true;
        }
        float seconds = MathF.Max(0, (float)(found.FirstSeen - lostAt).TotalSeconds);
        return Distance(from, to) <= SamePlace + (Fastest * seconds);
    }

    /// <summary>How far apart two came in, in metres: on the floor, or measured by their own height in the same camera. Null when that cannot be said.</summary>
    public float? Apart(string camera, in Box box, string otherCamera, in Box other)
    {
        if (Place(camera, box.Foot) is Point a && Place(otherCamera, other.Foot) is Point b)
        {
            return Distance(a, b);
        }
        if (camera != otherCamera)
        {
            return null;
        }
        float height = MathF.Max(MathF.Max(box.Height, other.Height), 1e-6f);
        return PersonMetres * Distance(new Point(box.Foot.X / (Across * height), box.Bottom / height), new Point(other.Foot.X / (Across * height), other.Bottom / height));
    }

    private static float Distance(Point a, Point b)
    {
        float dx = a.X - b.X;
        float dy = a.Y - b.Y;
        return MathF.Sqrt((dx * dx) + (dy * dy));
    }
}
