using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeAgent.Cli;

/// <summary>The evidence of one decision as a page for a terminal: what happened in the order of time, then a row for each tag, then the decision.</summary>
internal static class EvidencePage
{
    private static readonly string[] s_head = ["EPC", "GTIN", "verdict", "why", "inside", "gate", "outside", "order", "in gate at", "stands"];

    /// <param name="utf8">As <see cref="Egress.EvidenceJson"/> writes it.</param>
    public static string Of(ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument document = JsonDocument.Parse(utf8);
        JsonElement root = document.RootElement;
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"Gate {Text(root, "gate")}, {Text(root, "at")}, way {Text(root, "direction") ?? "not known"}");
        page.AppendLine();
        foreach ((string at, string what) in Times(root).OrderBy(t => t.At, StringComparer.Ordinal))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"  {at}  {what}");
        }
        page.AppendLine();
        Table(page, [s_head, .. root.GetProperty("tags").EnumerateArray().Select(Row)]);
        int notKept = root.GetProperty("tagsNotKept").GetInt32();
        if (notKept > 0)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"  and {notKept} more tags, of which nothing was kept");
        }
        page.AppendLine();
        page.Append(Decision(root));
        return page.ToString();
    }

    private static IEnumerable<(string At, string What)> Times(JsonElement root)
    {
        yield return (Text(root, "from")!, "the passage begins");
        yield return (Text(root, "to")!, "the passage ends");
        yield return (Text(root, "lateUntil")!, "late reads were waited for until here");
        yield return (Text(root, "at")!, $"decided: {Text(root, "decision")}");
        foreach (JsonElement edge in root.GetProperty("eye").EnumerateArray())
        {
            yield return (Text(edge, "at")!, edge.GetProperty("broken").GetBoolean() ? "the photo-eye is broken" : "the photo-eye is clear");
        }
        foreach (JsonElement crossing in root.GetProperty("crossings").EnumerateArray())
        {
            string who = crossing.GetProperty("visitKnown").GetBoolean() ? "a visitor" : "somebody whose coming in was not seen";
            yield return (Text(crossing, "at")!, string.Create(
                CultureInfo.InvariantCulture, $"camera: {who} {(crossing.TryGetProperty("way", out JsonElement way) && way.ValueEquals("in") ? "comes in" : "goes out")} over {Text(crossing, "line")}, p {crossing.GetProperty("p").GetDouble():0.###}"));
        }
    }

    private static string[] Row(JsonElement tag) =>
    [
        Text(tag, "epc")!, Text(tag, "gtin") ?? "-", Text(tag, "verdict")! + (tag.TryGetProperty("duplicate", out _) ? " (two tags?)" : ""), Text(tag, "why")!,
        Zone(tag, "inside"), Zone(tag, "gate"), Zone(tag, "outside"), tag.GetProperty("order").GetDouble().ToString("0.00", CultureInfo.InvariantCulture),
        Text(tag, "atGate")![11..23], tag.TryGetProperty("standing", out JsonElement level) ? level.GetDouble().ToString("0.#", CultureInfo.InvariantCulture) : "-",
    ];

    private static string Zone(JsonElement tag, string name) => tag.TryGetProperty(name, out JsonElement zone)
        ? string.Create(CultureInfo.InvariantCulture, $"{zone.GetProperty("reads").GetInt32()} reads, peak {zone.GetProperty("peak").GetDouble():0.#}")
        : "-";

    private static string Decision(JsonElement root)
    {
        string[] reasons = [.. root.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()!)];
        string because = reasons.Length > 0 ? $" because of {string.Join(", ", reasons)}" : "";
        return root.TryGetProperty("p", out JsonElement p)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Text(root, "decision")}{because}: total {root.GetProperty("total").GetInt64()} minor units, shopper p {p.GetDouble():0.###} of {root.GetProperty("candidates").GetInt32()}{Unseen(root)}")
            : $"{Text(root, "decision")}{because}";
    }

    private static string Unseen(JsonElement root) => root.TryGetProperty("unseenP", out JsonElement unseen)
        ? string.Create(CultureInfo.InvariantCulture, $", somebody whom no camera saw p {unseen.GetDouble():0.###}")
        : "";

    private static void Table(StringBuilder page, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            page.Append("  ").AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string? Text(JsonElement parent, string key) => parent.GetProperty(key).GetString();
}
