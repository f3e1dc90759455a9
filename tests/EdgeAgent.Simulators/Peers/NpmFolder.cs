using System.Diagnostics;

namespace EdgeAgent.Simulators.Peers;

/// <summary>A folder with a package-lock.json, whose packages are installed when they are first needed.</summary>
/// <param name="packages">What a person is told is missing.</param>
public sealed class NpmFolder(string folder, string packages)
{
    private readonly Lazy<string?> _missing = new(() => Prepare(folder, packages));

    /// <summary>Why it cannot be used, as a sentence; null when it can.</summary>
    public string? Missing => _missing.Value;

    /// <summary>Starts a program in the folder, its three streams redirected. The caller disposes the process.</summary>
    public Process Run(string program, IEnumerable<string> arguments) => Run(folder, program, arguments);

    private static string? Prepare(string folder, string packages)
    {
        string wanted = Path.Combine(folder, "package-lock.json");
        if (!File.Exists(wanted))
        {
            return $"{wanted} is missing.";
        }
        try
        {
            using Process node = Run(folder, "node", ["--version"]);
            node.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"Node.js is not installed, so {packages} cannot be run.";
        }
        string mark = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (File.Exists(mark) && File.GetLastWriteTimeUtc(mark) >= File.GetLastWriteTimeUtc(wanted))
        {
            return null;
        }
        try
        {
            using Process npm = Run(folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
            Task<string> error = npm.StandardError.ReadToEndAsync();
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            if (npm.ExitCode != 0)
            {
                return $"npm could not install {packages}: {error.Result.ReplaceLineEndings(" ").Trim()}";
            }
            File.SetLastWriteTimeUtc(mark, File.GetLastWriteTimeUtc(wanted));
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"npm is not installed, so {packages} cannot be installed.";
        }
    }

    private static Process Run(string folder, string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
