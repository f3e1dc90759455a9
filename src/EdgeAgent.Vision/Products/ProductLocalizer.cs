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

    /// <summary>The likeliest object of the part, or the whole part when nothing reaches the model's threshold. Does not dispose <paramref name="frame"/>.</summary>
    /// <param name="padding">Share of the box's size that is added on each side: what is around a product helps to tell it.</param>
    public PixelRect Locate(Frame frame, PixelRect part, float padding)
    {
        Placement placement = _fit.Fill(frame, part, _model.Input);
        _model.Run();
        ModelEntry entry = _model.Entry;
        int count = Candidates.FromBoxesScores(
            _model.Output(0), _model.Output(1), _spec, entry.InputWidth, entry.InputHeight, _spec.Threshold, _candidates);
        int best = -1;
        for (int i = 0; i < count; i++)
        {
            if (best < 0 || _candidates[i].Score > _candidates[best].Score)
            {
                best = i;
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

    public void Dispose() => _model.Dispose();
}
