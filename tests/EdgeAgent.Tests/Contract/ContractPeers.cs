using System.Diagnostics;
using EdgeAgent.Simulators.Peers;

namespace EdgeAgent.Tests.Contract;

/// <summary>
/// The npm packages ajv and @asyncapi/parser, which nobody here wrote, and our script on them in tests/EdgeAgent.Tests/Contract/Peers.
/// Installed from their lock file when they are first needed; nothing of them ships.
/// </summary>
internal static class ContractPeers
{
    private static readonly NpmFolder s_folder = new(Repo.File("tests/EdgeAgent.Tests/Contract/Peers"), "ajv and @asyncapi/parser");

    /// <summary>Why they cannot be used, as a sentence; null when they can.</summary>
    public static string? Missing => s_folder.Missing;

    /// <summary>What they find wrong with the contract and with these values, and as the last line what they looked at.</summary>
    /// <param name="lines">Each <c>{"schema", "value"}</c>.</param>
    public static async Task<(int ExitCode, string[] Lines)> LookAsync(string contract, IEnumerable<string> lines)
    {
        using Process node = s_folder.Run("node", ["contract.js", contract]);
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        Task<string> error = node.StandardError.ReadToEndAsync();
        foreach (string line in lines)
        {
            await node.StandardInput.WriteLineAsync(line);
        }
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        return (node.ExitCode, [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), .. (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}

/// <summary>A test against the independent implementations; skipped with a sentence where npm cannot fetch them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractPeersFactAttribute : FactAttribute
{
    public ContractPeersFactAttribute() => Skip = ContractPeers.Missing;
}
