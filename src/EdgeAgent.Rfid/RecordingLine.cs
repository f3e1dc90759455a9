using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core;

namespace EdgeAgent.Rfid;

/// <summary>One line of a reader recording: a JSON object with <c>atMs</c>, milliseconds since the start of the replay, and more.</summary>
internal readonly struct RecordingLine
{
    /// <summary>A replay lasts a year at most: more is a mistake in the file, and would leave the calendar.</summary>
    public const long MaxAtMs = 366L * 24 * 3600 * 1000;

    public const int MaxRssi = 1_000_000;

    private readonly string _path;
    private readonly int _number;
    private readonly JsonElement _json;

    private RecordingLine(string path, int number, JsonElement json)
    {
        _path = path;
        _number = number;
        _json = json;
        At = Milliseconds("atMs");
    }

    /// <summary>Since the start of the replay, exact to 100 ns: recorders also write fractions of a millisecond.</summary>
    public TimeSpan At { get; }

    /// <summary>The lines of a file in order of time, empty lines left out.</summary>
    /// <exception cref="RecordingException">The file cannot be read, a line is no JSON object, or time goes back.</exception>
    public static IEnumerable<RecordingLine> ReadAll(string path)
    {
        int number = 0;
        TimeSpan before = TimeSpan.Zero;
        foreach (string text in Lines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }
            var line = new RecordingLine(path, number, Parse(path, number, text));
            if (line.At < before)
            {
                throw line.Bad("atMs", string.Create(CultureInfo.InvariantCulture, $"goes back from {before.TotalMilliseconds}; lines must be in order of time"));
            }
            before = line.At;
            yield return line;
        }
    }

    public TagRead ToTagRead(DateTimeOffset at)
    {
        string hex = Text("epc");
        if (hex.Length == 0 || !Epc.TryParse(hex, out Epc epc))
        {
            throw Bad("epc", $"is not hexadecimal with an even number of 2 to {Epc.MaxBits / 4} digits");
        }
        // Not only dBm: recordings of some readers hold the vendor's own units, and the gate's thresholds are then in these.
        double rssi = Field("rssiDbm") is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double dbm) ? dbm : double.NaN;
        if (rssi is not (>= -MaxRssi and <= MaxRssi))
        {
            throw Bad("rssiDbm", $"is not a number from -{MaxRssi} to {MaxRssi}");
        }
        var antenna = (ushort)Whole("antenna", 0, ushort.MaxValue);
        ushort seen = _json.TryGetProperty("seenCount", out _) ? (ushort)Whole("seenCount", 1, ushort.MaxValue) : (ushort)1;
        return new TagRead(epc, antenna, (float)rssi, seen, at);
    }

    /// <summary>The line is about an input pin, not about a tag.</summary>
    public bool IsPin => _json.TryGetProperty("gpi", out _);

    public ShopInput.PinChanged ToPinChanged(DateTimeOffset at, string reader)
    {
        int port = (int)Whole("gpi", 1, ushort.MaxValue);
        JsonElement high = Field("high");
        return high.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new ShopInput.PinChanged(at, reader, port, high.GetBoolean())
            : throw Bad("high", "is not true or false");
    }

    /// <summary>The bytes of the field <c>hex</c>.</summary>
    public byte[] Bytes()
    {
        string hex = Text("hex");
        byte[] bytes = new byte[hex.Length / 2];
        if (hex.Length % 2 != 0 || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw Bad("hex", "is not hexadecimal with an even number of digits");
        }
        return bytes;
    }

    public static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path) : throw new FileNotFoundException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException($"{path} cannot be read as a reader recording: it is missing or not readable.", e);
        }
    }

    public static JsonElement Parse(string path, int number, string text)
    {
        try
        {
            JsonElement json = JsonElement.Parse(text);
            if (json.ValueKind == JsonValueKind.Object)
            {
                return json;
            }
        }
        catch (JsonException e)
        {
            throw new RecordingException($"{path} line {number} is not valid JSON: {Short(text)}.", e);
        }
        throw new RecordingException($"{path} line {number} is not a JSON object: {Short(text)}.");
    }

    private JsonElement Field(string name) =>
        _json.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new RecordingException($"{_path} line {_number} lacks the field '{name}': {Short(_json.GetRawText())}.");

    private string Text(string name)
    {
        JsonElement value = Field(name);
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad(name, "is not a text");
        }
        catch (InvalidOperationException)
        {
            throw Bad(name, "holds half a character"); // a lone surrogate: legal JSON, no text
        }
    }

    private TimeSpan Milliseconds(string name)
    {
        JsonElement value = Field(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal number) && number is >= 0 and <= MaxAtMs
            ? TimeSpan.FromTicks((long)(number * TimeSpan.TicksPerMillisecond))
            : throw Bad(name, $"is not a number from 0 to {MaxAtMs}");
    }

    private long Whole(string name, long min, long max)
    {
        JsonElement value = Field(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= min && number <= max
            ? number
            : throw Bad(name, $"is not a whole number from {min} to {max}");
    }

    private RecordingException Bad(string name, string what) =>
        new($"{_path} line {_number}: the field '{name}' with the value {Short(Field(name).GetRawText())} {what}.");

    public static string Short(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
