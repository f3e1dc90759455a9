using System.Text.Json;

namespace EdgeAgent.Fleet;

/// <summary>What one box has said about itself. Read leniently: a box may be of a newer version than this tool.</summary>
internal sealed class BoxStatus(BoxName name)
{
    public BoxName Name => name;

    /// <summary><c>ready</c>, <c>lost</c> …; null when the box has never said it.</summary>
    public string? State { get; private set; }

    public DateTimeOffset? StateAt { get; private set; }
    public string? Agent { get; private set; }
    public string? ModelSet { get; private set; }
    public long? OutboxWaiting { get; private set; }
    public double? MemoryMegabytes { get; private set; }

    /// <summary>The highest version that the document last sent to it names; 0 when none was, or nobody listened for it.</summary>
    public long HighestDesired { get; private set; }

    /// <summary>What became of the configuration that was last desired of it.</summary>
    public Reported Config { get; private set; } = Reported.Nothing;

    /// <summary>What became of the models that were last desired of it.</summary>
    public Reported Models { get; private set; } = Reported.Nothing;

    /// <summary>Takes one message below the box's root. False when it is not understood; what was known then stays.</summary>
    public bool Take(string below, ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            JsonElement root = document.RootElement;
            switch (below)
            {
                case "state":
                    TakeState(root);
                    return true;
                case "info":
                    Agent = Text(root, "agent");
                    ModelSet = Text(root, "modelSet");
                    return true;
                case "health":
                    OutboxWaiting = Number(root, "outboxWaiting");
                    MemoryMegabytes = root.TryGetProperty("memoryMegabytes", out JsonElement memory) && memory.TryGetDouble(out double megabytes) ? megabytes : null;
                    return true;
                case "cfg/desired" or "ota/desired":
                    // A box never takes a version below one that it has had: what was rolled back counts too.
                    HighestDesired = Math.Max(Number(root, "version") ?? 0, Number(root, "rollbackOf") ?? 0);
                    return true;
                case "cfg/reported":
                    Config = Reported.OfConfig(root, Config.Number + 1);
                    return true;
                case "ota/reported":
                    Models = Reported.OfModels(root, Models.Number + 1);
                    return true;
                default:
                    return false;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>A will that comes late must not bury a newer birth: it carries the epoch and connection that it belongs to.</summary>
    private void TakeState(JsonElement root)
    {
        (long, long) born = (Number(root, "epoch") ?? 0, Number(root, "connection") ?? 0);
        string? state = Text(root, "state");
        if (state == "lost" && born.CompareTo(_born) < 0)
        {
            return;
        }
        _born = born;
        State = state;
        StateAt = root.TryGetProperty("at", out JsonElement at) && at.TryGetDateTimeOffset(out DateTimeOffset when) ? when : null;
    }

    private (long Epoch, long Connection) _born;

    internal static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    internal static long? Number(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out long value) ? value : null;
}
