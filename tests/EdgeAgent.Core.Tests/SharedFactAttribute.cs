namespace EdgeAgent.Core.Tests;

/// <summary>A test over recorded material at <c>$EDGE_SHARED</c>, or at <c>../shared</c> beside the repository; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string needs)
    {
        if (!Directory.Exists(Shared.PathOf(needs)))
        {
            Skip = $"The recorded material {needs} is not here: set EDGE_SHARED, or put it at ../shared beside the repository.";
        }
    }
}

internal static class Shared
{
    public static string Repository { get; } = FindRepository();

    public static string PathOf(string folder) =>
        Path.Combine(Environment.GetEnvironmentVariable("EDGE_SHARED") ?? Path.Combine(Repository, "..", "shared"), folder);

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EdgeAgent.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException("These tests run from a folder below EdgeAgent.sln.");
    }
}
