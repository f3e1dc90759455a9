using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeAgent.Core.Contract;

/// <summary>One thing in a message that the contract does not allow.</summary>
/// <param name="Path">JSON path.</param>
public sealed record ContractFault(string Path, string Reason);

/// <summary>
/// Checks values against the schemas that <see cref="ContractSchema"/> writes: the words of JSON Schema that stand there, and no others. An
/// unknown word is an error here, not a check left out.
/// </summary>
internal sealed class SchemaCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Regex> _patterns = [];

    public void Check(JsonElement value, JsonObject schema, string path, List<ContractFault> faults)
    {
        foreach ((string word, JsonNode? wanted) in schema)
        {
            switch (word)
            {
                case "type":
                    if (!TypeIs(value, wanted!))
                    {
                        faults.Add(new ContractFault(path, $"{Shown(value)} is not of the type {wanted!.ToJsonString()}."));
                        return;
                    }
                    break;
                case "const":
                    Require(value.ValueKind == JsonValueKind.String && value.GetString() == wanted!.GetValue<string>(), path, value, "is not \"{0}\"", wanted, faults);
                    break;
                case "enum":
                    Require(wanted!.AsArray().Any(each => Same(value, each)), path, value, "is none of the words allowed", null, faults);
                    break;
                case "maxLength":
                    Require(value.ValueKind != JsonValueKind.String || Letters(value) <= wanted!.GetValue<int>(), path, value, "is longer than {0}", wanted, faults);
                    break;
                case "pattern":
                    Require(value.ValueKind != JsonValueKind.String || Matches(value.GetString()!, wanted!.GetValue<string>()), path, value, "does not look like {0}", wanted, faults);
                    break;
                case "minimum":
                    Require(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= Number(wanted!), path, value, "is below {0}", wanted, faults);
                    break;
                case "maximum":
                    Require(value.ValueKind != JsonValueKind.Number || value.GetDouble() <= Number(wanted!), path, value, "is above {0}", wanted, faults);
                    break;
                case "items":
                    CheckItems(value, wanted!.AsObject(), path, faults);
                    break;
                case "minItems":
                    Require(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= wanted!.GetValue<int>(), path, value, "has fewer than {0} elements", wanted, faults);
                    break;
                case "maxItems":
                    Require(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= wanted!.GetValue<int>(), path, value, "has more than {0} elements", wanted, faults);
                    break;
                case "properties":
                    CheckMembers(value, wanted!.AsObject(), path, faults);
                    break;
                case "required":
                    CheckRequired(value, wanted!.AsArray(), path, faults);
                    break;
                case "additionalProperties":
                    CheckUnknown(value, schema, wanted as JsonObject, path, faults);
                    break;
                case "propertyNames":
                    CheckNames(value, wanted!.AsObject(), path, faults);
                    break;
                case "maxProperties":
                    Require(value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() <= wanted!.GetValue<int>(), path, value, "has more than {0} members", wanted, faults);
                    break;
                case "anyOf":
                    CheckAny(value, wanted!.AsArray(), path, faults);
                    break;
                case "$schema" or "$id" or "title" or "description" or "format" or "default":
                    break; // the pattern says what the format means
                default:
                    throw new InvalidOperationException($"The schema at {path} says '{word}', which this check does not know.");
            }
        }
    }

    private void CheckItems(JsonElement value, JsonObject items, string path, List<ContractFault> faults)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                Check(item, items, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
            }
        }
    }

    private void CheckMembers(JsonElement value, JsonObject properties, string path, List<ContractFault> faults)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (properties[member.Name] is JsonObject schema)
                {
                    Check(member.Value, schema, $"{path}.{member.Name}", faults);
                }
            }
        }
    }

    private static void CheckRequired(JsonElement value, JsonArray required, string path, List<ContractFault> faults)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (string name in required.Select(each => each!.GetValue<string>()).Where(name => !value.TryGetProperty(name, out _)))
            {
                faults.Add(new ContractFault($"{path}.{name}", "it is missing."));
            }
        }
    }

    private void CheckNames(JsonElement value, JsonObject names, string path, List<ContractFault> faults)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                Check(JsonSerializer.SerializeToElement(member.Name), names, $"{path}.{member.Name}", faults);
            }
        }
    }

    /// <param name="others">What members must be that are not named; null allows none.</param>
    private void CheckUnknown(JsonElement value, JsonObject schema, JsonObject? others, string path, List<ContractFault> faults)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            var known = schema["properties"]?.AsObject();
            foreach (JsonProperty member in value.EnumerateObject().Where(member => known?.ContainsKey(member.Name) != true))
            {
                if (others is not null)
                {
                    Check(member.Value, others, $"{path}.{member.Name}", faults);
                    continue;
                }
                faults.Add(new ContractFault($"{path}.{member.Name}", "the contract knows no such member."));
            }
        }
    }

    /// <summary>Of several forms the faults of the nearest are told.</summary>
    private void CheckAny(JsonElement value, JsonArray forms, string path, List<ContractFault> faults)
    {
        List<ContractFault>? nearest = null;
        foreach (JsonNode? form in forms)
        {
            var own = new List<ContractFault>();
            Check(value, form!.AsObject(), path, own);
            if (own.Count == 0)
            {
                return;
            }
            nearest = nearest is null || own.Count < nearest.Count ? own : nearest;
        }
        faults.AddRange(nearest ?? []);
    }

    // The sentence is made only where it is needed: each event that leaves is checked.
    private static void Require(bool holds, string path, JsonElement value, string otherwise, JsonNode? wanted, List<ContractFault> faults)
    {
        if (!holds)
        {
            faults.Add(new ContractFault(path, $"{Shown(value)} {string.Format(CultureInfo.InvariantCulture, otherwise, wanted)}."));
        }
    }

    private static bool TypeIs(JsonElement value, JsonNode wanted) =>
        wanted is JsonArray several ? several.Any(each => TypeIs(value, each!)) : wanted.GetValue<string>() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && Math.Floor(number) == number,
            var type => throw new InvalidOperationException($"'{type}' is no type of JSON Schema."),
        };

    private static bool Same(JsonElement value, JsonNode? wanted) => wanted is null
        ? value.ValueKind == JsonValueKind.Null
        : wanted.GetValueKind() == value.ValueKind && (value.ValueKind == JsonValueKind.String
            ? wanted.GetValue<string>() == value.GetString()
            : wanted.ToJsonString() == value.GetRawText());

    // Schemas made here hold whole numbers as the number type they were written with.
    private static double Number(JsonNode number) => double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture);

    /// <summary>Characters as JSON Schema counts them: code points.</summary>
    private static int Letters(JsonElement value) => value.GetString()!.EnumerateRunes().Count();

    /// <summary>ECMA 262: unlike .NET's, its dollar is the very end.</summary>
    private bool Matches(string text, string pattern)
    {
        if (!_patterns.TryGetValue(pattern, out Regex? regex))
        {
            string exact = pattern.EndsWith('$') ? pattern[..^1] + "\\z" : pattern;
            _patterns[pattern] = regex = new Regex(exact, RegexOptions.CultureInvariant, s_patience);
        }
        return regex.IsMatch(text);
    }

    private static string Shown(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}
