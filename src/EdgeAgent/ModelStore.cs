using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Models;

namespace EdgeAgent;

/// <summary>
/// Where the model files of this box lie: the project's own synthetic models beside the manifest that ships with the agent, all others in
/// the store's folder.
/// </summary>
internal sealed class ModelStore(string? folder)
{
    private static readonly string s_shipped = Path.Combine(AppContext.BaseDirectory, "models");

    public ModelCatalog Catalog { get; } = ModelCatalog.Load(Path.Combine(s_shipped, "manifest.json"));

    /// <summary>The folder for downloads: the one that was named, else $EDGE_MODELS, else <c>models</c> in the working folder.</summary>
    public string Folder { get; } = folder ?? Environment.GetEnvironmentVariable("EDGE_MODELS") ?? "models";

    public string FolderOf(ModelEntry entry) => entry.Synthetic ? s_shipped : Folder;

    /// <summary>The models that the configuration asks for; none when it has no camera.</summary>
    /// <exception cref="ModelException">A name is not in the manifest, or it is a synthetic model and those are not allowed.</exception>
    public IReadOnlyList<ModelEntry> Chosen(DeviceConfig config, bool allowSynthetic)
    {
        if (config.Cameras.Count == 0)
        {
            return [];
        }
        var chosen = new List<ModelEntry> { People(config.Models) };
        if (config.Models.Appearance is string appearance)
        {
            chosen.Add(Catalog.Find(appearance, "appearance"));
        }
        if (config.Faces is not null)
        {
            // Named, by ConfigRules.
            chosen.Add(Catalog.Find(config.Models.Faces!, "faces"));
            chosen.Add(Catalog.Find(config.Models.FaceVectors!, "face-vector"));
            chosen.AddRange(config.Models.Liveness.Select(name => Catalog.Find(name, "liveness")));
        }
        if (!allowSynthetic && chosen.Find(m => m.Synthetic) is ModelEntry synthetic)
        {
            throw new ModelException(
                $"The model '{synthetic.Name}' is synthetic: it was made for the demo and for tests and sees nothing in a real shop. "
                + "Name a real model in the configuration, or start with --allow-synthetic-models to try things out.");
        }
        return chosen;
    }

    /// <summary>What looks at one camera's pictures, with its models loaded. The caller disposes it.</summary>
    /// <exception cref="ModelException">A model is missing or not what the manifest says.</exception>
    public FrameAnalyzer OpenAnalyzer(string camera, ModelsConfig config, FacesSetup? faces = null)
    {
        ModelEntry people = People(config);
        return FrameAnalyzer.Open(camera, config with { People = people.Name }, Catalog, FolderOf(people), faces);
    }

    /// <summary>Null for a camera without an opt-in zone, and where faces are off: no face model is loaded then.</summary>
    public FacesSetup? FacesOf(DeviceConfig config, CameraConfig camera) =>
        config.Faces is FacesConfig faces && camera.Zones.Any(zone => zone.OptIn) ? new FacesSetup(faces, camera.Zones, Folder) : null;

    /// <summary>The models with which pictures are enrolled: those of the configuration, else the first of each role whose file is there.</summary>
    public ModelsConfig ForEnrolment(ModelsConfig config) => config with
    {
        Faces = config.Faces ?? FirstHere("faces").Name, FaceVectors = config.FaceVectors ?? FirstHere("face-vector").Name,
    };

    private ModelEntry FirstHere(string role)
    {
        List<ModelEntry> known = [.. Catalog.Models.Where(m => m.Role == role && !m.Synthetic)];
        return known.Find(m => File.Exists(Path.Combine(Folder, m.File))) ?? throw new ModelException(
            $"No model of the role {role} lies in {Folder}; fetch one, for example: edge-agent models pull {known.FirstOrDefault(m => m.Url is not null)?.Name} --models {Folder}");
    }

    private ModelEntry People(ModelsConfig config)
    {
        if (config.People is string name)
        {
            return Catalog.Find(name, "people");
        }
        List<ModelEntry> known = [.. Catalog.Models.Where(m => m.Role == "people" && !m.Synthetic)];
        return known.Find(m => File.Exists(Path.Combine(Folder, m.File))) ?? throw new ModelException(
            $"No person detector lies in {Folder}; fetch one, for example: edge-agent models pull {known.FirstOrDefault(m => m.Url is not null)?.Name} --models {Folder}");
    }

    /// <summary>One digest for a set of models: changes when any of them does.</summary>
    public static string Digest(IReadOnlyList<ModelEntry> models) =>
        models.Count == 0
            ? "none"
            : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', models.Select(m => m.Sha256)))));
}
