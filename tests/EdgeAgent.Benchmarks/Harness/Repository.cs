namespace EdgeAgent.Benchmarks.Harness;

/// <summary>Where the project and its shared test data lie.</summary>
internal static class Repository
{
    /// <summary>The folder of EdgeAgent.sln above this program.</summary>
    public static string Root { get; } = Find();

    /// <summary>Models and clips that are not part of the project: $EDGE_SHARED, else ../shared; null when neither exists.</summary>
    public static string? Shared { get; } =
        new[] { Environment.GetEnvironmentVariable("EDGE_SHARED"), Path.Combine(Root, "..", "shared") }
            .FirstOrDefault(folder => !string.IsNullOrEmpty(folder) && Directory.Exists(folder));

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeAgent.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("The benchmarks run from the project's own folder: no EdgeAgent.sln lies above this program.");
    }
}
