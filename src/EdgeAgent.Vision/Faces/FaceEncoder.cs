using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Faces;

/// <summary>Turns one face into a vector: warped upright onto the model's reference points, then embedded. One thread at a time.</summary>
internal sealed class FaceEncoder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly Point[] _reference;

    /// <param name="model">Of the family embedding with reference points; disposed with this object.</param>
    public FaceEncoder(OnnxModel model)
    {
        if (model.Entry.Post is not PostSpec.Embedding || model.Entry.ReferencePoints.Count != 5)
        {
            throw new ModelException($"Model '{model.Entry.Name}' gives no face vector; name one with role face-vector.");
        }
        _model = model;
        _reference = new Point[5];
        for (int i = 0; i < 5; i++)
        {
            Point point = model.Entry.ReferencePoints[i];
            _reference[i] = new Point(point.X * model.Entry.InputWidth, point.Y * model.Entry.InputHeight);
        }
    }

    /// <summary>The raw vector; compare by cosine. Valid until the next call; the caller wipes what it copies.</summary>
    public ReadOnlySpan<float> Encode(Frame frame, in FacePoints points)
    {
        Span<Point> from =
        [
            InPixels(points.RightEye, frame), InPixels(points.LeftEye, frame), InPixels(points.Nose, frame),
            InPixels(points.RightMouth, frame), InPixels(points.LeftMouth, frame),
        ];
        AffineWarp warp = AffineWarp.Between(from, _reference);
        warp.Fill(frame, _model.Entry.Pre, _model.Entry.InputWidth, _model.Entry.InputHeight, _model.Input);
        _model.Run();
        return _model.Output(0);
    }

    public void Dispose() => _model.Dispose();

    private static Point InPixels(Point fraction, Frame frame) => new(fraction.X * frame.Width, fraction.Y * frame.Height);
}
