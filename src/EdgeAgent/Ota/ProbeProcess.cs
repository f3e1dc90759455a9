using System.Diagnostics;
using System.Text.Json;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Ota;

/// <summary>What a probe found. <paramref name="Why"/> is for the box's own log.</summary>
internal sealed record ProbeResult(OtaReason Reason, string Why, double? Cosine = null);

/// <summary>
/// Loads a model for the first time in a child process, <c>edge-agent models probe</c>: a file that brings the native loader down, or makes it
/// take all memory or time, ends that child and not the agent.
/// </summary>
internal sealed class ProbeProcess(TimeProvider time, TimeSpan patience)
{
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(120);

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <param name="description">File with entry and golden vectors, see <see cref="ProbeRequest"/>.</param>
    public async Task<ProbeResult> RunAsync(string description, CancellationToken stop)
    {
        using Process? process = Start(description, out string why);
        if (process is null)
        {
            return new ProbeResult(OtaReason.ProbeCrashed, why);
        }
        Task<string> answer = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            stop.ThrowIfCancellationRequested();
            return new ProbeResult(OtaReason.ProbeTimeout, $"Loading it took longer than {patience.TotalSeconds} s.");
        }
        string last = (await complaint).Trim();
        try
        {
            return JsonSerializer.Deserialize<ProbeAnswer>(await answer, s_json) is { } got && Enum.TryParse(got.Reason, out OtaReason reason)
                ? new ProbeResult(reason, got.Why, got.Cosine)
                : Crashed(process.ExitCode, last);
        }
        catch (JsonException)
        {
            return Crashed(process.ExitCode, last);
        }
    }

    /// <summary>Null when the system starts no process: no memory, no free number.</summary>
    private static Process? Start(string description, out string why)
    {
        try
        {
            why = "";
            return Process.Start(StartInfo(description));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            why = $"The process that loads it first cannot be started: {e.Message}";
            return null;
        }
    }

    private static ProbeResult Crashed(int exitCode, string last) => exitCode == Cli.ModelsProbeCommand.OutOfMemory
        ? new ProbeResult(OtaReason.ProbeMemory, "Loading it took more memory than a model of its size may.")
        : new ProbeResult(OtaReason.ProbeCrashed, $"Loading it ended the process that tried, with {exitCode}. {last[..Math.Min(last.Length, 300)]}");

    private static ProcessStartInfo StartInfo(string description)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "edge-agent.dll");
        string program = Environment.ProcessPath is string own && Path.GetFileNameWithoutExtension(own) == "edge-agent" ? own : "dotnet";
        string[] host = program == "dotnet" ? [assembly] : [];
        var start = new ProcessStartInfo(program, [.. host, "models", "probe", description, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        // Neither the service manager's socket nor a second collector's heap for each processor is the child's business.
        start.Environment.Remove("NOTIFY_SOCKET");
        start.Environment.Remove("WATCHDOG_USEC");
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }
}

/// <summary>What the child is asked, as a file: the manifest form of the one model, and what it must give.</summary>
internal sealed record ProbeRequest(JsonElement Manifest, string Folder, JsonElement? Golden);

/// <summary>What the child answers on standard output.</summary>
internal sealed record ProbeAnswer(string Reason, string Why, double? Cosine);
