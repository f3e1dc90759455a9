namespace EdgeAgent.Tests;

/// <summary>Where this repository and the shared test data lie.</summary>
internal static class Repo
{
    public static readonly string Root = FindRoot();

    /// <summary>$EDGE_SHARED, else <c>../shared</c> beside the repository; null where there is neither.</summary>
    public static readonly string? Shared = FindShared();

    public static string Scenarios => File("tests/scenarios");

    public static string File(string path) => Path.Combine(Root, path);

    /// <summary>Files below a folder of the repository, without what the build makes, as paths relative to its root.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(File(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "out" or "node_modules"))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "EdgeAgent.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("The tests must run from inside the repository.");
    }

    private static string? FindShared()
    {
        string root = Environment.GetEnvironmentVariable("EDGE_SHARED") is { Length: > 0 } named ? named : Path.GetFullPath(File("../shared"));
        return Directory.Exists(Path.Combine(root, "fixtures")) ? root : null;
    }
}
