using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;

namespace EdgeAgent.Replay;

// Recorded shop inputs as JSON lines. Private to the replayer on purpose: this is the only code that can write an appearance vector,
// and a running agent cannot reach it. `at` is seconds of virtual time, exact to 100 ns. The first line may name the models that saw it,
// {"modelset":"sha256:…"}: replayed events then carry the same digest.
internal sealed partial class Replayer
{
    // A replay lasts a year at most: more is a mistake in the file, and its ticks would take hours.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    /// <summary>Passes the inputs on and writes each to <paramref name="path"/>.</summary>
    public static async IAsyncEnumerable<ShopInput> Record(
        IAsyncEnumerable<ShopInput> inputs, string path, string modelSet, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using FileStream file = OutputFile.Create(path);
        file.Write(Encoding.UTF8.GetBytes($$"""{"modelset":"{{modelSet}}"}""" + "\n"));
        await foreach (ShopInput input in inputs.WithCancellation(cancel))
        {
            WriteLine(input, file);
            yield return input;
        }
    }

    /// <summary>Reads what <see cref="Record"/> wrote, or what a person wrote in the same form.</summary>
    /// <exception cref="ScenarioException">A line cannot be understood: names file, line and reason.</exception>
    public static async IAsyncEnumerable<ShopInput> ReadRecorded(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        int number = 0;
        DateTimeOffset before = Start;
        await foreach (string line in File.ReadLinesAsync(path, cancel))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || (number == 1 && ModelSetOf(line) is not null))
            {
                continue;
            }
            ShopInput input = ParseLine(line, path, number);
            if (input.At < before || input.At - Start > s_longest)
            {
                throw new ScenarioException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}, line {number} is at {Seconds(input.At)} s: inputs lie in order of time, from {Seconds(before)} s to at most a year."));
            }
            before = input.At;
            yield return input;
        }
    }

    /// <summary>The digest of the models that saw what was recorded; <c>none</c> where the file does not say.</summary>
    public static string RecordedModelSet(string path) => (File.ReadLines(path).FirstOrDefault() is string first ? ModelSetOf(first) : null) ?? "none";

    private static string? ModelSetOf(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("modelset", out JsonElement digest)
                && !document.RootElement.TryGetProperty("at", out _)
                && digest.ValueKind == JsonValueKind.String && digest.GetString() is string text && IsDigest(text)
                ? text
                : null;
        }
        catch (JsonException)
        {
            // Whoever reads the line as an input says what is wrong with it.
            return null;
        }
    }

    /// <summary>It stands in every envelope, where there is no place for free text.</summary>
    private static bool IsDigest(string text) =>
        text == "none" || (text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length == 71 && text[7..].All(char.IsAsciiHexDigitLower));

    private static void WriteLine(ShopInput input, Stream file)
    {
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteNumber("at"u8, Seconds(input.At));
            switch (input)
            {
                case ShopInput.FrameObserved frame:
                    WriteFrame(frame, json);
                    break;
                case ShopInput.TagsRead tags:
                    WriteTags(tags, json);
                    break;
                case ShopInput.PinChanged pin:
                    json.WriteStartObject("pin"u8);
                    json.WriteString("reader"u8, pin.Reader);
                    json.WriteNumber("port"u8, pin.Port);
                    json.WriteBoolean("high"u8, pin.High);
                    json.WriteEndObject();
                    break;
                case ShopInput.SensorReported sensor:
                    json.WriteStartObject("sensor"u8);
                    json.WriteString("kind"u8, sensor.Kind.ToString());
                    json.WriteString("id"u8, sensor.Id);
                    json.WriteString("state"u8, sensor.State.ToString());
                    json.WriteString("reason"u8, sensor.Reason.ToString());
                    json.WriteEndObject();
                    break;
                case ShopInput.GoodsMoved goods:
                    json.WriteStartObject("goods"u8);
                    json.WriteString("camera"u8, goods.Camera);
                    json.WriteString("region"u8, goods.Region);
                    json.WriteString("move"u8, goods.Move.ToString());
                    json.WriteString("gtin"u8, goods.Gtin);
                    json.WriteNumber("score"u8, goods.Score);
                    json.WriteEndObject();
                    break;
                case ShopInput.CodeScanned code:
                    json.WriteStartObject("code"u8);
                    json.WriteString("camera"u8, code.Camera);
                    json.WriteString("region"u8, code.Region);
                    json.WriteString("gtin"u8, code.Gtin);
                    json.WriteString("serial"u8, code.Serial);
                    json.WriteEndObject();
                    break;
                case ShopInput.WeightRead weight:
                    json.WriteStartObject("weight"u8);
                    json.WriteString("cabinet"u8, weight.Cabinet);
                    json.WriteNumber("grams"u8, weight.Grams);
                    json.WriteBoolean("stable"u8, weight.Stable);
                    json.WriteEndObject();
                    break;
                case ShopInput.ConsentGiven consent:
                    json.WriteStartObject("consent"u8);
                    json.WriteString("zone"u8, consent.Zone);
                    json.WriteNumber("seconds"u8, consent.Seconds);
                    json.WriteEndObject();
                    break;
                case ShopInput.MemberSeen member:
                    json.WriteStartObject("member"u8);
                    json.WriteString("camera"u8, member.Camera);
                    json.WriteString("zone"u8, member.Zone);
                    json.WriteString("member"u8, member.Member.Value);
                    json.WriteNumber("score"u8, member.Score);
                    json.WriteEndObject();
                    break;
                case ShopInput.SceneAsked scene:
                    json.WriteStartArray("scene"u8);
                    foreach (string tag in scene.Tags)
                    {
                        json.WriteStringValue(tag);
                    }
                    json.WriteEndArray();
                    break;
                case ShopInput.GateArmed gate:
                    json.WriteStartObject("gate"u8);
                    json.WriteString("gate"u8, gate.Gate);
                    json.WriteBoolean("armed"u8, gate.Armed);
                    json.WriteEndObject();
                    break;
                case ShopInput.ConfigChanged changed:
                    json.WritePropertyName("config"u8);
                    json.WriteRawValue(ConfigSections.Text(changed.Config));
                    json.WriteString("modelset"u8, changed.ModelSet);
                    break;
                default:
                    WriteCheckout(input, json);
                    break;
            }
            json.WriteEndObject();
        }
        file.WriteByte((byte)'\n');
    }

    private static void WriteFrame(ShopInput.FrameObserved frame, Utf8JsonWriter json)
    {
        json.WriteStartObject("frame"u8);
        json.WriteString("camera"u8, frame.Camera);
        json.WriteStartArray("people"u8);
        foreach (PersonSeen person in frame.People)
        {
            json.WriteStartObject();
            json.WriteStartArray("box"u8);
            json.WriteNumberValue(person.Box.X);
            json.WriteNumberValue(person.Box.Y);
            json.WriteNumberValue(person.Box.Width);
            json.WriteNumberValue(person.Box.Height);
            json.WriteEndArray();
            json.WriteNumber("score"u8, person.Score);
            if (person.Faint)
            {
                json.WriteBoolean("faint"u8, true);
            }
            if (person.Appearance is Appearance look)
            {
                json.WriteBase64String("look"u8, MemoryMarshal.AsBytes(look.AsSpan()));
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTags(ShopInput.TagsRead tags, Utf8JsonWriter json)
    {
        json.WriteStartObject("tags"u8);
        json.WriteString("reader"u8, tags.Reader);
        json.WriteStartArray("reads"u8);
        foreach (TagRead read in tags.Reads)
        {
            json.WriteStartObject();
            json.WriteString("epc"u8, read.Epc.ToHex());
            json.WriteNumber("antenna"u8, read.Antenna);
            json.WriteNumber("rssiDbm"u8, read.RssiDbm);
            json.WriteNumber("seenCount"u8, read.SeenCount);
            json.WriteNumber("at"u8, Seconds(read.At));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ShopInput ParseLine(string line, string path, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            DateTimeOffset at = Time(root.GetProperty("at"));
            if (root.TryGetProperty("frame", out JsonElement frame))
            {
                return new ShopInput.FrameObserved(at, Text(frame, "camera"), [.. frame.GetProperty("people").EnumerateArray().Select(ParsePerson)]);
            }
            if (root.TryGetProperty("tags", out JsonElement tags))
            {
                return new ShopInput.TagsRead(at, Text(tags, "reader"), [.. tags.GetProperty("reads").EnumerateArray().Select(r => ParseRead(r, at))]);
            }
            if (root.TryGetProperty("sensor", out JsonElement sensor))
            {
                return new ShopInput.SensorReported(
                    at, Word<SensorKind>(sensor, "kind"), Text(sensor, "id"), Word<SensorState>(sensor, "state"), Word<SensorReason>(sensor, "reason"));
            }
            if (root.TryGetProperty("goods", out JsonElement goods))
            {
                return new ShopInput.GoodsMoved(
                    at, Text(goods, "camera"), Text(goods, "region"), Word<GoodsMove>(goods, "move"), ItemOf(goods), goods.GetProperty("score").GetDouble());
            }
            if (root.TryGetProperty("code", out JsonElement code))
            {
                return new ShopInput.CodeScanned(
                    at, Text(code, "camera"), Text(code, "region"), ItemOf(code) ?? throw new FormatException("gtin is null."), code.GetProperty("serial").GetString());
            }
            if (root.TryGetProperty("config", out JsonElement config))
            {
                return ParseConfig(root, config, at);
            }
            return ParseAsked(root, at) ?? ParseCheckout(root, at) ?? throw new FormatException(
                "it has none of frame, tags, pin, sensor, goods, code, weight, config, consent, member, scene, gate, cart, cartCancelled, mandate, mandateRevoked, payment, prices and link.");
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new ScenarioException($"{path}, line {number.ToString(CultureInfo.InvariantCulture)} is not a recorded input: {e.Message}");
        }
    }

    private static string? ItemOf(JsonElement goods) => goods.GetProperty("gtin").GetString() is not string gtin || Core.Checkout.Gtin.IsValid14(gtin)
        ? goods.GetProperty("gtin").GetString()
        : throw new FormatException($"\"{gtin}\" is not a GTIN-14 with a right check digit.");

    private static ShopInput.ConfigChanged ParseConfig(JsonElement root, JsonElement config, DateTimeOffset at)
    {
        (DeviceConfig? read, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(Encoding.UTF8.GetBytes(config.GetRawText()));
        string modelSet = root.TryGetProperty("modelset", out JsonElement digest) ? digest.GetString() ?? "" : "none";
        if (read is null)
        {
            throw new FormatException($"the configuration is wrong: {errors[0]}");
        }
        return IsDigest(modelSet) ? new ShopInput.ConfigChanged(at, read, modelSet) : throw new FormatException("modelset is none, or sha256: and 64 digits.");
    }

    /// <summary>A button, a scale, a gesture or a member; null when it is none of them.</summary>
    private static ShopInput? ParseAsked(JsonElement root, DateTimeOffset at)
    {
        if (root.TryGetProperty("pin", out JsonElement pin))
        {
            return new ShopInput.PinChanged(at, Text(pin, "reader"), pin.GetProperty("port").GetInt32(), pin.GetProperty("high").GetBoolean());
        }
        if (root.TryGetProperty("weight", out JsonElement weight))
        {
            return new ShopInput.WeightRead(at, Text(weight, "cabinet"), weight.GetProperty("grams").GetDouble(), weight.GetProperty("stable").GetBoolean());
        }
        if (root.TryGetProperty("gate", out JsonElement gate))
        {
            return new ShopInput.GateArmed(at, Text(gate, "gate"), gate.GetProperty("armed").GetBoolean());
        }
        if (root.TryGetProperty("scene", out JsonElement scene))
        {
            return new ShopInput.SceneAsked(at, [.. scene.EnumerateArray().Select(tag => tag.GetString() ?? throw new FormatException("a tag is null."))]);
        }
        if (root.TryGetProperty("consent", out JsonElement consent))
        {
            double seconds = consent.GetProperty("seconds").GetDouble();
            return seconds is >= 0 and <= 30
                ? new ShopInput.ConsentGiven(at, Text(consent, "zone"), seconds)
                : throw new FormatException("a gesture lasts 0 to 30 seconds.");
        }
        if (root.TryGetProperty("member", out JsonElement member))
        {
            string reference = Text(member, "member");
            return MemberRef.IsValid(reference)
                ? new ShopInput.MemberSeen(at, Text(member, "camera"), Text(member, "zone"), new MemberRef(reference), member.GetProperty("score").GetSingle())
                : throw new FormatException($"\"{reference}\" is no member's reference: 1 to 32 of a-z, 0-9 and -.");
        }
        return null;
    }

    private static PersonSeen ParsePerson(JsonElement person)
    {
        float[] box = [.. person.GetProperty("box").EnumerateArray().Select(v => v.GetSingle())];
        if (box.Length != 4)
        {
            throw new FormatException("a box is [x, y, width, height].");
        }
        Appearance? look = person.TryGetProperty("look", out JsonElement values)
            ? new Appearance(MemoryMarshal.Cast<byte, float>(values.GetBytesFromBase64()))
            : null;
        return new PersonSeen(new Box(box[0], box[1], box[2], box[3]), person.GetProperty("score").GetSingle(), look, person.TryGetProperty("faint", out JsonElement faint) && faint.GetBoolean());
    }

    private static TagRead ParseRead(JsonElement read, DateTimeOffset arrival)
    {
        string hex = Text(read, "epc");
        if (!Epc.TryParse(hex, out Epc epc))
        {
            throw new FormatException($"\"{hex}\" is not the hexadecimal form of an EPC.");
        }
        return new TagRead(
            epc, read.GetProperty("antenna").GetUInt16(), read.GetProperty("rssiDbm").GetSingle(),
            read.TryGetProperty("seenCount", out JsonElement count) ? count.GetUInt16() : (ushort)1,
            read.TryGetProperty("at", out JsonElement at) ? Time(at) : arrival);
    }

    private static T Word<T>(JsonElement parent, string key)
        where T : struct, Enum =>
        Enum.TryParse(Text(parent, key), ignoreCase: true, out T word) && Enum.IsDefined(word)
            ? word
            : throw new FormatException($"{key} \"{Text(parent, key)}\" is none of {string.Join(", ", Enum.GetNames<T>())}.");

    private static string Text(JsonElement parent, string key) => parent.GetProperty(key).GetString() ?? throw new FormatException($"{key} is null.");

    private static decimal Seconds(DateTimeOffset at) => (at - Start).Ticks / (decimal)TimeSpan.TicksPerSecond;

    private static DateTimeOffset Time(JsonElement seconds) => Start.AddTicks((long)(seconds.GetDecimal() * TimeSpan.TicksPerSecond));
}
