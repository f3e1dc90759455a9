using System.Text.Json;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Egress;

/// <summary>One event as a subscriber got it.</summary>
/// <param name="Envelope">Its bytes with <c>"historical":false</c>.</param>
/// <param name="Line">Of the recording, from 1.</param>
internal sealed record RecordedEvent(Guid Id, string Source, Lane Lane, long Epoch, long Seq, ReadOnlyMemory<byte> Envelope, int Line);

/// <summary>
/// What a subscriber of one box wrote down: a message a line, with or without its topic before it, in any order. Events once each, however
/// often they came; batches taken apart; heads of the hash chain; and the ranges that the box itself said it had let go.
/// </summary>
internal sealed class Recording
{
    private readonly Dictionary<Guid, RecordedEvent> _byId = [];

    public IEnumerable<RecordedEvent> Events => _byId.Values;
    public List<LaneHead> Heads { get; } = [];
    public List<ShedRange> LetGo { get; } = [];

    /// <summary>Events that came twice with different bytes.</summary>
    public List<RecordedEvent> Altered { get; } = [];

    /// <summary>Lines without JSON that can be read.</summary>
    public List<int> Unreadable { get; } = [];

    public int Repeats { get; private set; }

    public void Read(IEnumerable<string> lines)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var begin = line.AsSpan().IndexOfAny('{', '[');
            if (begin < 0)
            {
                if (line.Trim().Length > 0)
                {
                    Unreadable.Add(number);
                }
                continue;
            }
            try
            {
                foreach (var document in EventBatch.Split(System.Text.Encoding.UTF8.GetBytes(line[begin..])))
                {
                    Take(document, number);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
            {
                Unreadable.Add(number);
            }
        }
    }

    /// <summary>Heads of a document as on <c>audit/head</c>; none when it is something else.</summary>
    public static IReadOnlyList<LaneHead> HeadsOf(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("lanes", out var lanes) || lanes.ValueKind != JsonValueKind.Array)
        {
            return [];
        }
        return [.. lanes.EnumerateArray().Select(lane => new LaneHead(
            Enum.Parse<Lane>(lane.GetProperty("lane").GetString()!, ignoreCase: true), lane.GetProperty("began").GetInt64(), lane.GetProperty("epoch").GetInt64(),
            lane.GetProperty("seq").GetInt64(), lane.GetProperty("count").GetInt64(), lane.GetProperty("late").GetInt64(),
            Convert.FromHexString(lane.GetProperty("head").GetString()!)))];
    }

    private void Take(ReadOnlyMemory<byte> document, int line)
    {
        using var json = JsonDocument.Parse(document);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("specversion", out _))
        {
            Heads.AddRange(HeadsOf(root));
            return;
        }
        var type = root.GetProperty("type").GetString()!;
        var happened = new RecordedEvent(
            root.GetProperty("id").GetGuid(), root.GetProperty("source").GetString()!, EgressTopics.LaneOf(type), root.GetProperty("epoch").GetInt64(),
            root.GetProperty("seq").GetInt64(), Historical.Unmark(document), line);
        if (_byId.TryGetValue(happened.Id, out var before))
        {
            Repeats++;
            if (!before.Envelope.Span.SequenceEqual(happened.Envelope.Span))
            {
                Altered.Add(happened);
            }
            return;
        }
        _byId.Add(happened.Id, happened);
        if (type == "sst.alert.gap.v1")
        {
            var data = root.GetProperty("data");
            LetGo.Add(new ShedRange(
                Enum.Parse<Lane>(data.GetProperty("lane").GetString()!, ignoreCase: true), data.GetProperty("epoch").GetInt64(),
                data.GetProperty("fromSeq").GetInt64(), data.GetProperty("toSeq").GetInt64(), data.GetProperty("count").GetInt64()));
        }
    }
}
