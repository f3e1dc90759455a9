using EdgeAgent.Core;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Faces;

/// <summary>
/// How likely a living face stands there and not a print or a screen: the mean over the models that were named. One thread at a time.
/// </summary>
internal sealed class LivenessCheck : IDisposable
{
    private readonly List<(OnnxModel Model, PixelFit Fit, PostSpec.Liveness Spec)> _models = [];

    /// <param name="models">Of the family liveness, at least one; disposed with this object.</param>
    public LivenessCheck(IReadOnlyList<OnnxModel> models)
    {
        foreach (OnnxModel model in models)
        {
            var spec = model.Entry.Post as PostSpec.Liveness
                ?? throw new ModelException($"Model '{model.Entry.Name}' tells nothing about liveness; name one with role liveness.");
            _models.Add((model, new PixelFit(model.Entry), spec));
            Threshold += spec.Threshold / models.Count;
        }
    }

    /// <summary>The mean of the manifest's thresholds.</summary>
    public float Threshold { get; }

    /// <summary>0..1. Leaves nothing of the picture in the models' memory.</summary>
    public float Of(Frame frame, in Box face)
    {
        float sum = 0;
        foreach ((OnnxModel model, PixelFit fit, PostSpec.Liveness spec) in _models)
        {
            fit.Fill(frame, Around(face, spec.Scale, frame.Width, frame.Height), model.Input);
            model.Run();
            sum += Math.Clamp(model.Output(0)[spec.Live], 0, 1);
            model.Wipe();
        }
        return sum / _models.Count;
    }

    /// <summary>
    /// The box times <paramref name="scale"/> around its middle; no larger than the picture, and pushed into it where it would stand out
    /// (minivision-ai/Silent-Face-Anti-Spoofing at b6d5f04a, src/generate_patches.py, _get_new_box).
    /// </summary>
    internal static PixelRect Around(in Box face, float scale, int frameWidth, int frameHeight)
    {
        float width = MathF.Max(1, face.Width * frameWidth), height = MathF.Max(1, face.Height * frameHeight);
        scale = MathF.Min(scale, MathF.Min((frameWidth - 1) / width, (frameHeight - 1) / height));
        (width, height) = (width * scale, height * scale);
        float left = Math.Clamp((face.Centre.X * frameWidth) - (width / 2), 0, MathF.Max(0, frameWidth - 1 - width));
        float top = Math.Clamp((face.Centre.Y * frameHeight) - (height / 2), 0, MathF.Max(0, frameHeight - 1 - height));
        return PixelRect.Around(
            new Box(left / frameWidth, top / frameHeight, width / frameWidth, height / frameHeight), frameWidth, frameHeight);
    }

    public void Dispose()
    {
        foreach ((OnnxModel model, _, _) in _models)
        {
            model.Dispose();
        }
    }
}
