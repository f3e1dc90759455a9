using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;
using EdgeAgent.Vision.Regions;

namespace EdgeAgent;

/// <summary>
/// Where the model files of this box lie: the project's own synthetic models beside the manifest that ships with the agent, all others in
/// the store's folder.
/// </summary>
internal sealed class ModelStore(string? folder)
{
    private static readonly string s_shipped = Path.Combine(AppContext.BaseDirectory, "models");

    private IReadOnlyList<ModelEntry> _pushed = [];

    public ModelCatalog Catalog { get; } = ModelCatalog.Load(Path.Combine(s_shipped, "manifest.json"));

    /// <summary>The folder for downloads: the one that was named, else $EDGE_MODELS, else <c>models</c> in the working folder.</summary>
    public string Folder { get; } = folder ?? Environment.GetEnvironmentVariable("EDGE_MODELS") ?? "models";

    public string FolderOf(ModelEntry entry) => entry.Folder ?? (entry.Synthetic ? s_shipped : Folder);

    /// <summary>Models that came over the air and stand in the place of the configured ones, at most one for each role. From any thread.</summary>
    public IReadOnlyList<ModelEntry> Pushed
    {
        get => Volatile.Read(ref _pushed);
        set => Volatile.Write(ref _pushed, value);
    }

    /// <summary>The model that the configuration names for a role that can be exchanged, whatever came over the air; null when it names none.</summary>
    public ModelEntry? Configured(ModelsConfig config, string role) => role switch
    {
        "people" => People(config),
        "appearance" when config.Appearance is string name => Catalog.Find(name, role),
        _ => null,
    };

    /// <summary>The model in use for such a role.</summary>
    private ModelEntry? InUse(ModelsConfig config, string role) => Pushed.FirstOrDefault(m => m.Role == role) ?? Configured(config, role);

    /// <summary>The models that the configuration asks for; none when it has no camera.</summary>
    /// <exception cref="ModelException">A name is not in the manifest, or it is a synthetic model and those are not allowed.</exception>
    public IReadOnlyList<ModelEntry> Chosen(DeviceConfig config, bool allowSynthetic)
    {
        if (config.Cameras.Count == 0)
        {
            return [];
        }
        var chosen = new List<ModelEntry> { InUse(config.Models, "people")! };
        if (config.Models.Appearance is not null)
        {
            chosen.Add(InUse(config.Models, "appearance")!);
        }
        if (config.Models.Products is string products && config.Cameras.Any(c => c.Regions.Count > 0))
        {
            chosen.Add(Catalog.Find(products, "product-vectors"));
            if (config.Models.ProductLocalizer is string localizer)
            {
                chosen.Add(Catalog.Find(localizer, "product-localizer"));
            }
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
        ModelEntry people = InUse(config, "people")!;
        string? appearance = config.Appearance is null ? null : InUse(config, "appearance")!.Name;
        return FrameAnalyzer.Open(
            camera, config with { People = people.Name, Appearance = appearance }, Catalog.With(Pushed), FolderOf(Configured(config, "people")!), faces);
    }

    /// <summary>Null for a camera without an opt-in zone, and where faces are off: no face model is loaded then.</summary>
    public FacesSetup? FacesOf(DeviceConfig config, CameraConfig camera) =>
        config.Faces is FacesConfig faces && camera.Zones.Any(zone => zone.OptIn) ? new FacesSetup(faces, camera.Zones, Folder) : null;

    /// <summary>Loads each model that the configuration asks for, as a camera's start would, and lets it go. Returns which.</summary>
    /// <exception cref="ModelException">A model is unknown, missing, not allowed or not what the manifest says.</exception>
    /// <exception cref="GalleryException">The products' gallery cannot be used.</exception>
    public IReadOnlyList<ModelEntry> LoadOnce(DeviceConfig config, bool allowSynthetic)
    {
        IReadOnlyList<ModelEntry> chosen = Chosen(config, allowSynthetic);
        if (config.Cameras.Count == 0)
        {
            return chosen;
        }
        CameraConfig camera = config.Cameras.FirstOrDefault(c => c.Zones.Any(zone => zone.OptIn)) ?? config.Cameras[0];
        using FrameAnalyzer analyzer = OpenAnalyzer(camera.Id, config.Models, FacesOf(config, camera));
        if (config.Cameras.FirstOrDefault(c => c.Regions.Count > 0) is CameraConfig goods)
        {
            analyzer.Watch(OpenGoods(goods, config, _ => { }));
        }
        return chosen;
    }

    /// <summary>The models with which pictures are enrolled: those of the configuration, else the first of each role whose file is there.</summary>
    public ModelsConfig ForEnrolment(ModelsConfig config) => config with
    {
        Faces = config.Faces ?? Needed("faces").Name, FaceVectors = config.FaceVectors ?? Needed("face-vector").Name,
    };

    private ModelEntry Needed(string role) => FirstHere(role) ?? throw new ModelException(
        $"No model of the role {role} lies in {Folder}; fetch one, for example: edge-agent models pull {Catalog.Models.FirstOrDefault(m => m.Role == role && m.Url is not null)?.Name} --models {Folder}");

    /// <summary>The first real model of a role whose file lies in the folder, or null.</summary>
    public ModelEntry? FirstHere(string role) =>
        Catalog.Models.FirstOrDefault(m => m.Role == role && !m.Synthetic && File.Exists(Path.Combine(Folder, m.File)));

    /// <summary>What watches the trays and shelves of a camera, or null when it has none. The caller's analyzer disposes it.</summary>
    /// <param name="codesMissing">Told why codes are not read when the library for it is not there; goods are watched all the same.</param>
    /// <exception cref="ModelException">A model is missing or not what the manifest says.</exception>
    /// <exception cref="GalleryException">The gallery is missing, damaged or was made with other models.</exception>
    public GoodsWatch? OpenGoods(CameraConfig camera, DeviceConfig config, Action<string> codesMissing)
    {
        if (camera.Regions.Count == 0)
        {
            return null;
        }
        ProductRecognizer? recognizer = config.Products.Gallery is null
            ? null
            : ProductRecognizer.Open(config.Models, config.Products, Catalog, Folder);
        CodeReader? codes = null;
        try
        {
            codes = camera.Regions.Any(r => r.Kind == RegionKind.Tray) ? CodeReader.Open() : null;
        }
        catch (CodeReaderException missing)
        {
            codesMissing(missing.Message);
        }
        return new GoodsWatch(camera, recognizer, codes);
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
