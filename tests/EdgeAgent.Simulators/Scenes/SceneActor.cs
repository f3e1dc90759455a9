namespace EdgeAgent.Simulators.Scenes;

/// <summary>A place on the floor at a time. Straight walk to the next one; the same place twice is standing.</summary>
/// <param name="Seconds">From the start of the scene.</param>
/// <param name="X">Foot point in pixels; may lie outside the picture.</param>
/// <param name="Reaches">From here to the next waypoint an arm is stretched towards the shelf.</param>
public readonly record struct Waypoint(double Seconds, float X, float Y, bool Reaches = false);

/// <summary>One person of a scene: exists from the first to the last waypoint.</summary>
public sealed record SceneActor(string Name, Outfit Outfit, IReadOnlyList<Waypoint> Path)
{
    /// <summary>False when the actor is not in the scene at this time.</summary>
    internal bool TryPose(double seconds, ShopCamera camera, out Pose pose)
    {
        pose = default;
        if (Path.Count == 0 || seconds < Path[0].Seconds || seconds > Path[^1].Seconds)
        {
            return false;
        }
        float step = 0;
        float headingX = 0;
        float headingY = 1;
        for (int i = 0; i + 1 < Path.Count; i++)
        {
            Waypoint from = Path[i];
            Waypoint to = Path[i + 1];
            float dx = to.X - from.X;
            float dy = to.Y - from.Y;
            float length = MathF.Sqrt((dx * dx) + (dy * dy));
            if (length > 0)
            {
                headingX = dx / length;
                headingY = dy / length;
            }
            // Two steps make one turn of the phase: about 0.85 of the body's height on the floor, which is foreshortened in y.
            float ground = MathF.Sqrt((dx * dx) + (2.2f * dy * dy)) / (0.85f * camera.Height((from.Y + to.Y) / 2));
            if (seconds > to.Seconds)
            {
                step += ground;
                continue;
            }
            float t = to.Seconds > from.Seconds ? (float)((seconds - from.Seconds) / (to.Seconds - from.Seconds)) : 0;
            float y = from.Y + (dy * t);
            bool walks = length > 0;
            if (from.Reaches && !walks)
            {
                // A shopper at the shelf turns to it.
                headingX = 0;
                headingY = -1;
            }
            pose = new Pose(from.X + (dx * t), y, camera.Height(y), headingX, headingY, step + (ground * t), walks, from.Reaches && !walks);
            return true;
        }
        return false;
    }
}

/// <summary>How the fixed camera maps the floor: a person whose feet are at row y is Slope × (y - Horizon) pixels tall.</summary>
/// <param name="Horizon">Row of the horizon, negative: the camera hangs high and looks down.</param>
public sealed record ShopCamera(float Horizon = -260, float Slope = 0.28f)
{
    public float Height(float footY) => Slope * (footY - Horizon);
}
