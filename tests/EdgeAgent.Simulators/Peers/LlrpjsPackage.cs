using System.Diagnostics;

namespace EdgeAgent.Simulators.Peers;

/// <summary>
/// The npm package llrpjs, an LLRP implementation that nobody here wrote, and our scripts on it in tests/EdgeAgent.Rfid.Tests/Peers. Installed
/// from its lock file when it is first needed; nothing of it ships.
/// </summary>
public static class LlrpjsPackage
{
    private static readonly Lazy<string?> s_missing = new(Prepare);

    /// <summary>Why it cannot be used, as a sentence; null when it can.</summary>
    public static string? Missing => s_missing.Value;

    public static string? Folder { get; } = Find();

    /// <summary>Starts one of the scripts; its output is to be read, and it ends when its input does. The caller disposes the process.</summary>
    public static Process Start(string script, params IEnumerable<string> arguments) =>
        Run("node", [Path.Combine(Folder!, script), .. arguments]);

    private static string? Prepare()
    {
        if (Folder is null)
        {
            return "The scripts in tests/EdgeAgent.Rfid.Tests/Peers are missing.";
        }
        try
        {
            using Process node = Run("node", ["--version"]);
            node.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "Node.js is not installed, so there is no llrpjs to talk to.";
        }
        string mark = Path.Combine(Folder, "node_modules", ".package-lock.json");
        string wanted = Path.Combine(Folder, "package-lock.json");
        if (File.Exists(mark) && File.GetLastWriteTimeUtc(mark) >= File.GetLastWriteTimeUtc(wanted))
        {
            return null;
        }
        try
        {
            using Process npm = Run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
            Task<string> error = npm.StandardError.ReadToEndAsync();
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            if (npm.ExitCode != 0)
            {
                return $"npm could not install llrpjs: {error.Result.ReplaceLineEndings(" ").Trim()}";
            }
            File.SetLastWriteTimeUtc(mark, File.GetLastWriteTimeUtc(wanted));
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "npm is not installed, so llrpjs cannot be installed.";
        }
    }

    private static Process Run(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string peers = Path.Combine(folder.FullName, "tests", "EdgeAgent.Rfid.Tests", "Peers");
            if (File.Exists(Path.Combine(folder.FullName, "EdgeAgent.sln")))
            {
                return Directory.Exists(peers) ? peers : null;
            }
        }
        return null;
    }
}
