using System.Text.Json;

namespace EdgeAgent.Rfid.Recordings;

/// <summary>
/// Reads in JSON as others write them: one object a line, or a whole file of one. An object within an object belongs to it, each element of a list is a
/// read of its own, with what stands around it.
/// </summary>
internal static class JsonRows
{
    // A file of one JSON value is held in memory.
    private const long MostBytes = 256 << 20;

    // The names of so many objects are looked at.
    private const int NamedObjects = 200;

    public static IReadOnlyList<string> Names(string path) =>
        [.. Objects(path).Take(NamedObjects).SelectMany(static o => o.Fields.Select(static f => f.Name)).Distinct(StringComparer.Ordinal)];

    public static IEnumerable<(int Line, IReadOnlyList<string> Values)> Rows(string path, IReadOnlyList<string> names)
    {
        Dictionary<string, int> places = names.Select(static (name, i) => (name, i)).ToDictionary(static n => n.name, static n => n.i, StringComparer.Ordinal);
        foreach ((int line, List<(string Name, string Value)> fields) in Objects(path))
        {
            string[] values = new string[names.Count];
            Array.Fill(values, "");
            foreach ((string name, string value) in fields)
            {
                if (places.TryGetValue(name, out int place))
                {
                    values[place] = value;
                }
            }
            yield return (line, values);
        }
    }

    private static IEnumerable<(int Line, List<(string Name, string Value)> Fields)> Objects(string path)
    {
        int number = 0;
        bool whole = RecordingLine.Lines(path).Select(static l => l.Trim()).FirstOrDefault(static l => l.Length > 0) is { } first && !IsObject(first);
        if (whole)
        {
            foreach (List<(string, string)> fields in Flat(Whole(path), []))
            {
                yield return (++number, fields);
            }
            yield break;
        }
        foreach (string text in RecordingLine.Lines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(text))
            {
                foreach (List<(string, string)> fields in Flat(RecordingLine.Parse(path, number, text), []))
                {
                    yield return (number, fields);
                }
            }
        }
    }

    private static bool IsObject(string line)
    {
        try
        {
            return JsonElement.Parse(line).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonElement Whole(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes } file)
        {
            throw new RecordingException($"{path} is one JSON value of {file.Length >> 20} MiB, more than {MostBytes >> 20}; write one object a line.");
        }
        try
        {
            return JsonElement.Parse(string.Join('\n', RecordingLine.Lines(path)));
        }
        catch (JsonException e)
        {
            throw new RecordingException($"{path} line {(e.LineNumber ?? 0) + 1} is not valid JSON, neither as one object a line nor as one list.", e);
        }
    }

    private static IEnumerable<List<(string Name, string Value)>> Flat(JsonElement json, List<(string Name, string Value)> around)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            return json.EnumerateArray().Where(static e => e.ValueKind is JsonValueKind.Object or JsonValueKind.Array).SelectMany(e => Flat(e, around));
        }
        var own = new List<(string, string)>(around);
        var lists = new List<JsonElement>();
        Take(json);
        return lists.Count == 0 ? [own] : lists.SelectMany(list => Flat(list, own));

        void Take(JsonElement from)
        {
            foreach (JsonProperty field in from.EnumerateObject())
            {
                switch (field.Value.ValueKind)
                {
                    case JsonValueKind.Object:
                        Take(field.Value);
                        break;
                    case JsonValueKind.Array when field.Value.EnumerateArray().Any(static e => e.ValueKind == JsonValueKind.Object):
                        lists.Add(field.Value);
                        break;
                    case JsonValueKind.String:
                        own.Add((field.Name, TextOf(field.Value)));
                        break;
                    case JsonValueKind.Number:
                        own.Add((field.Name, field.Value.GetRawText()));
                        break;
                }
            }
        }
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText(); // half a character: no value that is looked for
        }
    }
}
