using EdgeAgent.Simulators.Brokers;

namespace EdgeAgent.Tests;

/// <summary>A test that needs models or clips of the shared folder; skipped with a sentence where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() =>
        Skip = Repo.Shared is not null
            ? Missing.Ffmpeg
            : "The shared folder with models and fixtures is neither at $EDGE_SHARED nor at ../shared beside the repository.";
}

/// <summary>A test that needs a real broker; skipped with a sentence where mosquitto is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MosquittoFactAttribute : FactAttribute
{
    public MosquittoFactAttribute() => Skip = Missing.Mosquitto;
}

/// <summary>The same with rows of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MosquittoTheoryAttribute : TheoryAttribute
{
    public MosquittoTheoryAttribute() => Skip = Missing.Mosquitto;
}

/// <summary>A test that makes or reads clips; skipped with a sentence where ffmpeg is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FfmpegFactAttribute : FactAttribute
{
    public FfmpegFactAttribute() => Skip = Missing.Ffmpeg;
}

/// <summary>A test that runs the whole chain: a clip that is made here, and a broker.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrokerAndFfmpegFactAttribute : FactAttribute
{
    public BrokerAndFfmpegFactAttribute() => Skip = Missing.Ffmpeg ?? Missing.Mosquitto;
}

public sealed class BrokerAndFfmpegTheoryAttribute : TheoryAttribute
{
    public BrokerAndFfmpegTheoryAttribute() => Skip = new BrokerAndFfmpegFactAttribute().Skip;
}

internal static class Missing
{
    public static string? Mosquitto { get; } =
        MosquittoBroker.Executable is null ? "mosquitto is not installed: apt-get install mosquitto libmosquitto1." : null;

    /// <summary>Null when ffmpeg and ffprobe are in the PATH.</summary>
    public static string? Ffmpeg { get; } =
        new[] { "ffmpeg", "ffprobe" }.All(program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program))))
            ? null
            : "ffmpeg is not installed: apt-get install ffmpeg.";
}
