using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Products;

/// <summary>Turns the picture of one product into a vector of length 1. Owns the model; one thread at a time.</summary>
internal sealed class ProductEncoder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly PixelFit _fit;

    /// <param name="model">Of the family embedding; disposed with this object.</param>
    public ProductEncoder(OnnxModel model)
    {
        if (model.Entry.Post is not PostSpec.Embedding)
        {
            throw new ModelException($"Model '{model.Entry.Name}' gives no vector; name one with role product-vectors in models.products.");
        }
        _model = model;
        _fit = new PixelFit(model.Entry);
    }

    public ModelEntry Entry => _model.Entry;

    /// <summary>Values of a vector.</summary>
    public int Dimensions => _model.Output(0).Length;

    /// <summary>Writes the vector of that part of the frame; zero when the model gave no finite one.</summary>
    /// <param name="mirrored">Left and right changed: a second look at the same product.</param>
    public void Encode(Frame frame, PixelRect part, bool mirrored, Span<float> vector)
    {
        _fit.Fill(frame, part, _model.Input);
        if (mirrored)
        {
            Span<float> input = _model.Input;
            int width = _model.Entry.InputWidth;
            for (int row = 0; row < input.Length; row += width)
            {
                input.Slice(row, width).Reverse();
            }
        }
        _model.Run();
        _model.Output(0).CopyTo(vector);
        ProductVector.Normalise(vector);
    }

    public void Dispose() => _model.Dispose();
}
