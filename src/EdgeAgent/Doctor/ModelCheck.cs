using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Doctor;

/// <summary>Loads the models as the cameras' start would: each file's hash, shapes and run are looked at there.</summary>
internal static class ModelCheck
{
    public static Finding Look(ModelStore models, DeviceConfig config, bool allowSynthetic)
    {
        if (config.Cameras.Count == 0)
        {
            return new Finding("models", "", Verdict.Skipped, "No camera, no models.");
        }
        try
        {
            IReadOnlyList<ModelEntry> chosen = models.LoadOnce(config, allowSynthetic);
            return new Finding("models", "", Verdict.Ok, $"{string.Join(", ", chosen.Select(m => m.Name))} loaded from {models.Folder}");
        }
        catch (Exception e) when (e is ModelException or GalleryException)
        {
            return new Finding("models", "", Verdict.Failed, e.Message, $"Fetch them with edge-agent models pull --models {models.Folder}, or correct the models section.");
        }
    }
}
