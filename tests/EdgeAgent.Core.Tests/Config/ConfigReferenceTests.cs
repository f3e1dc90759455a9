using System.Text;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Config;

/// <summary>What docs/config.md says about a number is what the reader of a configuration holds it to.</summary>
public class ConfigReferenceTests
{
    // Depends on another key too, as its words say: not every value of its range goes with every value of that one.
    private static readonly string[] s_dependent =
    [
        "promotions[].pay", "promotions[].take", "promotions[].price", "antennas[].antenna", "strongRssiDbm", "gates[].lateSeconds", "aggregates.epsilonPerDay",
        "aggregates.longSeconds", "models.faintThreshold", "checkout.askLimit",
    ];

    private static readonly JsonObject s_schema = JsonNode.Parse(ConfigSchema.Text())!.AsObject();

    public static TheoryData<string, double, double> Numbers
    {
        get
        {
            var numbers = new TheoryData<string, double, double>();
            foreach ((string path, JsonObject key) in Keys(s_schema, "$").Where(k => IsNumber(k.Key) && ConfigReference.Range(Words(k.Key)) is not null))
            {
                (double low, double high) = ConfigReference.Range(Words(key))!.Value;
                numbers.Add(path, low, high);
            }
            return numbers;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_range_of_a_number_is_the_one_that_is_written(string path, double low, double high)
    {
        bool isFree = !s_dependent.Any(d => path.EndsWith(d, StringComparison.Ordinal));
        double step = Find(path)["type"]!.ToJsonString().Contains("integer", StringComparison.Ordinal) ? 1 : 0.005;

        Assert.True(IsRefused(path, low - step), $"{low - step} is taken.");
        Assert.False(isFree && IsRefused(path, low), $"{low} is refused.");
        Assert.False(isFree && IsRefused(path, high), $"{high} is refused.");
        Assert.True(IsRefused(path, high + step), $"{high + step} is taken.");
    }

    [Fact]
    public void Every_key_has_a_meaning_and_every_number_a_range()
    {
        Assert.All(Keys(s_schema, "$"), key =>
        {
            Assert.True(Words(key.Key).Length > 5, $"{key.Path} has no description.");
            Assert.True(!IsNumber(key.Key) || ConfigReference.Range(Words(key.Key)) is not null || s_dependent.Any(d => key.Path.EndsWith(d, StringComparison.Ordinal)), $"{key.Path} has no range.");
        });
    }

    private static bool IsRefused(string path, double value)
    {
        JsonObject document = Example(s_schema);
        JsonNode at = document;
        string[] steps = path.Replace("[]", ".0", StringComparison.Ordinal).Split('.')[1..];
        foreach (string step in steps[..^1])
        {
            at = step == "0" ? at[0]! : at[step]!;
        }
        at[steps[^1]] = double.IsInteger(value) ? JsonValue.Create((long)value) : JsonValue.Create(value);
        (_, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(Encoding.UTF8.GetBytes(document.ToJsonString()));
        Assert.DoesNotContain(errors, e => e.Code is "unknown-key" or "syntax");
        string place = path.Replace("[]", "[0]", StringComparison.Ordinal);
        return errors.Any(e => e.Path == place && e.Code is "out-of-range" or "bad-value" && e.Path == place);
    }

    /// <summary>A document with every key in it: right in shape, not in what it says.</summary>
    private static JsonObject Example(JsonObject schema)
    {
        var made = new JsonObject();
        foreach ((string name, JsonNode? key) in schema["properties"]!.AsObject())
        {
            made[name] = Value(key!.AsObject());
        }
        return made;
    }

    private static JsonNode? Value(JsonObject key)
    {
        if (key["enum"] is JsonArray words)
        {
            return words[0]!.DeepClone();
        }
        return Kind(key) switch
        {
            "object" => Example(key),
            "array" when key["maxItems"] is not null => new JsonArray(0.5, 0.5),
            "array" => new JsonArray(Value(Entries(key))),
            "integer" or "number" => key["default"]?.DeepClone() ?? JsonValue.Create((long)Math.Ceiling(ConfigReference.Range(Words(key))?.Low ?? 1)),
            "boolean" => JsonValue.Create(false),
            _ => key["format"] is null ? JsonValue.Create("x") : null,
        };
    }

    private static IEnumerable<(string Path, JsonObject Key)> Keys(JsonObject schema, string path)
    {
        foreach ((string name, JsonNode? node) in schema["properties"]!.AsObject())
        {
            JsonObject key = node!.AsObject();
            yield return ($"{path}.{name}", key);
            bool isList = Kind(key) == "array";
            JsonObject inner = isList ? Entries(key) : key;
            foreach ((string Path, JsonObject Key) below in inner["properties"] is null ? [] : Keys(inner, $"{path}.{name}{(isList ? "[]" : "")}"))
            {
                yield return below;
            }
        }
    }

    private static JsonObject Find(string path) => Keys(s_schema, "$").Single(k => k.Path == path).Key;

    private static JsonObject Entries(JsonObject key)
    {
        JsonNode entries = key["items"]!;
        return entries["$ref"]?.GetValue<string>() is string place
            ? place.Split('/')[1..].Aggregate((JsonNode)s_schema, (at, step) => at[step]!).AsObject()
            : entries.AsObject();
    }

    private static bool IsNumber(JsonObject key) => key["enum"] is null && Kind(key) is "integer" or "number";

    private static string? Kind(JsonObject key) => key["type"] is JsonArray several ? several[0]!.GetValue<string>() : key["type"]?.GetValue<string>();

    private static string Words(JsonObject key) => key["description"]?.GetValue<string>() ?? "";
}
