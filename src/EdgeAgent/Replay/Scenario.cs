using EdgeAgent.Core.Config;

namespace EdgeAgent.Replay;

/// <summary>A scenario cannot be replayed. The message is for a person and says what to do.</summary>
internal sealed class ScenarioException(string message) : Exception(message);

/// <summary>A folder that can be replayed: story.md, config.json, recordings, and optionally truth.json and expected.jsonl.</summary>
internal sealed record Scenario(string Folder, string Story, DeviceConfig Config, string? Inputs, Truth? Truth)
{
    private const string SharedVariable = "${EDGE_SHARED}";

    private static string? Shared => Environment.GetEnvironmentVariable("EDGE_SHARED");

    /// <exception cref="ScenarioException">Something is missing or wrong; for the configuration every error is named.</exception>
    public static Scenario Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ScenarioException($"There is no scenario folder {folder}.");
        }
        string configFile = Path.Combine(folder, "config.json");
        if (!File.Exists(configFile))
        {
            throw new ScenarioException($"{folder} has no config.json; a scenario is a folder with config.json and recordings.");
        }
        string storyFile = Path.Combine(folder, "story.md");
        string story = File.Exists(storyFile) ? File.ReadLines(storyFile).FirstOrDefault()?.TrimStart('#', ' ') ?? "" : "";
        DeviceConfig config = ConfigFile.Load(configFile);
        string inputs = Path.Combine(folder, "inputs.jsonl");
        string truth = Path.Combine(folder, "truth.json");
        return new Scenario(
            folder, story, config, File.Exists(inputs) ? inputs : null, File.Exists(truth) ? Truth.Load(truth) : null);
    }

    /// <summary>A replay must not write over what it reads.</summary>
    /// <exception cref="ScenarioException">One of the outputs is a file of this scenario.</exception>
    public void KeepFrom(params ReadOnlySpan<string?> outputs)
    {
        string[] read =
        [
            Path.Combine(Folder, "config.json"), Path.Combine(Folder, "truth.json"), Path.Combine(Folder, GestureFile.Name), .. Inputs is null ? [] : new[] { Inputs },
            .. Config.Cameras.Select(c => c.Source).Concat(Config.Readers.Select(r => r.Source)).Select(source => PathOf(source[(source.IndexOf(':') + 1)..])),
        ];
        foreach (string? output in outputs)
        {
            if (!string.IsNullOrEmpty(output) && read.Any(file => Path.GetFullPath(file) == Path.GetFullPath(output)))
            {
                throw new ScenarioException($"{output} is read by this replay and would be lost; name another file to write.");
            }
        }
    }

    /// <summary>The file behind <c>clip:FILE</c>, <c>llrp:FILE</c> or <c>reads:FILE</c>: relative to the folder, with EDGE_SHARED put in.</summary>
    /// <exception cref="ScenarioException">The source is not a file, the variable is not set, or the file does not exist.</exception>
    public string Resolve(string owner, string source, string kind)
    {
        if (!source.StartsWith(kind, StringComparison.Ordinal))
        {
            throw new ScenarioException($"{owner} has the source \"{source}\"; a replay needs {kind}FILE there.");
        }
        string file = source[kind.Length..];
        if (file.Contains(SharedVariable, StringComparison.Ordinal) && string.IsNullOrEmpty(Shared))
        {
            throw new ScenarioException($"{owner} reads {file}, but EDGE_SHARED is not set; set it to the folder of shared test data.");
        }
        string path = PathOf(file);
        return File.Exists(path) ? path : throw new ScenarioException($"{owner} reads {path}, which does not exist.");
    }

    /// <summary>A relative EDGE_SHARED counts from the working folder, as in a shell; all else from the scenario.</summary>
    private string PathOf(string file) => Path.GetFullPath(
        string.IsNullOrEmpty(Shared) ? file : file.Replace(SharedVariable, Path.GetFullPath(Shared), StringComparison.Ordinal), Path.GetFullPath(Folder));
}
