using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.Cli;

/// <summary>More processes of this program, each with a part of a simulated fleet. They end with it.</summary>
internal sealed class MoreProcesses : IDisposable
{
    private readonly List<Process> _processes = [];

    /// <param name="arguments">The command; <c>--first</c> and <c>--count</c> are added.</param>
    public void Start(IReadOnlyList<string> arguments, int first, int count)
    {
        for (int at = 0; at < count; at += SimulateBoxesCommand.MostInProcess)
        {
            int part = Math.Min(SimulateBoxesCommand.MostInProcess, count - at);
            _processes.Add(Process.Start(new ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    // Under `dotnet edge-agent.dll` the process is dotnet and the program its first argument.
                    .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? new[] { Path.Combine(AppContext.BaseDirectory, "edge-agent.dll") } : [],
                    .. arguments, "--first", (first + at).ToString(CultureInfo.InvariantCulture), "--count", part.ToString(CultureInfo.InvariantCulture),
                ])
            {
                RedirectStandardOutput = true,
            })!);
        }
    }

    /// <summary>Until each has said its first line, which says that its boxes are ready.</summary>
    public async Task ReadyAsync(CancellationToken cancel)
    {
        foreach (Process process in _processes)
        {
            if (await process.StandardOutput.ReadLineAsync(cancel) is null)
            {
                throw new Fleet.FleetException("A process with a part of the boxes ended early; its own message says why.");
            }
        }
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }
            process.Dispose();
        }
    }
}
