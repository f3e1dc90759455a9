using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Faces;

/// <summary>What a camera with opt-in zones needs to recognise members.</summary>
/// <param name="Zones">The camera's zones; those without opt-in are left alone.</param>
/// <param name="ModelDirectory">Where the face models lie.</param>
public sealed record FacesSetup(FacesConfig Config, IReadOnlyList<ZoneConfig> Zones, string ModelDirectory);

/// <summary>The face models of one camera or one enrolment, loaded; whoever opened them disposes them.</summary>
internal sealed record FaceModels(FaceDetector Detector, FaceEncoder Encoder, LivenessCheck? Liveness)
{
    /// <exception cref="ModelException">A model is unknown, missing or not what the manifest says.</exception>
    public static FaceModels Open(ModelsConfig models, ModelCatalog catalog, string directory)
    {
        // Found first, opened then: nothing is left open when a name is wrong.
        ModelEntry faces = catalog.Find(models.Faces ?? throw new ArgumentException("A face detector must be chosen.", nameof(models)), "faces");
        ModelEntry vectors = catalog.Find(models.FaceVectors ?? throw new ArgumentException("A face vector model must be chosen.", nameof(models)), "face-vector");
        List<ModelEntry> liveness = [.. models.Liveness.Select(name => catalog.Find(name, "liveness"))];
        var open = new List<OnnxModel>();
        try
        {
            foreach (ModelEntry entry in (IEnumerable<ModelEntry>)[faces, vectors, .. liveness])
            {
                open.Add(OnnxModel.Open(entry, directory, models.Threads));
            }
            return new FaceModels(new FaceDetector(open[0]), new FaceEncoder(open[1]), liveness.Count == 0 ? null : new LivenessCheck(open[2..]));
        }
        catch
        {
            open.ForEach(model => model.Dispose());
            throw;
        }
    }
}
