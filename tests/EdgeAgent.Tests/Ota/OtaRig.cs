using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Ota;
using EdgeAgent.Signing;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Ota;

/// <summary>
/// The room of models over the air as a box has it: a real camera analyzer with real models, a TLS model store, a trusted key, a state folder. Drawn
/// people walk past while <see cref="Watch"/> is on.
/// </summary>
internal sealed class OtaRig : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private readonly TestAuthority _authority = new("Test Authority");
    private readonly SigningKey _key = SigningKey.Create();
    private readonly Channel<JsonElement> _told = Channel.CreateUnbounded<JsonElement>();
    private readonly ModelStore _models = new(null);
    private readonly DeviceConfig _config;
    private CancellationTokenSource? _stop;
    private OtaRoom? _room;
    private Task? _running;
    private TrustedKeys? _trusted;
    private CancellationTokenSource? _watching;
    private Task? _pictures;
    private long _version;
    private int _moments;

    /// <param name="freeBytes">What the disk says is free.</param>
    public OtaRig(bool allowSynthetic = true, long freeBytes = 1L << 40, string? appearance = null, OtaPace? pace = null)
    {
        AllowSynthetic = allowSynthetic;
        FreeBytes = freeBytes;
        Pace = pace ?? new OtaPace(TimeSpan.FromMilliseconds(20), 1, 20, TimeSpan.FromSeconds(60));
        Server = new TlsFileServer(_authority);
        Folder.Write("state/trust/store.crt", _authority.RootPem);
        Folder.Write("state/trust/fleet.pem", _key.PublicPem);
        _config = new DeviceConfig(
            1, new StoreConfig("acme", "s0001", "b1"), [new CameraConfig("front", "rtsp://127.0.0.1/x")], [], [], new CheckoutConfig("EUR", []),
            new ModelsConfig(People: "synthetic-people", Appearance: appearance, Threads: 1));
    }

    public TestFolder Folder { get; } = new();

    public TlsFileServer Server { get; }

    /// <summary>The fleet manager's.</summary>
    public SigningKey Key => _key;

    public bool AllowSynthetic { get; }

    public long FreeBytes { get; set; }

    public OtaPace Pace { get; }

    public FrameAnalyzer Analyzer { get; private set; } = null!;

    public OtaRoom Room => _room!;

    public ModelStore Models => _models;

    /// <summary>What the shop was given last; null for the prices of the configuration.</summary>
    public PriceList? Prices { get; private set; }

    public string State => Folder["state"];

    public TimeSpan ProbePatience { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Digest of the models in use, as events would name it.</summary>
    public string ModelSet { get; private set; } = "";

    public static byte[] SyntheticPeople { get; } = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "synthetic-people.onnx"));

    public static byte[] SyntheticAppearance { get; } = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "synthetic-appearance.onnx"));

    public void Start()
    {
        _stop = new CancellationTokenSource();
        var shelf = new ModelShelf(State, _ => FreeBytes);
        _room = new OtaRoom(
            new OtaSetup(
                State, () => _config, _models, AllowSynthetic, () => Analyzer is null ? [] : [Analyzer], () => true,
                () => ModelSet = ModelStore.Digest(_models.Chosen(_config, allowSynthetic: true)), DownloadClient.Create(Path.Combine(State, "trust")), shelf,
                new DownloadLimits(3, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)), Pace, ProbePatience,
                Randomness.Seeded(1), TimeProvider.System,
                (list, _) =>
                {
                    Prices = list;
                    return Task.CompletedTask;
                }),
            _trusted = new TrustedKeys(Path.Combine(State, "trust")),
            (report, _) =>
            {
                if (KeepsMoments)
                {
                    Copy(State, Folder[$"moment-{_moments++}"]);
                }
                _told.Writer.TryWrite(JsonElement.Parse(report.Payload.Span));
                return Task.CompletedTask;
            },
            NullLogger<OtaRoom>.Instance);
        Analyzer = _models.OpenAnalyzer("front", _config.Models);
        Prices = _room.LoadPrices();
        _running = _room.RunAsync(_stop.Token);
    }

    /// <summary>Stops in order, as the service manager does.</summary>
    public async Task StopAsync()
    {
        await StopWatchingAsync();
        if (_room is not null)
        {
            await _stop!.CancelAsync();
            await _running!;
            _room.Dispose();
            _trusted!.Dispose();
            Analyzer.Dispose();
            _room = null;
            Analyzer = null!;
        }
    }

    /// <summary>A start after kill -9: the state that lay on disk at that moment is put back.</summary>
    public async Task StopAsKilledAsync()
    {
        string path = Path.Combine(State, "ota", "state.json");
        byte[] now = await File.ReadAllBytesAsync(path);
        await StopAsync();
        await File.WriteAllBytesAsync(path, now);
    }

    /// <summary>The state folder is copied at each report: what a kill at that moment would leave.</summary>
    public bool KeepsMoments { get; set; }

    /// <summary>Stops, and starts from each of the moments that were kept.</summary>
    public async Task FromEachMomentAsync(Action<int> look)
    {
        KeepsMoments = false;
        for (int i = 0; i < _moments; i++)
        {
            await StopAsync();
            Directory.Delete(State, recursive: true);
            Copy(Folder[$"moment-{i}"], State);
            Start();
            look(i);
        }
    }

    /// <summary>Drawn people walk past the camera, ten pictures after each other without a pause.</summary>
    public void Watch()
    {
        _watching = new CancellationTokenSource();
        CancellationToken stop = _watching.Token;
        _pictures = Task.Run(() =>
        {
            StoreScene scene = StoreScene.Random(4, 20);
            var pool = new FramePool();
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                Frame frame = pool.Rent(StoreScene.Width, StoreScene.Height);
                scene.Render(i * 3 % scene.FrameCount, frame.Pixels);
                Analyzer.Analyze(frame, DateTimeOffset.UnixEpoch.AddSeconds(i * 0.3));
            }
        }, CancellationToken.None);
    }

    /// <summary>People in twenty pictures of the drawn shop, with the model in use.</summary>
    public int CountPeople()
    {
        StoreScene scene = StoreScene.Random(4, 20);
        var pool = new FramePool();
        int people = 0;
        for (int i = 0; i < scene.FrameCount; i += scene.FrameCount / 20)
        {
            Frame frame = pool.Rent(StoreScene.Width, StoreScene.Height);
            scene.Render(i, frame.Pixels);
            people += Analyzer.Analyze(frame, DateTimeOffset.UnixEpoch.AddDays(1).AddSeconds(i * 10)).People.Count;
        }
        return people;
    }

    public async Task StopWatchingAsync()
    {
        if (_watching is not null)
        {
            await _watching.CancelAsync();
            await _pictures!;
            _watching = null;
        }
    }

    /// <summary>An artefact whose file the store has.</summary>
    public OtaArtefact Artefact(string name, byte[] file, string like = "synthetic-people", string role = "people", bool withGolden = true, byte[]? goldenOf = null)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        Server.Files["/" + sha256] = file;
        ModelEntry entry = _models.Catalog.Find(like, role);
        JsonElement? golden = null;
        if (withGolden)
        {
            byte[] right = goldenOf ?? file;
            File.WriteAllBytes(Folder["golden.onnx"], right);
            golden = JsonSerializer.SerializeToElement(
                GoldenVectors.Make(
                    entry with { File = "golden.onnx", Size = right.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(right)), Synthetic = false }, Folder.Root, 7),
                GoldenJson.Options);
        }
        return new OtaArtefact("model", name, Server.Url("/" + sha256), file.Length, sha256, null, ManifestForm.Write(entry with { Synthetic = false }), golden);
    }

    /// <summary>Signed, with the next version.</summary>
    public byte[] Description(IReadOnlyList<OtaArtefact> artefacts, double shadowMinutes = 0.001, double minAgreement = 0.9, int probationSeconds = 1, Action<JsonObject>? change = null, SigningKey? key = null)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var document = new JsonObject
        {
            ["version"] = ++_version,
            ["issuedAt"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["expires"] = now.AddDays(7).ToString("O", CultureInfo.InvariantCulture),
            ["audience"] = new JsonObject { ["tenant"] = "acme", ["store"] = "*", ["box"] = "b1" },
            ["artefacts"] = JsonSerializer.SerializeToNode(artefacts, s_json),
            ["strategy"] = new JsonObject { ["shadowMinutes"] = shadowMinutes, ["minAgreement"] = minAgreement, ["probationSeconds"] = probationSeconds },
        };
        change?.Invoke(document);
        return SignedDocument.Sign(Encoding.UTF8.GetBytes(document.ToJsonString()), key ?? _key);
    }

    public async Task<byte[]> PushAsync(OtaArtefact artefact, double shadowMinutes = 0.001, double minAgreement = 0.9, int probationSeconds = 1, Action<JsonObject>? change = null)
    {
        byte[] description = Description([artefact], shadowMinutes, minAgreement, probationSeconds, change);
        await Room.OfferAsync(description, CancellationToken.None);
        return description;
    }

    /// <summary>The first report from now on that satisfies the condition.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition)
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        JsonElement last = default;
        try
        {
            while (true)
            {
                last = await _told.Reader.ReadAsync(patience.Token);
                if (condition(last))
                {
                    return last;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The last report was " + last);
        }
    }

    /// <summary>Waits until that artefact is in one of these states.</summary>
    public async Task<JsonElement> StateAsync(string name, params string[] states)
    {
        JsonElement report = await UntilAsync(r => Of(r, name) is { ValueKind: JsonValueKind.Object } a && states.Contains(a.GetProperty("state").GetString()));
        return Of(report, name);
    }

    /// <summary>Waits until that artefact has come to an end, however.</summary>
    public async Task<(string State, string Reason)> EndAsync(string name)
    {
        JsonElement end = await StateAsync(name, "healthy", "rolledBack", "failed", "rejected");
        return (end.GetProperty("state").GetString()!, end.GetProperty("reason").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _key.Dispose();
        Server.Dispose();
        _authority.Dispose();
        Folder.Dispose();
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static JsonElement Of(JsonElement report, string name) =>
        report.GetProperty("artefacts").EnumerateArray().FirstOrDefault(a => a.GetProperty("name").GetString() == name);
}
