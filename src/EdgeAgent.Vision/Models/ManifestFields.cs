using System.Text.Json;

namespace EdgeAgent.Vision.Models;

/// <summary>One JSON object of the manifest, read strictly: every error names the file, the model and the field.</summary>
internal sealed class ManifestFields
{
    private readonly JsonElement _object;
    private readonly string _where;
    private readonly string _path;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <param name="where">File and model, for example <c>models/manifest.json, model 'yolox'</c>.</param>
    /// <param name="path">Field path of this object with a trailing dot, or empty.</param>
    public ManifestFields(JsonElement element, string where, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ModelException($"{where}, field {path.TrimEnd('.')}: expected an object, got {element.ValueKind}.");
        }
        _object = element;
        _where = where;
        _path = path;
    }

    public string Text(string name)
    {
        JsonElement value = Required(name);
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return string.IsNullOrWhiteSpace(text) ? throw Wrong(name, "a text that is not empty", value) : text;
    }

    /// <summary>The key must be there, its value may be null.</summary>
    public string? TextOrNull(string name) => Required(name).ValueKind == JsonValueKind.Null ? null : Text(name);

    /// <summary>Neither key nor value need be there.</summary>
    public string? OptionalText(string name) => Has(name) ? TextOrNull(name) : null;

    public bool Flag(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "true or false", value),
        };
    }

    public int Whole(string name, int least, int most)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}", value);
    }

    public long? SizeOrNull(string name)
    {
        JsonElement value = Required(name);
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number > 0
            ? number
            : throw Wrong(name, "a number of bytes or null", value);
    }

    public float Number(string name, float least, float most)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && number >= least && number <= most
            ? number
            : throw Wrong(name, FormattableString.Invariant($"a number from {least} to {most}"), value);
    }

    public IReadOnlyList<int> Wholes(string name)
    {
        JsonElement value = Required(name);
        var numbers = new List<int>();
        foreach (JsonElement item in Items(name, value))
        {
            numbers.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number) && number is > 0 and <= 65536
                ? number
                : throw Wrong(name, "whole numbers from 1 to 65536", value));
        }
        return numbers.Count > 0 ? numbers : throw Wrong(name, "at least one number", value);
    }

    public IReadOnlyList<float> Triple(string name)
    {
        JsonElement value = Required(name);
        var numbers = new List<float>();
        foreach (JsonElement item in Items(name, value))
        {
            numbers.Add(item.ValueKind == JsonValueKind.Number && item.TryGetSingle(out float number) && float.IsFinite(number)
                ? number
                : throw Wrong(name, "three numbers", value));
        }
        return numbers.Count == 3 ? numbers : throw Wrong(name, "three numbers", value);
    }

    /// <summary>One of a few spellings.</summary>
    public T Choice<T>(string name, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        JsonElement value = Required(name);
        string all = "";
        foreach ((string text, T choice) in choices)
        {
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals(text))
            {
                return choice;
            }
            all += all.Length == 0 ? text : ", " + text;
        }
        throw Wrong(name, "one of " + all, value);
    }

    public ManifestFields Object(string name) => new(Required(name), _where, _path + name + ".");

    public IReadOnlyList<ManifestFields> Objects(string name)
    {
        var objects = new List<ManifestFields>();
        foreach (JsonElement item in Items(name, Required(name)))
        {
            objects.Add(new ManifestFields(item, _where, $"{_path}{name}[{objects.Count}]."));
        }
        return objects;
    }

    public IReadOnlyList<JsonElement> Elements(string name) => Items(name, Required(name));

    public bool Has(string name) => _object.TryGetProperty(name, out _);

    /// <summary>Call when everything was read: a key that nobody asked for is a spelling mistake.</summary>
    public void RefuseUnknown()
    {
        foreach (JsonProperty property in _object.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
            {
                throw new ModelException($"{_where}, field {_path}{property.Name}: is not known here; remove it or correct its spelling.");
            }
        }
    }

    public ModelException Wrong(string name, string expected, string got) =>
        new($"{_where}, field {_path}{name}: expected {expected}, got {got}.");

    private ModelException Wrong(string name, string expected, JsonElement got) => Wrong(name, expected, got.GetRawText());

    private JsonElement Required(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new ModelException($"{_where}, field {_path}{name}: is missing.");
    }

    private List<JsonElement> Items(string name, JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray()]
        : throw Wrong(name, "a list", value);
}
