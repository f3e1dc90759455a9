using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeAgent.Core.Contract;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>Right messages of every kind, made from their schemas, and every place in them where a text can stand.</summary>
internal static class SmuggledPayload
{
    // One of these has the form that is asked for. Names are those of the test's configuration.
    private static readonly string[] s_texts =
    [
        "cam", "2026-03-02T08:00:00.000Z", "019b8d9e-1111-7222-8333-444455556666", new('a', 26), new('b', 16), "04006381333931", "EUR", "settle", "evt/exit/settled", new('0', 64), "5", "1.0",
        "0.1.0", "none", "sha256:" + new string('0', 64), "face-vector", "models", "checkout", "/acme/s0042/b1", "r-1", "ntp:4ms", "done",
    ];

    /// <summary>The topic and a right message for it; of an answer one for each kind of data.</summary>
    public static IEnumerable<(string Topic, JsonNode Message)> All()
    {
        foreach (ContractMessage message in ContractRegistry.Named.Where(m => !m.Comes))
        {
            JsonObject schema = ContractSchema.Of(message);
            string topic = message.Address.Replace("{kind}", "camera", StringComparison.Ordinal).Replace("{id}", "cam", StringComparison.Ordinal)
                .Replace("{label}", "city", StringComparison.Ordinal).Replace("{client}", "office", StringComparison.Ordinal);
            int ways = schema["properties"]?["data"]?["anyOf"] is JsonArray several ? several.Count : 1;
            for (int way = 0; way < ways; way++)
            {
                yield return (topic, Example(schema, "", way)!);
            }
        }
    }

    /// <summary>Every text in the message, as a way to put something else in its place.</summary>
    public static IEnumerable<(string Path, Action<JsonNode> Put)> Texts(JsonNode message)
    {
        switch (message)
        {
            case JsonObject owner:
                foreach ((string name, JsonNode? value) in owner.ToList())
                {
                    if (value is JsonValue text && text.TryGetValue(out string? _))
                    {
                        yield return ("." + name, other => owner[name] = other);
                    }
                    foreach ((string path, Action<JsonNode> put) in value is null ? [] : Texts(value))
                    {
                        yield return ($".{name}{path}", put);
                    }
                }
                break;
            case JsonArray list:
                for (int i = 0; i < list.Count; i++)
                {
                    int at = i;
                    if (list[at] is JsonValue text && text.TryGetValue(out string? _))
                    {
                        yield return ($"[{at}]", other => list[at] = other);
                    }
                    foreach ((string path, Action<JsonNode> put) in list[at] is JsonNode inner ? Texts(inner) : [])
                    {
                        yield return ($"[{at}]{path}", put);
                    }
                }
                break;
            default:
                break;
        }
    }

    private static JsonNode? Example(JsonObject schema, string member, int way)
    {
        if (schema["const"] is JsonNode constant)
        {
            return constant.DeepClone();
        }
        if (schema["enum"] is JsonArray words)
        {
            return words[0]?.DeepClone();
        }
        if (schema["anyOf"] is JsonArray forms)
        {
            return Example(forms[way]!.AsObject(), member, way);
        }
        string[] types = schema["type"] is JsonArray several ? [.. several.Select(t => t!.GetValue<string>())] : [schema["type"]!.GetValue<string>()];
        return types.First(t => t != "null" || types.Length == 1) switch
        {
            "null" => null,
            "boolean" => true,
            "integer" or "number" => schema["minimum"]?.DeepClone() ?? 0,
            "array" => new JsonArray(Example(schema["items"]!.AsObject(), member, way)),
            "object" when schema["properties"] is not JsonObject => new JsonObject { ["checkout"] = Example(schema["additionalProperties"]!.AsObject(), "", way) },
            "object" => new JsonObject(schema["properties"]!.AsObject().Select(p => KeyValuePair.Create(p.Key, Example(p.Value!.AsObject(), p.Key, way)))),
            _ => Text(schema, member),
        };
    }

    private static string Text(JsonObject schema, string member)
    {
        string pattern = schema["pattern"]!.GetValue<string>();
        return member switch
        {
            "subject" => "camera/cam",
            "path" => "$",
            "code" => "unknown-key",
            "message" => "This key is not known here.",
            _ => s_texts.FirstOrDefault(text => text.Length <= schema["maxLength"]!.GetValue<int>() && Regex.IsMatch(text, pattern))
                ?? throw new InvalidOperationException($"No example text has the form {pattern} of {member}: add one."),
        };
    }
}
