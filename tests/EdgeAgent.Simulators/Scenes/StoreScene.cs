using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Simulators.Scenes;

/// <summary>
/// A drawn shop with people in it, as a fixed camera would see it, together with the truth about who is in view when.
/// The same scene gives the same pixels on every machine. One thread at a time.
/// </summary>
public sealed partial class StoreScene
{
    public const int Width = 640;
    public const int Height = 360;
    public const int FramesPerSecond = 10;

    /// <summary>BGR24 without padding.</summary>
    public const int FrameBytes = Width * Height * 3;

    /// <summary>A figure counts as in view from this many pixels in both directions.</summary>
    public const int MinVisiblePx = 6;

    private readonly ShopDecor _decor;
    private readonly byte[] _backdrop = new byte[FrameBytes];
    private readonly SensorNoise _sensor;
    private readonly Figure[] _figures;
    private readonly int[] _order;
    private IReadOnlyList<ActorTruth>? _truth;

    private StoreScene(int frames, ShopDecor decor, IReadOnlyList<SceneActor> actors)
    {
        FrameCount = frames;
        Actors = actors;
        _decor = decor;
        _decor.DrawBackdrop(new Canvas(_backdrop, Width, Height));
        _sensor = new SensorNoise(decor.Seed, decor.NoiseLevel);
        _figures = [.. actors.Select(_ => new Figure())];
        _order = new int[actors.Count];
    }

    public int FrameCount { get; }

    public IReadOnlyList<SceneActor> Actors { get; }

    /// <summary>Every actor that comes into view, in the order of <see cref="Actors"/>.</summary>
    public IReadOnlyList<ActorTruth> Truth => _truth ??= [.. Enumerable.Range(0, Actors.Count).Select(TruthOf).OfType<ActorTruth>()];

    /// <summary>Paints one picture.</summary>
    /// <param name="bgr">At least <see cref="FrameBytes"/> long.</param>
    public void Render(int frameIndex, Span<byte> bgr)
    {
        bgr = bgr[..FrameBytes];
        _backdrop.CopyTo(bgr);
        var canvas = new Canvas(bgr, Width, Height);
        int present = PoseAll(frameIndex);
        foreach (int i in _order.AsSpan(0, present))
        {
            _figures[i].DrawShadow(canvas);
        }

        // From the back of the shop to the front: whoever stands lower in the picture hides the others.
        int next = 0;
        foreach (Fixture fixture in _decor.Fixtures)
        {
            for (; next < present && _figures[_order[next]].Ground < fixture.Ground; next++)
            {
                _figures[_order[next]].Draw(canvas);
            }
            fixture.Draw(canvas);
        }
        for (; next < present; next++)
        {
            _figures[_order[next]].Draw(canvas);
        }
        _sensor.Apply(frameIndex, bgr);
    }

    /// <summary>Who can be seen in a picture, from the back of the shop to the front.</summary>
    public IReadOnlyList<SeenFigure> Seen(int frameIndex)
    {
        int present = PoseAll(frameIndex);
        var seen = new List<SeenFigure>(present);
        for (int at = 0; at < present; at++)
        {
            int i = _order[at];
            Box px = _figures[i].Extent(Width, Height);
            if (px.Width >= MinVisiblePx && px.Height >= MinVisiblePx)
            {
                var box = new Box(px.X / Width, px.Y / Height, px.Width / Width, px.Height / Height);
                seen.Add(new SeenFigure(i, box, VisibleShare(at, present, px)));
            }
        }
        return seen;
    }

    /// <summary>Puts all present figures into their poses and sorts them from back to front; returns how many there are.</summary>
    private int PoseAll(int frameIndex)
    {
        double seconds = (double)frameIndex / FramesPerSecond;
        int present = 0;
        for (int i = 0; i < Actors.Count; i++)
        {
            if (Actors[i].TryPose(seconds, _decor.Camera, out Pose pose))
            {
                _figures[i].Stand(Actors[i].Outfit, pose);
                int at = present++;
                for (; at > 0 && _figures[_order[at - 1]].Ground > pose.Y; at--)
                {
                    _order[at] = _order[at - 1];
                }
                _order[at] = i;
            }
        }
        return present;
    }

    /// <summary>Samples the figure every third pixel and asks what stands in front of it.</summary>
    private float VisibleShare(int at, int present, Box px)
    {
        Figure figure = _figures[_order[at]];
        int own = 0;
        int free = 0;
        for (float y = px.Y + 1.5f; y < px.Bottom; y += 3)
        {
            for (float x = px.X + 1.5f; x < px.Right; x += 3)
            {
                if (figure.Covers(x, y))
                {
                    own++;
                    free += IsHidden(at, present, figure.Ground, x, y) ? 0 : 1;
                }
            }
        }
        return own == 0 ? 0 : (float)free / own;
    }

    private bool IsHidden(int at, int present, float ground, float x, float y)
    {
        for (int other = at + 1; other < present; other++)
        {
            if (_figures[_order[other]].Covers(x, y))
            {
                return true;
            }
        }
        foreach (Fixture fixture in _decor.Fixtures)
        {
            if (fixture.Ground > ground && fixture.Hides(x, y))
            {
                return true;
            }
        }
        return false;
    }

    private ActorTruth? TruthOf(int actor)
    {
        int first = -1;
        int last = -1;
        Box firstPx = default;
        Box lastPx = default;
        for (int frame = 0; frame < FrameCount; frame++)
        {
            if (Actors[actor].TryPose((double)frame / FramesPerSecond, _decor.Camera, out Pose pose))
            {
                _figures[actor].Stand(Actors[actor].Outfit, pose);
                Box px = _figures[actor].Extent(Width, Height);
                if (px.Width >= MinVisiblePx && px.Height >= MinVisiblePx)
                {
                    if (first < 0)
                    {
                        (first, firstPx) = (frame, px);
                    }
                    (last, lastPx) = (frame, px);
                }
            }
        }
        return first < 0 ? null : new ActorTruth(Actors[actor].Name, first, last, NearestEdge(firstPx), NearestEdge(lastPx));
    }

    private static FrameEdge NearestEdge(Box px)
    {
        // The far side of the box is nearest to the edge over which the figure is just coming or going.
        (float Distance, FrameEdge Edge)[] all =
        [
            (px.Right, FrameEdge.Left), (Width - px.X, FrameEdge.Right), (px.Bottom, FrameEdge.Top), (Height - px.Y, FrameEdge.Bottom),
        ];
        return all.MinBy(edge => edge.Distance).Edge;
    }
}
