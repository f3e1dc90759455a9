using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;
using EdgeAgent.Rfid;

namespace EdgeAgent.Replay;

/// <summary>
/// When somebody asked to be recognised: <c>gestures.jsonl</c> of a scenario, <c>{"atMs":1000,"zone":"desk"}</c> a line, and the buttons in the
/// readers' recordings. Read whole before the replay begins, for the cameras run ahead of the shop (decision 0017).
/// </summary>
internal static class GestureFile
{
    public const string Name = "gestures.jsonl";

    // A gesture every second for a day; a larger file is no list of gestures.
    private const int MostGestures = 86_400;

    /// <summary>The gestures of the scenario's file, in the order of time; none when there is no file.</summary>
    /// <exception cref="ScenarioException">A line cannot be understood, is out of order, or the configuration recognises nobody.</exception>
    public static List<ShopInput.ConsentGiven> Read(string folder, DeviceConfig config, DateTimeOffset start)
    {
        string path = Path.Combine(folder, Name);
        var gestures = new List<ShopInput.ConsentGiven>();
        if (!File.Exists(path))
        {
            return gestures;
        }
        FacesConfig faces = config.Faces ?? throw new ScenarioException($"{path} holds gestures, but the configuration has no faces section; add one or remove the file.");
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }
            ShopInput.ConsentGiven gesture = Parse(line, path, number, config, faces, start);
            if (gesture.At < start || (gestures.Count > 0 && gesture.At < gestures[^1].At) || gestures.Count >= MostGestures)
            {
                throw Wrong(path, number, gestures.Count >= MostGestures ? $"a scenario has at most {MostGestures} gestures." : "gestures lie in the order of time, from 0 on.");
            }
            gestures.Add(gesture);
        }
        return gestures;
    }

    /// <summary>The gestures that the buttons in a reader's recording mean.</summary>
    public static IEnumerable<ShopInput.ConsentGiven> FromReader(string file, ReaderConfig reader, FacesConfig faces, DateTimeOffset start) =>
        faces.Gestures.Any(g => g.Reader == reader.Id)
            ? RecordedReader.Read(file, reader, start).OfType<ShopInput.PinChanged>().Select(pin => ConsentGesture.Of(faces, pin)).OfType<ShopInput.ConsentGiven>()
            : [];

    private static ShopInput.ConsentGiven Parse(string line, string path, int number, DeviceConfig config, FacesConfig faces, DateTimeOffset start)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            foreach (JsonProperty property in root.EnumerateObject())
            {
                if (property.Name is not ("atMs" or "zone" or "seconds"))
                {
                    throw Wrong(path, number, $"the key {property.Name} is not known; known are atMs, zone and seconds.");
                }
            }
            string zone = root.GetProperty("zone").GetString() ?? "";
            if (!config.Cameras.Any(c => c.Zones.Any(z => z.OptIn && z.Id == zone)))
            {
                throw Wrong(path, number, $"no zone with \"optIn\": true is called \"{zone}\".");
            }
            double seconds = root.TryGetProperty("seconds", out JsonElement given) ? given.GetDouble() : faces.GestureSeconds;
            decimal at = root.GetProperty("atMs").GetDecimal();
            return seconds is >= 1 and <= 30 && at is >= 0 and <= 31_622_400_000m
                ? new ShopInput.ConsentGiven(start.AddTicks((long)(at * TimeSpan.TicksPerMillisecond)), zone, seconds)
                : throw Wrong(path, number, "atMs is 0 or more and at most a year, seconds from 1 to 30.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Wrong(path, number, $"it is not {{\"atMs\":…,\"zone\":\"…\"}}: {e.Message}");
        }
    }

    private static ScenarioException Wrong(string path, int number, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: {what}"));
}
