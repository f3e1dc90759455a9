using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Replay;

namespace EdgeAgent.Cli;

/// <summary>What <c>watch</c> and <c>calibrate</c> ask about their one camera: the source, a configuration to take it from, or places named by hand.</summary>
internal sealed class CameraOptions
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "A clip, or rtsp://, http(s)://, v4l2:; - takes the source of the camera in --config.",
    };

    private readonly Option<string?> _config = new("--config") { Description = "Takes doors, lines, zones and models from this configuration.", HelpName = "FILE" };
    private readonly Option<string?> _camera = new("--camera") { Description = "Which camera of the configuration; the only one if there is one.", HelpName = "ID" };
    private readonly Option<string?> _models = new("--models") { Description = "Folder of the model files; $EDGE_MODELS, else ./models.", HelpName = "DIR" };
    private readonly Option<string?> _people = new("--people") { Description = "Person detector of the manifest; else the configuration's, else the first that is there.", HelpName = "MODEL" };
    private readonly Option<double?> _fps = new("--fps") { Description = "Pictures analysed per second, 1 to 30.", HelpName = "N" };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "Ends after this time of the clip or camera; needed for a live camera, else Ctrl-C ends it.", HelpName = "N" };
    private readonly Option<string[]> _lines = new("--line") { Description = "A line to try, in fractions of the picture; may be given again.", HelpName = "X,Y,X,Y" };
    private readonly Option<string[]> _doors = new("--door") { Description = "A door to try: left, right, top or bottom; may be given again.", HelpName = "EDGE" };

    public void AddTo(Command command)
    {
        command.Add(_source);
        command.Add(_config);
        command.Add(_camera);
        command.Add(_lines);
        command.Add(_doors);
        command.Add(_models);
        command.Add(_people);
        command.Add(_fps);
        command.Add(_seconds);
    }

    public double? Seconds(ParseResult result) => result.GetValue(_seconds);

    public ModelStore Models(ParseResult result) => new(result.GetValue(_models));

    /// <summary>The store and the one camera that is meant.</summary>
    /// <exception cref="ScenarioException">An option makes no sense; says which and why.</exception>
    public (DeviceConfig Store, CameraConfig Camera) Read(ParseResult result)
    {
        string source = result.GetRequiredValue(_source);
        string? file = result.GetValue(_config);
        DeviceConfig store = file is null ? Bare() : ConfigFile.Load(file);
        CameraConfig camera = file is null ? store.Cameras[0] : Pick(store, result.GetValue(_camera), file);
        camera = camera with
        {
            Source = source == "-" ? FromConfig(camera, file) : SourceOf(source),
            Fps = InRange(result.GetValue(_fps) ?? camera.Fps),
            Lines = [.. camera.Lines, .. Lines(result.GetValue(_lines) ?? [])],
            Doors = [.. camera.Doors, .. Doors(result.GetValue(_doors) ?? [])],
        };
        string? people = result.GetValue(_people);
        return (people is null ? store : store with { Models = store.Models with { People = people } }, camera);
    }

    private static DeviceConfig Bare() => new(
        1, new StoreConfig("none", "none", "none"), [new CameraConfig("camera", "clip:-")], [], [], new CheckoutConfig("EUR", []));

    private static CameraConfig Pick(DeviceConfig store, string? id, string file)
    {
        string known = string.Join(", ", store.Cameras.Select(c => c.Id));
        return id is null
            ? store.Cameras.Count == 1 ? store.Cameras[0] : throw new ScenarioException($"{file} has {store.Cameras.Count} cameras ({known}); name one with --camera.")
            : store.Cameras.FirstOrDefault(c => c.Id == id) ?? throw new ScenarioException($"{file} has no camera \"{id}\"; it has {known}.");
    }

    private static string FromConfig(CameraConfig camera, string? file) =>
        file is null ? throw new ScenarioException("The source - needs --config.") : camera.Source;

    private static string SourceOf(string source)
    {
        string[] live = ["rtsp://", "rtsps://", "http://", "https://", "v4l2:", "clip:"];
        if (live.Any(kind => source.StartsWith(kind, StringComparison.Ordinal)))
        {
            return source;
        }
        return File.Exists(source) ? "clip:" + Path.GetFullPath(source) : throw new ScenarioException($"There is no clip {source}.");
    }

    private static double InRange(double fps) => fps is >= 1 and <= 30
        ? fps
        : throw new ScenarioException(string.Create(CultureInfo.InvariantCulture, $"--fps {fps} is not between 1 and 30."));

    private static IEnumerable<LineConfig> Lines(string[] texts)
    {
        for (int i = 0; i < texts.Length; i++)
        {
            float[] numbers = [.. texts[i].Split(',').Select(t => float.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out float n) && n is >= 0 and <= 1 ? n : float.NaN)];
            if (numbers.Length != 4 || numbers.Any(float.IsNaN) || (numbers[0] == numbers[2] && numbers[1] == numbers[3]))
            {
                throw new ScenarioException($"--line \"{texts[i]}\" is not X,Y,X,Y with four numbers from 0 to 1 and two different ends.");
            }
            yield return new LineConfig(string.Create(CultureInfo.InvariantCulture, $"line-{i + 1}"), new Point(numbers[0], numbers[1]), new Point(numbers[2], numbers[3]));
        }
    }

    private static IEnumerable<DoorConfig> Doors(string[] edges)
    {
        foreach (string text in edges)
        {
            yield return Enum.TryParse(text, ignoreCase: true, out FrameEdge edge) && Enum.IsDefined(edge) && !char.IsDigit(text[0])
                ? new DoorConfig(text.ToLowerInvariant(), edge)
                : throw new ScenarioException($"--door \"{text}\" is none of left, right, top, bottom.");
        }
    }
}
