using System.Diagnostics;
using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.People;

/// <summary>Finds the people in a picture. Owns the model; one thread at a time.</summary>
internal sealed class PeopleDetector : IDisposable
{
    private readonly OnnxModel _model;
    private readonly PixelFit _fit;
    private readonly float _threshold;
    private readonly float _nms;
    private readonly Detection[] _candidates;

    /// <param name="model">Of the family yolox or boxes-scores; disposed with this object.</param>
    /// <param name="threshold">Score from which a detection counts; null takes the manifest's.</param>
    /// <param name="faint">Score from which a faint detection is given out; null for none.</param>
    public PeopleDetector(OnnxModel model, float? threshold, float? faint = null)
    {
        (float own, _nms) = model.Entry.Post switch
        {
            PostSpec.Yolox yolox => (yolox.Threshold, yolox.Nms),
            PostSpec.BoxesScores boxes => (boxes.Threshold, boxes.Nms),
            _ => throw new ModelException($"Model '{model.Entry.Name}' is no detector of people; name one with role people in models.people."),
        };
        _model = model;
        Threshold = threshold ?? own;
        if (faint >= Threshold)
        {
            model.Dispose();
            throw new ModelException(FormattableString.Invariant(
                $"models.faintThreshold {faint} must be below the threshold of '{model.Entry.Name}', {Threshold}; lower it, or set models.peopleThreshold higher."));
        }
        _threshold = faint ?? Threshold;
        _fit = new PixelFit(model.Entry);
        _candidates = new Detection[Candidates.Limit(model.Entry)];
    }

    /// <summary>Below it a detection is faint.</summary>
    public float Threshold { get; }

    public ModelEntry Entry => _model.Entry;

    /// <summary>Whether the last run gave numbers only.</summary>
    public bool IsFinite => _model.OutputsAreFinite;

    /// <summary>Adds those found to <paramref name="people"/>, best first. Does not dispose <paramref name="frame"/>.</summary>
    public void Detect(Frame frame, List<(Box Box, float Score)> people)
    {
        Placement placement = _fit.Fill(frame, _model.Input);
        _model.Run();
        ModelEntry entry = _model.Entry;
        int count = entry.Post switch
        {
            PostSpec.Yolox yolox => Candidates.FromYolox(
                _model.Output(0), yolox, entry.InputWidth, entry.InputHeight, _threshold, _candidates),
            PostSpec.BoxesScores boxes => Candidates.FromBoxesScores(
                _model.Output(0), _model.Output(1), boxes, entry.InputWidth, entry.InputHeight, _threshold, _candidates),
            _ => throw new UnreachableException(),
        };
        int kept = NonMaxSuppression.Keep(_candidates.AsSpan(0, count), _nms);
        for (int i = 0; i < kept; i++)
        {
            ref readonly Detection found = ref _candidates[i];
            Box box = placement.ToFrame(found.X1, found.Y1, found.X2, found.Y2, frame.Width, frame.Height);
            // Less than a pixel inside the picture is an artefact of the padding.
            if (box.Width * frame.Width >= 1 && box.Height * frame.Height >= 1)
            {
                people.Add((box, found.Score));
            }
        }
    }

    public void Dispose() => _model.Dispose();
}
