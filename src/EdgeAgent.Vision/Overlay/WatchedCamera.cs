using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Overlay;

/// <summary>
/// A camera that a person watches: each picture is analysed as always, and a copy of it with every head veiled can be drawn on. The copy is the
/// same memory each time. Heads are where people were found, and where the face model, if there is one, finds a face without a body.
/// </summary>
public sealed class WatchedCamera : IDisposable
{
    // A head is in the upper part of the box around a person; boxes are a little narrow or low now and then.
    private const float HeadHeight = 0.28f;
    private const float Above = 0.06f;
    private const float Aside = 0.15f;

    private readonly CameraConfig _camera;
    private readonly FrameAnalyzer _analyzer;
    private readonly FaceDetector? _faces;
    private readonly TimeProvider _time;
    private readonly List<FaceSeen> _found = [];

    /// <param name="analyzer">Belongs to the caller.</param>
    /// <param name="faces">A model of role faces that finds heads without a body; null for none. Opened here.</param>
    /// <exception cref="ModelException">The face model cannot be used.</exception>
    public WatchedCamera(CameraConfig camera, FrameAnalyzer analyzer, ModelEntry? faces, string modelDirectory, TimeProvider time)
    {
        _camera = camera;
        _analyzer = analyzer;
        _faces = faces is null ? null : new FaceDetector(OnnxModel.Open(faces, modelDirectory, threads: 1));
        _time = time;
    }

    /// <summary>The picture that belongs to what <see cref="Read"/> gave last; heads are veiled. Null before the first.</summary>
    public Picture? Picture { get; private set; }

    /// <summary>How long the clip is, once it plays; null for a live camera.</summary>
    public double? DeclaredSeconds { get; private set; }

    /// <summary>What the camera sees, picture by picture: a clip by its own time from <paramref name="start"/> on, a live camera by arrival.</summary>
    /// <exception cref="ClipException">The clip is missing, no video, or ended too early.</exception>
    /// <exception cref="CameraException">The camera gives no more pictures.</exception>
    public IEnumerable<ShopInput.FrameObserved> Read(DateTimeOffset start, CancellationToken cancel)
    {
        using FfmpegFrames frames = FfmpegFrames.Open(_camera, new FramePool(), _time);
        using CancellationTokenRegistration kill = cancel.Register(frames.Kill);
        DeclaredSeconds = frames.DeclaredSeconds;
        bool clip = FfmpegCommand.ClipFile(_camera.Source) is not null;
        long started = _time.GetTimestamp();
        for (long number = 0; frames.Read() is Frame frame; number++)
        {
            TimeSpan since = clip ? TimeSpan.FromSeconds(number / _camera.Fps) : _time.GetElapsedTime(started);
            _found.Clear();
            _faces?.Detect(frame, _found);
            if (Picture is not Picture picture || picture.Width != frame.Width || picture.Height != frame.Height)
            {
                Picture = picture = new Picture(frame.Width, frame.Height);
            }
            picture.CopyFrom(frame);
            ShopInput.FrameObserved seen = _analyzer.Analyze(frame, start + since);
            Veil(picture, seen.People);
            yield return seen;
        }
    }

    public void Dispose() => _faces?.Dispose();

    /// <summary>The part of a person's box where the head is, with a margin.</summary>
    public static Box Head(in Box person) => new(
        person.X - (Aside * person.Width), person.Y - (Above * person.Height), person.Width * (1 + (2 * Aside)), person.Height * (HeadHeight + Above));

    private void Veil(Picture picture, IReadOnlyList<PersonSeen> people)
    {
        foreach (PersonSeen person in people)
        {
            picture.Veil(Head(person.Box));
        }
        foreach (FaceSeen face in _found)
        {
            Box box = face.Box;
            picture.Veil(new Box(box.X - (0.3f * box.Width), box.Y - (0.3f * box.Height), box.Width * 1.6f, box.Height * 1.6f));
        }
    }
}
