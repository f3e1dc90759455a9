using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Cameras;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Stores;

/// <summary>
/// The drawn store of the demo as hardware that an agent connects to: an RTSP camera, an LLRP reader with a gate and a photo-eye, and a
/// broker, all on free ports of this machine. The forty seconds of the scene come again and again, with other goods each time.
/// </summary>
public sealed class LiveStore : IAsyncDisposable
{
    private const double WalkMetres = 5;
    private const double WalkSpeed = 1.2;
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly MosquittoBroker _broker = new();
    private RtspCamera? _camera;
    private GateReaderServer? _reader;

    private LiveStore(string folder) => Folder = folder;

    /// <summary>With scene.mp4 and store.json.</summary>
    public string Folder { get; }

    /// <summary>The configuration of an agent for this store.</summary>
    public string Config => Path.Combine(Folder, "store.json");

    public int BrokerPort => _broker.Port;

    public RtspCamera Camera => _camera!;

    public GateReaderServer Reader => _reader!;

    /// <summary>Draws the scene, starts everything and writes the configuration.</summary>
    /// <exception cref="InvalidOperationException">The clip or the broker could not be made; says why.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no ffmpeg on this machine.</exception>
    public static async Task<LiveStore> OpenAsync(string folder, TimeProvider time, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        StoreScene drawn = StoreScene.Demo();
        string clip = Path.Combine(folder, "scene.mp4");
        await drawn.WriteClipAsync(clip, cancel);
        var store = new LiveStore(folder);
        try
        {
            GateScene scene = Passages(drawn);
            var clock = new SceneClock(time);
            store._broker.Start();
            store._reader = new GateReaderServer(scene, scene.Readers[0].Id, clock, IPAddress.Loopback);
            store._camera = await RtspCamera.StartAsync(clip, IPAddress.Loopback, 0, cancel);
            await store._camera.Playing.WaitAsync(cancel);
            clock.Start(); // who leaves in the picture walks through the gate
            await File.WriteAllTextAsync(store.Config, store.ConfigText(scene), cancel);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_camera is not null)
        {
            await _camera.DisposeAsync();
        }
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }
        _broker.Dispose();
    }

    /// <summary>Everybody of the drawn scene walks through the gate when they leave the picture.</summary>
    private static GateScene Passages(StoreScene drawn)
    {
        GateSceneBuilder scene = new GateSceneBuilder("Seven people visit a drawn shop, every forty seconds").Gate();
        double round = (double)drawn.FrameCount / StoreScene.FramesPerSecond;
        for (int i = 0; i < s_longest.TotalSeconds / round; i++)
        {
            IReadOnlyList<CarriedBag> bags = ScenarioFolder.DemoBags(drawn, (ulong)i);
            foreach (ActorTruth actor in drawn.Truth)
            {
                double x = actor.Actor switch { "eva" => -0.28, "finn" => 0.28, _ => 0 };
                CarriedBag? bag = bags.FirstOrDefault(b => b.Passage == TimeSpan.FromSeconds(actor.LastSeconds));
                scene.With(new SceneWalker(
                    $"{actor.Actor}-{i + 1}", (i * round) + actor.LastSeconds - (WalkMetres / WalkSpeed), [new(x, -WalkMetres), new(x, WalkMetres)],
                    [.. (bag?.Epcs ?? []).Select(e => new SceneItem(Epc: e.ToHex(), Placement: Placement.Bag))], Speed: WalkSpeed));
            }
        }
        return scene.Build(s_longest.TotalSeconds);
    }

    private string ConfigText(GateScene scene)
    {
        JsonNode config = ScenarioFolder.DemoConfig();
        config["store"] = new JsonObject { ["tenant"] = "acme", ["store"] = "simulated", ["box"] = "b1" };
        config["cameras"]![0]!["source"] = Camera.Address;
        JsonNode part = JsonNode.Parse(GateScenarioFolder.Snippet(scene, _ => $"llrp://127.0.0.1:{Reader.Port}"))!;
        config["readers"] = part["readers"]!.DeepClone();
        JsonNode gate = config["gates"]![0]!;
        gate["photoEye"] = new JsonObject { ["reader"] = scene.Readers[0].Id, ["port"] = scene.Eyes![0].Port };
        config["broker"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = BrokerPort };
        config["dashboard"] = new JsonObject { ["port"] = 0 };
        return config.ToJsonString(s_indented) + "\n";
    }
}
