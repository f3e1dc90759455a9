using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

/// <summary>Where the shared models and fixtures are, and the project's own manifest.</summary>
internal static class Shared
{
    public static readonly string RepoRoot = FindRepoRoot();
    public static readonly string? Root = FindRoot();

    public static string Models => Path.Combine(Root!, "models");
    public static string OneByOne => Video("one-by-one-person-detection.mp4");

    public static string Fixture(string path) => Path.Combine(Root!, "fixtures", path);
    public static string Video(string name) => Fixture(Path.Combine("video", name));
    public static ModelCatalog Catalog() => ModelCatalog.Load(Path.Combine(RepoRoot, "models", "manifest.json"));
    public static CameraConfig Camera(string source, double fps = 10, int width = 640) => new("door", source, fps, width);

    private static string FindRepoRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeAgent.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("The tests must run from inside the repository.");
    }

    private static string? FindRoot()
    {
        string root = Environment.GetEnvironmentVariable("EDGE_SHARED") is { Length: > 0 } named
            ? named
            : Path.GetFullPath(Path.Combine(RepoRoot, "..", "shared"));
        return Directory.Exists(Path.Combine(root, "fixtures")) ? root : null;
    }
}
