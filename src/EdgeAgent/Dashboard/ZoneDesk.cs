using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Today;
using EdgeAgent.Members;
using EdgeAgent.Watch;

namespace EdgeAgent.Dashboard;

/// <summary>
/// Lines and zones as somebody draws them: read as strictly as a configuration, tried on the last minute by the shop itself, and saved as a
/// configuration file beside the state. Nothing of it changes the running agent.
/// </summary>
internal sealed class ZoneDesk(PageSources sources, TimeProvider time)
{
    // Drafts of one box; the oldest goes.
    private const int MostDrafts = 20;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    // A recount is some milliseconds of work: one at a time, whoever asks.
    private readonly Lock _turn = new();

    /// <summary>What is drawn now; null for an unknown camera.</summary>
    public PlanView? Plan(string camera)
    {
        DeviceConfig config = sources.Config();
        return config.Cameras.FirstOrDefault(c => c.Id == camera) is CameraConfig found
            ? new PlanView(camera, found.Doors, found.Lines, found.Zones, found.Masks, Try(config, found))
            : null;
    }

    /// <summary>What would have counted; or why the drawing is no configuration.</summary>
    /// <param name="drawn">JSON with <c>lines</c> and <c>zones</c> as in a camera's configuration.</param>
    public TriedView Try(string camera, ReadOnlySpan<byte> drawn)
    {
        (DeviceConfig? config, _, IReadOnlyList<ConfigError> errors) = Draw(camera, drawn);
        return config is null ? new TriedView(0, [], [], [], errors) : Try(config, config.Cameras.First(c => c.Id == camera));
    }

    /// <summary>Keeps the whole configuration with these lines and zones as a file.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public SavedView Save(string camera, ReadOnlySpan<byte> drawn)
    {
        string folder = sources.DraftFolder ?? throw new InvalidOperationException("Nothing is saved here.");
        (DeviceConfig? config, JsonNode? document, IReadOnlyList<ConfigError> errors) = Draw(camera, drawn);
        if (config is null)
        {
            return new SavedView(null, errors);
        }
        PrivateFile.CreateFolder(folder);
        foreach (string old in Directory.EnumerateFiles(folder, "*.json").OrderDescending(StringComparer.Ordinal).Skip(MostDrafts - 1).ToList())
        {
            File.Delete(old);
        }
        string stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string file = Path.Combine(folder, $"{stamp}-{camera}.json");
        using FileStream stream = PrivateFile.Create(file, FileMode.Create);
        stream.Write(Encoding.UTF8.GetBytes(document!.ToJsonString(s_indented) + "\n"));
        return new SavedView(file, []);
    }

    /// <summary>The configuration with the drawing in it, by the one reader that there is.</summary>
    private (DeviceConfig? Config, JsonNode? Document, IReadOnlyList<ConfigError> Errors) Draw(string camera, ReadOnlySpan<byte> drawn)
    {
        DeviceConfig now = sources.Config();
        int index = now.Cameras.ToList().FindIndex(c => c.Id == camera);
        if (index < 0)
        {
            return (null, null, [new ConfigError("$.cameras", "dangling", $"there is no camera called \"{camera}\".")]);
        }
        JsonNode document = JsonNode.Parse(ConfigSections.Text(now))!;
        JsonObject? drawing;
        try
        {
            drawing = JsonNode.Parse(drawn, documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            drawing = null;
        }
        if (drawing is null || drawing.Any(part => part.Key is not ("lines" or "zones") || part.Value is not JsonArray))
        {
            return (null, null, [new ConfigError("$", "syntax", "a drawing is a JSON object with the lists \"lines\" and \"zones\".")]);
        }
        foreach ((string part, JsonNode? list) in drawing)
        {
            document["cameras"]![index]![part] = list!.DeepClone();
        }
        document["version"] = now.Version + 1;
        (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(Encoding.UTF8.GetBytes(document.ToJsonString()));
        return (config, document, errors);
    }

    private TriedView Try(DeviceConfig config, CameraConfig camera)
    {
        IReadOnlyList<ShopInput.FrameObserved> minute = sources.Board.Minute(camera.Id);
        Recount recount;
        lock (_turn)
        {
            recount = new Recount(config, camera, minute);
        }
        return new TriedView(
            minute.Count == 0 ? 0 : Math.Round((minute[^1].At - minute[0].At).TotalSeconds, 1),
            [.. camera.Doors.Select(d => d.Id).Concat(camera.Lines.Select(l => l.Id)).Select(id => Line(recount, id))],
            [.. camera.Zones.Select(z => new ZoneTried(z.Id, recount.Entered(z.Id)))],
            [.. recount.Ways().Select(w => new WayView(
                [.. w.Steps.Select(s => s.Box.Foot)], [.. w.Counted.Select(c => $"{c.Line} {(c.Direction == CrossingDirection.In ? "in" : "out")}")]))],
            []);
    }

    private static LineNow Line(Recount recount, string id)
    {
        (int counted, int left) = recount.Crossings(id);
        return new LineNow(id, counted, left);
    }
}
