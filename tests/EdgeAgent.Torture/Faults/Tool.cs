using System.Diagnostics;

namespace EdgeAgent.Torture.Faults;

/// <summary>Programs of the system that make faults: mount, losetup, fsfreeze and their like.</summary>
internal static class Tool
{
    // Where an ordinary user's PATH does not look.
    private static readonly string[] s_folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(f => f.Length > 0), "/sbin", "/usr/sbin"];

    /// <summary>Full path of a program, null when it is not installed.</summary>
    public static string? Find(string program) => s_folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end and returns what it printed.</summary>
    /// <exception cref="FaultException">It failed; the message has its own words.</exception>
    public static string Run(string program, params string[] arguments)
    {
        (int code, string output, string error) = Try(program, arguments);
        return code == 0 ? output : throw new FaultException($"{program} {string.Join(' ', arguments)} failed with {code}: {error.Trim()}");
    }

    public static (int Code, string Output, string Error) Try(string program, params string[] arguments)
    {
        string found = Find(program) ?? throw new FaultException($"{program} is not installed.");
        using Process process = Process.Start(new ProcessStartInfo(found, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}

/// <summary>A fault could not be made: the machine, not the agent, is to blame.</summary>
internal sealed class FaultException(string message) : Exception(message);
