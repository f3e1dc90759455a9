using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeAgent.Core.Config;

/// <summary>Every key of a configuration as Markdown, from the same types as <see cref="ConfigSchema"/>; <c>docs/config.md</c> is exactly this.</summary>
public static partial class ConfigReference
{
    private const string Header = "\n| key | type | default | range | meaning |\n|---|---|---|---|---|\n";

    // The unit of a number stands at the end of its name.
    private static readonly (string End, string Unit)[] s_units =
    [
        ("Seconds", "seconds"), ("Minutes", "minutes"), ("Days", "days"), ("Metres", "metres"), ("Grams", "grams"), ("grams", "grams"), ("Px", "pixels"), ("width", "pixels"),
        ("Dbm", "dBm"), ("Megabytes", "MiB"), ("asisPoints", "basis points"), ("price", "minor units"), ("Limit", "minor units"), ("fps", "a second"),
    ];

    /// <summary>The keys in the order of the document. Ends with a line break.</summary>
    public static string Text()
    {
        var text = new StringBuilder(
            """
            # Every key of a configuration

            Written by `edge-agent config doc` from the types that read a configuration; a test holds this file against them. How the parts work together is in [configuring.md](configuring.md).
            A key without a default is needed. An unknown key, a missing key and a value out of range are errors, each told with its path.
            """).Append('\n');
        JsonObject whole = ConfigSchema.Node(ConfigJson.Default.DeviceConfig);
        text.Append("\n## The document\n").Append(Header);
        foreach ((string name, JsonNode? key) in Properties(whole))
        {
            Row(text, name, key!.AsObject(), IsNeeded(whole, name));
        }
        foreach ((string name, JsonNode? key) in Properties(whole).Where(p => Inside(p.Value!.AsObject()) is not null))
        {
            text.Append($"\n## {name}\n\n{key!["description"]}\n").Append(Header);
            Rows(text, "", Inside(key.AsObject())!);
        }
        return text.ToString();
    }

    /// <summary>Lowest and highest value that a description names; null where it names none.</summary>
    public static (double Low, double High)? Range(string description) =>
        RangeWords().Match(description) is { Success: true } found
            ? (double.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture), double.Parse(found.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;

    private static void Rows(StringBuilder text, string path, JsonObject schema)
    {
        foreach ((string name, JsonNode? key) in Properties(schema))
        {
            JsonObject inner = key!.AsObject();
            Row(text, path + name, inner, IsNeeded(schema, name));
            if (Inside(inner) is JsonObject below)
            {
                Rows(text, path + name + (inner["items"] is null ? "." : "[]."), below);
            }
        }
    }

    private static void Row(StringBuilder text, string name, JsonObject key, bool needed)
    {
        string meaning = key["description"]?.GetValue<string>() ?? "";
        string type = Type(key);
        string range = IsNumber(key) && RangeWords().Match(meaning) is { Success: true } found ? found.Value : "";
        string unit = IsNumber(key) ? s_units.FirstOrDefault(u => name.EndsWith(u.End, StringComparison.Ordinal)).Unit ?? "" : "";
        string fallback = needed ? "" : $"`{key["default"]?.ToJsonString() ?? "null"}`";
        text.Append($"| `{name}` | {type}{(unit.Length > 0 ? ", " + unit : "")} | {fallback} | {range} | {meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
    }

    private static string Type(JsonObject key)
    {
        if (key["enum"] is JsonArray words)
        {
            return string.Join(", ", words.Where(w => w is not null).Select(w => $"`{w}`"));
        }
        return Kind(key) switch
        {
            "integer" => "whole number",
            "number" => "number",
            "boolean" => "true, false",
            "array" when key["maxItems"]?.GetValue<int>() == 2 => "[x, y]",
            "array" => "list of " + Type(Entries(key)!) switch { "object" => "objects", "text" => "texts", "whole number" => "whole numbers", var other => other },
            "object" => "object",
            "string" => key["format"] is null ? "text" : "moment",
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The object that a key, or each entry of its list, is; null for anything else.</summary>
    private static JsonObject? Inside(JsonObject key) =>
        key["properties"] is JsonObject ? key : Entries(key) is JsonObject entries && entries["properties"] is JsonObject ? entries : null;

    /// <summary>What stands in a list; null for anything else. A type that was described before is named by its place.</summary>
    private static JsonObject? Entries(JsonObject key)
    {
        JsonNode? entries = key["items"];
        if (entries?["$ref"]?.GetValue<string>() is string place)
        {
            entries = key.Root;
            foreach (string step in place.Split('/')[1..])
            {
                entries = entries![step];
            }
        }
        return entries?.AsObject();
    }

    private static bool IsNumber(JsonObject key) => key["enum"] is null && Kind(key) is "integer" or "number";

    private static string? Kind(JsonObject key) => key["type"] switch
    {
        JsonArray several => several.Select(t => t!.GetValue<string>()).First(t => t != "null"),
        JsonValue one => one.GetValue<string>(),
        _ => null,
    };

    private static bool IsNeeded(JsonObject schema, string name) => schema["required"] is JsonArray needed && needed.Any(n => n!.GetValue<string>() == name);

    private static JsonObject Properties(JsonObject schema) => schema["properties"]!.AsObject();

    [GeneratedRegex(@"(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)")]
    private static partial Regex RangeWords();
}
