using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Faces;

/// <summary>The five points of a face in fractions of the picture; right and left are the person's own.</summary>
internal readonly record struct FacePoints(Point RightEye, Point LeftEye, Point Nose, Point RightMouth, Point LeftMouth);

/// <summary>A face in one picture.</summary>
internal readonly record struct FaceSeen(Box Box, float Score, FacePoints Points);

/// <summary>Finds faces and their five points with a YuNet model. One thread at a time.</summary>
internal sealed class FaceDetector : IDisposable
{
    private readonly OnnxModel _model;
    private readonly PixelFit _fit;
    private readonly PostSpec.Yunet _spec;
    private readonly float _threshold;
    private readonly Detection[] _candidates;

    // Outputs per stride in the order of the spec's strides, looked up by name once.
    private readonly (int Cls, int Obj, int Box, int Points)[] _outputs;

    /// <param name="model">Of the family yunet; disposed with this object.</param>
    /// <param name="threshold">Score from which a detection counts; null takes the manifest's.</param>
    public FaceDetector(OnnxModel model, float? threshold = null)
    {
        _model = model;
        _fit = new PixelFit(model.Entry);
        _spec = model.Entry.Post as PostSpec.Yunet
            ?? throw new ModelException($"Model '{model.Entry.Name}' is no detector of faces; name one with role faces.");
        _threshold = threshold ?? _spec.Threshold;
        _outputs = new (int, int, int, int)[_spec.Strides.Count];
        int anchors = 0;
        for (int i = 0; i < _outputs.Length; i++)
        {
            int stride = _spec.Strides[i];
            _outputs[i] = (
                model.Entry.OutputIndex($"cls_{stride}"),
                model.Entry.OutputIndex($"obj_{stride}"),
                model.Entry.OutputIndex($"bbox_{stride}"),
                model.Entry.OutputIndex($"kps_{stride}"));
            anchors += model.Output(_outputs[i].Cls).Length;
        }
        _candidates = new Detection[anchors];
    }

    /// <summary>Adds those found to <paramref name="faces"/>, best first. Does not dispose <paramref name="frame"/>.</summary>
    public void Detect(Frame frame, List<FaceSeen> faces)
    {
        Placement placement = _fit.Fill(frame, _model.Input);
        _model.Run();
        int kept = NonMaxSuppression.Keep(_candidates.AsSpan(0, CollectCandidates()), _spec.Nms);
        for (int i = 0; i < kept; i++)
        {
            ref readonly Detection found = ref _candidates[i];
            Box box = placement.ToFrame(found.X1, found.Y1, found.X2, found.Y2, frame.Width, frame.Height);
            if (box.Width * frame.Width >= 1 && box.Height * frame.Height >= 1)
            {
                faces.Add(new FaceSeen(box, found.Score, Points(found.Anchor, placement, frame)));
            }
        }
    }

    public void Dispose() => _model.Dispose();

    /// <summary>
    /// YuNet (opencv/modules/objdetect/src/face_detect.cpp): score = sqrt(cls * obj), each clamped to 0..1;
    /// cx = (column + b0) * s, cy = (row + b1) * s, w = exp(b2) * s, h = exp(b3) * s.
    /// </summary>
    private int CollectCandidates()
    {
        int count = 0;
        int anchor = 0;
        for (int level = 0; level < _outputs.Length; level++)
        {
            int stride = _spec.Strides[level];
            int columns = _model.Entry.InputWidth / stride;
            ReadOnlySpan<float> cls = _model.Output(_outputs[level].Cls);
            ReadOnlySpan<float> obj = _model.Output(_outputs[level].Obj);
            ReadOnlySpan<float> boxes = _model.Output(_outputs[level].Box);
            for (int cell = 0; cell < cls.Length; cell++, anchor++)
            {
                float score = MathF.Sqrt(Math.Clamp(cls[cell], 0, 1) * Math.Clamp(obj[cell], 0, 1));
                if (!(score >= _threshold))
                {
                    continue;
                }
                ReadOnlySpan<float> box = boxes.Slice(cell * 4, 4);
                float x = ((cell % columns) + box[0]) * stride;
                float y = ((cell / columns) + box[1]) * stride;
                float halfWidth = MathF.Exp(box[2]) * stride / 2;
                float halfHeight = MathF.Exp(box[3]) * stride / 2;
                var candidate = new Detection(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, anchor);
                if (candidate.IsUsable)
                {
                    _candidates[count++] = candidate;
                }
            }
        }
        return count;
    }

    /// <summary>Points of an anchor: x = (column + k) * s, y = (row + k) * s; eyes, nose, mouth corners, the person's right first.</summary>
    private FacePoints Points(int anchor, Placement placement, Frame frame)
    {
        int level = 0;
        while (anchor >= _model.Output(_outputs[level].Cls).Length)
        {
            anchor -= _model.Output(_outputs[level].Cls).Length;
            level++;
        }
        int stride = _spec.Strides[level];
        int columns = _model.Entry.InputWidth / stride;
        ReadOnlySpan<float> points = _model.Output(_outputs[level].Points).Slice(anchor * 10, 10);
        Span<Point> five = stackalloc Point[5];
        for (int i = 0; i < 5; i++)
        {
            float x = ((anchor % columns) + points[2 * i]) * stride;
            float y = ((anchor / columns) + points[(2 * i) + 1]) * stride;
            five[i] = placement.ToFrame(x, y, frame.Width, frame.Height);
        }
        return new FacePoints(five[0], five[1], five[2], five[3], five[4]);
    }
}
