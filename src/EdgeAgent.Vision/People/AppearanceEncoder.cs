using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.People;

/// <summary>Describes how a person looks, so that people can be kept apart for the length of a visit. One thread at a time.</summary>
internal sealed class AppearanceEncoder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly PixelFit _fit;

    /// <param name="model">Of the family embedding; disposed with this object.</param>
    public AppearanceEncoder(OnnxModel model)
    {
        if (model.Entry.Post is not PostSpec.Embedding)
        {
            throw new ModelException($"Model '{model.Entry.Name}' gives no vector; name one with role appearance in models.appearance.");
        }
        _model = model;
        _fit = new PixelFit(model.Entry);
    }

    public ModelEntry Entry => _model.Entry;

    /// <summary>Whether the last run gave numbers only.</summary>
    public bool IsFinite => _model.OutputsAreFinite;

    /// <summary>The raw vector of the part of the frame inside <paramref name="box"/>. Valid until the next call.</summary>
    public ReadOnlySpan<float> Encode(Frame frame, in Box box)
    {
        _fit.Fill(frame, PixelRect.Around(box, frame.Width, frame.Height), _model.Input);
        _model.Run();
        return _model.Output(0);
    }

    public void Dispose() => _model.Dispose();
}
