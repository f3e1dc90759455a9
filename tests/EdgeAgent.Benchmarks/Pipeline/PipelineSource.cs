using EdgeAgent.Benchmarks.Harness;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Benchmarks.Pipeline;

/// <summary>Which clip and which model the pipeline is measured with.</summary>
/// <param name="Words">Both, for the table.</param>
internal sealed record PipelineSource(CameraConfig Camera, ModelStore Store, ModelEntry Model, string Words) : IDisposable
{
    private const string RealModel = "yolox-nano-416";
    private const string OwnModel = "synthetic-people";

    private string? _drawn;

    public string ModelFolder => Store.FolderOf(Model);

    /// <summary>The filmed clip and the real model when shared data is there, else the drawn scene and the project's own model; null and why when neither is.</summary>
    public static async Task<(PipelineSource? Source, string? Why)> OpenAsync()
    {
        string? models = Repository.Shared is string shared ? Path.Combine(shared, "models") : null;
        string? clip = Repository.Shared is string folder ? Path.Combine(folder, "fixtures", "video", "one-by-one-person-detection.mp4") : null;
        var store = new ModelStore(models);
        if (models is not null && File.Exists(clip) && Find(store, RealModel) is ModelEntry real)
        {
            var camera = new CameraConfig("front", "clip:" + Path.GetFullPath(clip), Fps: 10, Width: 768);
            return (new PipelineSource(camera, store, real, $"{RealModel} on the filmed clip one-by-one, 768 × 432"), null);
        }
        if (Find(store, OwnModel) is not ModelEntry own)
        {
            return (null, "the shared models and clips are not there, and neither is the project's own model; set EDGE_SHARED, or make the model with ./dev models.");
        }
        string drawn = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        string file = Path.Combine(drawn, "scene.mp4");
        await StoreScene.Demo().WriteClipAsync(file, CancellationToken.None);
        return (new PipelineSource(
            new CameraConfig("front", "clip:" + file, Fps: StoreScene.FramesPerSecond, Width: StoreScene.Width),
            store, own, $"{OwnModel} on the drawn demo scene, {StoreScene.Width} × {StoreScene.Height}") { _drawn = drawn }, null);
    }

    public void Dispose()
    {
        if (_drawn is not null)
        {
            Directory.Delete(_drawn, recursive: true);
        }
    }

    /// <summary>Null when the manifest does not name it or the file is not there.</summary>
    private static ModelEntry? Find(ModelStore store, string name)
    {
        ModelEntry? entry = store.Catalog.Models.FirstOrDefault(m => m.Name == name);
        return entry is not null && File.Exists(Path.Combine(store.FolderOf(entry), entry.File)) ? entry : null;
    }
}
