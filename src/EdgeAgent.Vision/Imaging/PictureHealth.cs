using EdgeAgent.Core;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Says whether a camera's picture can still be believed: frozen, black, covered, filled in, out of focus, or turned away. It compares with what it has learned of
/// the same camera since its start, in memory only. The same pictures at the same times give the same answers. One thread at a time.
/// </summary>
/// <remarks>
/// A fault must be there for some seconds before it counts, and be gone for two before it is over. In the order of judgement, for a black picture
/// is also covered, and a blurred one also has moved.
/// </remarks>
internal sealed class PictureHealth(IReadOnlyList<IReadOnlyList<Point>> masks)
{
    // Five looks a second tell all there is to know and cost a fifth at 25 pictures a second.
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(0.19);

    // A pause in the stream is the watchdog's business: no look counts for longer than this.
    private const float LongestStep = 1;

    private const float GoneSeconds = 2;

    private GreyGrid? _grid;
    private PictureLife? _life;
    private PictureScene? _scene;
    private PictureFill? _fill;
    private DateTimeOffset? _last;
    private SensorReason _candidate;
    private float _candidateSeconds;
    private float _goneSeconds;

    /// <summary>The fault that is found; <see cref="SensorReason.None"/> when there is none.</summary>
    public SensorReason Fault { get; private set; }

    /// <summary>
    /// The picture shows nothing that may be counted. From the first dark, covered or filled in picture on, for who is not seen then has not left; a
    /// blurred picture is still looked at.
    /// </summary>
    public bool IsBlind => Fault is SensorReason.Frozen or SensorReason.Black or SensorReason.Covered or SensorReason.Moved or SensorReason.DamagedMessage
        || _candidate is SensorReason.Black or SensorReason.Covered or SensorReason.DamagedMessage;

    /// <summary>Takes in the next picture. Does not keep it.</summary>
    /// <param name="at">Must not run backwards.</param>
    public void Look(Frame frame, DateTimeOffset at)
    {
        if (_last is DateTimeOffset last && at - last < s_lookEvery)
        {
            return;
        }
        float seconds = _last is DateTimeOffset before ? MathF.Min((float)(at - before).TotalSeconds, LongestStep) : 0;
        _last = at;
        if (_grid is null || _grid.Width != frame.Width || _grid.Height != frame.Height)
        {
            // Another resolution is another picture: everything is learned anew.
            _grid = new GreyGrid(frame.Width, frame.Height, masks);
            _life = new PictureLife(_grid);
            _scene = new PictureScene(_grid);
            _fill = new PictureFill();
        }
        _grid.Fill(frame);
        SensorReason seen = _life!.Look(_grid, seconds, frozen: Fault == SensorReason.Frozen);
        SensorReason scene = _scene!.Look(_grid, seconds, seen == SensorReason.None ? Fault : seen);
        bool filled = _fill!.Look(_grid, seconds);
        // A black or covered picture may well be frozen too, as one without noise is; what the camera shows says more about what to do.
        Judge(scene is SensorReason.Black or SensorReason.Covered ? scene : filled ? SensorReason.DamagedMessage : seen == SensorReason.None ? scene : seen, seconds);
    }

    private void Judge(SensorReason seen, float seconds)
    {
        if (seen != _candidate)
        {
            _candidate = seen;
            _candidateSeconds = 0;
        }
        _candidateSeconds += seconds;
        if (seen == Fault)
        {
            _goneSeconds = 0;
            return;
        }
        _goneSeconds += seconds;
        if (seen != SensorReason.None && _candidateSeconds >= ConfirmSeconds(seen))
        {
            (Fault, _goneSeconds) = (seen, 0);
        }
        else if (seen == SensorReason.None && _goneSeconds >= GoneSeconds)
        {
            Fault = SensorReason.None;
        }
    }

    /// <summary>Somebody who passes close to the lens covers and moves the picture for a moment.</summary>
    private static float ConfirmSeconds(SensorReason reason) => reason switch
    {
        SensorReason.Frozen => 0, // its own ten seconds have passed
        SensorReason.Black or SensorReason.DamagedMessage => 2,
        SensorReason.Covered => 4,
        _ => 6,
    };
}
