using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Faces;

/// <summary>
/// Turns one face into a vector: warped upright onto the model's reference points, then embedded. One thread at a time.
/// Keeps nothing: <see cref="Wipe"/> zeroes the crop and the vector that went through the model's memory.
/// </summary>
internal sealed class FaceEncoder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly Point[] _reference;

    /// <param name="model">Of the family embedding with reference points; disposed with this object.</param>
    public FaceEncoder(OnnxModel model)
    {
        if (model.Entry.Post is not PostSpec.Embedding embedding || model.Entry.ReferencePoints.Count != 5)
        {
            throw new ModelException($"Model '{model.Entry.Name}' gives no face vector; name one with role face-vector.");
        }
        _model = model;
        Threshold = embedding.Threshold;
        _reference = new Point[5];
        for (int i = 0; i < 5; i++)
        {
            Point point = model.Entry.ReferencePoints[i];
            _reference[i] = new Point(point.X * model.Entry.InputWidth, point.Y * model.Entry.InputHeight);
        }
        // The runtime lays out its memory in the first run and another way in all later ones: no face may be in the first, for nothing overwrites that.
        Wipe();
    }

    /// <summary>Values of one vector.</summary>
    public int Length => _model.Entry.Outputs[0].Count;

    /// <summary>The manifest's: cosine from which two faces are the same person's.</summary>
    public float Threshold { get; }

    /// <summary>How sharp the face of the last <see cref="Encode"/> was; see <see cref="FaceQuality.Sharpness"/>. 0 after a wipe.</summary>
    public float Sharpness { get; private set; }

    /// <summary>The raw vector; compare by cosine. Valid until the next call or <see cref="Wipe"/>; the caller wipes what it copies.</summary>
    public ReadOnlySpan<float> Encode(Frame frame, in FacePoints points)
    {
        Span<Point> from =
        [
            InPixels(points.RightEye, frame), InPixels(points.LeftEye, frame), InPixels(points.Nose, frame),
            InPixels(points.RightMouth, frame), InPixels(points.LeftMouth, frame),
        ];
        int width = _model.Entry.InputWidth, height = _model.Entry.InputHeight;
        AffineWarp warp = AffineWarp.Between(from, _reference);
        warp.Fill(frame, _model.Entry.Pre, width, height, _model.Input);
        Sharpness = FaceQuality.SharpnessOf(_model.Input.Slice(width * height, width * height), width, height);
        _model.Run();
        return _model.Output(0);
    }

    /// <summary>
    /// Zeroes crop and vector in the model's own memory. What the runtime keeps between the layers cannot be zeroed from here and still holds a copy of the vector: the model
    /// is run once more on an empty picture, which takes its place. Found in a dump of the process's memory.
    /// </summary>
    public void Wipe()
    {
        _model.Wipe();
        _model.Run();
        _model.Wipe();
        Sharpness = 0;
    }

    /// <summary>True when nothing of a face is left in the model's input and output.</summary>
    internal bool IsWiped => !_model.Input.ContainsAnyExcept(0f) && !_model.Output(0).ContainsAnyExcept(0f);

    public void Dispose() => _model.Dispose();

    private static Point InPixels(Point fraction, Frame frame) => new(fraction.X * frame.Width, fraction.Y * frame.Height);
}
