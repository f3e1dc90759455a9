using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeAgent.Cli;

/// <summary>The evidence of one decision as a page for a terminal: what happened in the order of time, then a row for each tag, then who it may have been, prices, the decision.</summary>
internal static class EvidencePage
{
    private static readonly string[] s_head = ["EPC", "GTIN", "verdict", "why", "inside", "gate", "outside", "order", "in gate at", "stands"];

    // Tags whose reads stand in the order of time; all are in the table.
    private const int MostRead = 12;

    /// <param name="utf8">As <see cref="Egress.EvidenceJson"/> writes it.</param>
    public static string Of(ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument document = JsonDocument.Parse(utf8);
        JsonElement root = document.RootElement;
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"Gate {Text(root, "gate")}, {Text(root, "at")}, way {Text(root, "direction") ?? "not known"}");
        if (root.TryGetProperty("event", out JsonElement id))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"Event {id.GetString()}{(root.TryGetProperty("settlementKey", out JsonElement key) ? $", settlement key {key.GetString()}" : "")}");
        }
        if (root.TryGetProperty("revision", out JsonElement revision))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"Correction {revision.GetInt32()} of that decision: {Text(root, "why")}");
        }
        page.AppendLine();
        foreach ((string at, string what) in Times(root).OrderBy(t => t.At, StringComparer.Ordinal))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"  {at}  {what}");
        }
        page.AppendLine();
        if (root.GetProperty("tags").GetArrayLength() > 0)
        {
            Table(page, [s_head, .. root.GetProperty("tags").EnumerateArray().Select(Row)]);
            int notKept = root.GetProperty("tagsNotKept").GetInt32();
            if (notKept > 0)
            {
                page.AppendLine(CultureInfo.InvariantCulture, $"  and {notKept} more tags, of which nothing was kept");
            }
            page.AppendLine();
        }
        Shopper(page, root);
        Prices(page, root);
        Discounts(page, root);
        page.AppendLine(Decision(root));
        foreach (JsonElement reason in root.GetProperty("reasons").EnumerateArray())
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"  {reason.GetString()}; what would clear it: {HoldRemedies.Of(reason.GetString()!)}");
        }
        return page.ToString().TrimEnd() + Environment.NewLine;
    }

    /// <summary>Everybody it could have been, the likeliest first; what is left is somebody whom no camera saw.</summary>
    private static void Shopper(StringBuilder page, JsonElement root)
    {
        if (!root.TryGetProperty("p", out _) || root.TryGetProperty("revision", out _))
        {
            return;
        }
        JsonElement[] crossings = [.. root.GetProperty("crossings").EnumerateArray().OrderByDescending(c => c.GetProperty("p").GetDouble())];
        page.AppendLine("Whose it may be:");
        foreach (JsonElement crossing in crossings)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"  p {crossing.GetProperty("p").GetDouble():0.000}  {Who(crossing)} over {Text(crossing, "line")} at {Text(crossing, "at")![11..23]}");
        }
        page.AppendLine(CultureInfo.InvariantCulture, $"  p {Math.Max(0, 1 - crossings.Sum(c => c.GetProperty("p").GetDouble())):0.000}  somebody whom no camera saw");
        page.AppendLine();
    }

    private static void Prices(StringBuilder page, JsonElement root)
    {
        foreach ((string name, string title) in new[] { ("added", "Added:"), ("removed", "Taken off:"), ("broughtBack", "In the shop again after the bag was paid:"), ("items", "Items and prices in minor units:") })
        {
            if (!root.TryGetProperty(name, out JsonElement items) || items.GetArrayLength() == 0)
            {
                continue;
            }
            page.AppendLine(title);
            Table(page, [.. items.EnumerateArray().Select(i => new[]
            {
                Text(i, "epc")!, Text(i, "gtin") ?? "-", i.GetProperty("price").ValueKind == JsonValueKind.Number ? i.GetProperty("price").GetRawText() : "no price",
                string.Create(CultureInfo.InvariantCulture, $"left with p {i.GetProperty("p").GetDouble():0.###}"),
            })]);
            page.AppendLine();
        }
    }

    /// <summary>Only what promotions change: else the prices above say it all.</summary>
    private static void Discounts(StringBuilder page, JsonElement root)
    {
        foreach (JsonElement line in root.TryGetProperty("lines", out JsonElement lines) ? lines.EnumerateArray().ToArray() : [])
        {
            foreach (JsonProperty discount in line.GetProperty("discounts").EnumerateObject())
            {
                page.AppendLine(CultureInfo.InvariantCulture, $"  {Text(line, "gtin")} × {line.GetProperty("quantity").GetInt32()}: promotion {discount.Name} takes {discount.Value.GetInt64()} off, {line.GetProperty("net").GetInt64()} remain");
            }
        }
        if (root.TryGetProperty("payment", out JsonElement payment))
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"Payment {payment.GetString()}, due {root.GetProperty("due").GetInt64()} minor units{Amount(root, "prepaid", ", prepaid")}{Amount(root, "refund", ", to be given back")}{Amount(root, "worth", "; what came back is worth")}");
            page.AppendLine();
        }
    }

    /// <summary>Empty for 0, and in evidence of before it was kept.</summary>
    private static string Amount(JsonElement root, string name, string words) =>
        root.TryGetProperty(name, out JsonElement amount) && amount.GetInt64() > 0 ? string.Create(CultureInfo.InvariantCulture, $"{words} {amount.GetInt64()}") : "";

    private static string Who(JsonElement crossing) => crossing.GetProperty("visitKnown").GetBoolean() ? "a visitor" : "somebody whose coming in was not seen";

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
            yield return (Text(crossing, "at")!, string.Create(
                CultureInfo.InvariantCulture, $"camera: {Who(crossing)} {(crossing.TryGetProperty("way", out JsonElement way) && way.ValueEquals("in") ? "comes in" : "goes out")} over {Text(crossing, "line")}, p {crossing.GetProperty("p").GetDouble():0.###}"));
        }
        JsonElement[] tags = [.. root.GetProperty("tags").EnumerateArray()];
        foreach (JsonElement tag in tags.Take(MostRead))
        {
            foreach (string zone in new[] { "inside", "gate", "outside" })
            {
                if (tag.TryGetProperty(zone, out JsonElement heard))
                {
                    yield return (Text(heard, "first")!, string.Create(
                        CultureInfo.InvariantCulture, $"tag …{Text(tag, "epc")![^6..]} heard {(zone == "gate" ? "at the gate" : zone)}: {heard.GetProperty("reads").GetInt32()} reads up to {Text(heard, "last")![17..23]}"));
                }
            }
        }
        if (tags.Length > MostRead)
        {
            yield return (Text(root, "from")!, $"{tags.Length - MostRead} more tags are heard; the table has them");
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
