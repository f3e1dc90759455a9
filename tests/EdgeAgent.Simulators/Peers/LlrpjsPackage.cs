using System.Diagnostics;

namespace EdgeAgent.Simulators.Peers;

/// <summary>
/// The npm package llrpjs, an LLRP implementation that nobody here wrote, and our scripts on it in tests/EdgeAgent.Rfid.Tests/Peers. Installed
/// from its lock file when it is first needed; nothing of it ships.
/// </summary>
public static class LlrpjsPackage
{
    public static string? Folder { get; } = Find();

    private static readonly NpmFolder? s_npm = Folder is null ? null : new NpmFolder(Folder, "llrpjs");

    /// <summary>Why it cannot be used, as a sentence; null when it can.</summary>
    public static string? Missing => s_npm is null ? "The scripts in tests/EdgeAgent.Rfid.Tests/Peers are missing." : s_npm.Missing;

    /// <summary>Starts one of the scripts; its output is to be read, and it ends when its input does. The caller disposes the process.</summary>
    public static Process Start(string script, params IEnumerable<string> arguments) => s_npm!.Run("node", [Path.Combine(Folder!, script), .. arguments]);

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
