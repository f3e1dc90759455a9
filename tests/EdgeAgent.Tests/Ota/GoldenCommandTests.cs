using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Cli;
using EdgeAgent.Fleet;

namespace EdgeAgent.Tests.Ota;

/// <summary>What a publisher runs, and what the agent runs for itself.</summary>
public class GoldenCommandTests
{
    [Fact]
    public async Task The_printed_artefact_is_taken_on_by_a_box_as_it_is()
    {
        await using var rig = new OtaRig();
        byte[] file = ModelBytes.Variant(OtaRig.SyntheticPeople, "second");
        await File.WriteAllBytesAsync(rig.Folder["second.onnx"], file);
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
        rig.Server.Files["/" + sha256] = file;

        Ended printed = await EdgeAgentProcess.RunAsync("models", "golden", rig.Folder["second.onnx"], "--kind", "people", "--like", "synthetic-people", "--name", "people-2", "--url", rig.Server.Url("/" + sha256));

        printed.AssertOk();
        rig.Start();
        // As the fleet tool writes a description around it.
        var template = new JsonObject { ["artefacts"] = new JsonArray(JsonNode.Parse(printed.Out)), ["strategy"] = new JsonObject { ["shadowMinutes"] = 0 } };
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        byte[] description = DesiredDocument.Models(template, new BoxName("acme", "s0001", "b1"), new PushTerms(1, now, now.AddDays(1), Probation: 1), rig.Key);
        await rig.Room.OfferAsync(description, CancellationToken.None);
        Assert.Equal(("healthy", "none"), await rig.EndAsync("people-2"));
        Assert.True(JsonElement.Parse(printed.Out).GetProperty("golden").GetProperty("outputs").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Who_loads_a_model_leaves_nothing_of_the_runtime_at_home()
    {
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder["second.onnx"], ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        Directory.CreateDirectory(folder["home"]);

        Ended loaded = await EdgeAgentProcess.RunAsync(
            new Dictionary<string, string?> { ["HOME"] = folder["home"], ["XDG_CACHE_HOME"] = null, ["ORT_DISABLE_TELEMETRY"] = null },
            "models", "golden", folder["second.onnx"], "--kind", "people", "--like", "synthetic-people", "--name", "people-2", "--url", "https://models.acme.example/second.onnx");

        loaded.AssertOk();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["home"]));
    }

    [Fact]
    public async Task A_file_that_is_no_model_of_that_kind_is_a_sentence()
    {
        string appearance = Path.Combine(AppContext.BaseDirectory, "models", "synthetic-appearance.onnx");
        (await EdgeAgentProcess.RunAsync("models", "golden", appearance, "--kind", "people")).AssertFailed(ExitCode.Model, "is fed and read like no model of the role 'people'");
        (await EdgeAgentProcess.RunAsync("models", "golden", appearance, "--kind", "weather")).AssertFailed(ExitCode.Model, "no model of the role 'weather'");
        (await EdgeAgentProcess.RunAsync("models", "golden", "/nowhere.onnx", "--kind", "people")).AssertFailed(ExitCode.File, "/nowhere.onnx");
    }
}
