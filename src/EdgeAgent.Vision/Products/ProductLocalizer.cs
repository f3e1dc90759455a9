using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.People;

namespace EdgeAgent.Vision.Products;

/// <summary>Says where in a picture the product is that somebody holds or has put down. Owns the model; one thread at a time.</summary>
internal sealed class ProductLocalizer : IDisposable
{
    private readonly OnnxModel _model;
    private readonly PixelFit _fit;
    private readonly PostSpec.BoxesScores _spec;
    private readonly Detection[] _candidates;

    /// <param name="model">Of the family boxes-scores; disposed with this object.</param>
    public ProductLocalizer(OnnxModel model)
    {
        _model = model;
        _fit = new PixelFit(model.Entry);
        _spec = model.Entry.Post as PostSpec.BoxesScores
            ?? throw new ModelException($"Model '{model.Entry.Name}' finds no boxes; name one with role product-localizer in models.productLocalizer.");
        _candidates = new Detection[Candidates.Limit(model.Entry)];
    }

    public ModelEntry Entry => _model.Entry;

    // How far from the middle a product may be: at a quarter of the picture the weight is 0.46. People hold or lay a product into the middle.
    private const float CentreSpread = 0.08f;

    /// <summary>The likeliest object of the part by score, size and nearness to the middle, or the whole part when nothing reaches the model's threshold. Does not dispose <paramref name="frame"/>.</summary>
    /// <param name="padding">Share of the box's size that is added on each side: what is around a product helps to tell it.</param>
    /// <param name="byScoreAlone">Takes the highest score alone, which is often a detail: for comparison.</param>
    public PixelRect Locate(Frame frame, PixelRect part, float padding, bool byScoreAlone = false)
    {
        Placement placement = _fit.Fill(frame, part, _model.Input);
        _model.Run();
        ModelEntry entry = _model.Entry;
        int count = Candidates.FromBoxesScores(
            _model.Output(0), _model.Output(1), _spec, entry.InputWidth, entry.InputHeight, _spec.Threshold, _candidates);
        int best = -1;
        float bestWeight = 0;
        for (int i = 0; i < count; i++)
        {
            float weight = byScoreAlone ? _candidates[i].Score : Weight(_candidates[i]);
            if (weight > bestWeight)
            {
                (best, bestWeight) = (i, weight);
            }
        }
        if (best < 0)
        {
            return part;
        }
        ref readonly Detection found = ref _candidates[best];
        Box box = placement.ToFrame(found.X1, found.Y1, found.X2, found.Y2, part.Width, part.Height);
        if (box.Width * part.Width < 1 || box.Height * part.Height < 1)
        {
            return part;
        }
        var padded = new Box(
            box.X - (padding * box.Width), box.Y - (padding * box.Height), box.Width * (1 + (2 * padding)), box.Height * (1 + (2 * padding)));
        PixelRect inside = PixelRect.Around(padded, part.Width, part.Height);
        return inside with { X = inside.X + part.X, Y = inside.Y + part.Y };
    }

    private float Weight(in Detection candidate)
    {
        float width = _model.Entry.InputWidth, height = _model.Entry.InputHeight;
        float left = Math.Clamp(candidate.X1 / width, 0, 1), right = Math.Clamp(candidate.X2 / width, 0, 1);
        float top = Math.Clamp(candidate.Y1 / height, 0, 1), bottom = Math.Clamp(candidate.Y2 / height, 0, 1);
        float dx = ((left + right) / 2) - 0.5f, dy = ((top + bottom) / 2) - 0.5f;
        return candidate.Score * MathF.Sqrt((right - left) * (bottom - top)) * MathF.Exp(-((dx * dx) + (dy * dy)) / CentreSpread);
    }

    public void Dispose() => _model.Dispose();
}
