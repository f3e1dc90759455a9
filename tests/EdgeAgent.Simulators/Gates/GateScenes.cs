namespace EdgeAgent.Simulators.Gates;

/// <summary>The gate's scenes G1 to G25, from tests/scenarios/gate.</summary>
public static class GateScenes
{
    private const string Folder = "tests/scenarios/gate";

    /// <summary>All scenes by the name of their file without its ending, in the order of their names.</summary>
    /// <exception cref="SceneFileException">A scene is wrong, or the folder is not above this program.</exception>
    public static IReadOnlyDictionary<string, GateScene> All() =>
        new SortedDictionary<string, GateScene>(
            Files().ToDictionary(static f => Path.GetFileNameWithoutExtension(f), GateSceneFile.Load), StringComparer.Ordinal);

    /// <summary>The scene whose name begins so, for example <c>g05</c>.</summary>
    public static GateScene Named(string beginning) =>
        Files().FirstOrDefault(f => Path.GetFileName(f).StartsWith(beginning, StringComparison.Ordinal)) is string file
            ? GateSceneFile.Load(file)
            : throw new SceneFileException($"There is no scene {beginning} in {Folder}.");

    private static IEnumerable<string> Files()
    {
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            string folder = Path.Combine(above.FullName, Folder);
            if (Directory.Exists(folder))
            {
                return Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal);
            }
        }
        throw new SceneFileException($"{Folder} does not lie above this program; it belongs to the project's sources.");
    }
}
