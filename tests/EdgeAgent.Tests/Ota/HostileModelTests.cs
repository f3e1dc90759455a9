using System.Text.Json;
using EdgeAgent.Ota;

namespace EdgeAgent.Tests.Ota;

/// <summary>Hostile files as pushed models, end to end: signed, over TLS, through the child process. The last good model stays and answers.</summary>
public class HostileModelTests
{
    // What a description says that wants the file to look right: the corpus' models have input X [1,4] and output Y [1,4], which no picture model has.
    private static readonly Dictionary<string, string> s_expected = new()
    {
        ["empty"] = "malformed", ["ok"] = "externalData", ["link"] = "externalData", ["dev"] = "externalData", ["text"] = "structure", ["trunc_half"] = "structure",
        ["huge_dims"] = "structure", ["valid_inline"] = "shape",
    };

    [SharedFact]
    public async Task Every_hostile_file_is_refused_with_a_reason_and_the_last_good_model_answers()
    {
        await using var rig = new OtaRig();
        rig.Start();
        int people = rig.CountPeople();
        Assert.True(people > 0);
        string[] files = [.. Directory.GetFiles(Path.Combine(Repo.Shared!, "fixtures/corpora/onnx-hostile")).Order(StringComparer.Ordinal)];
        Assert.True(files.Length >= 40);

        var reasons = new Dictionary<string, string>();
        // Sixteen to a description, as many as one may hold.
        foreach (string[] some in files.Where(f => new FileInfo(f).Length > 0).Chunk(16))
        {
            OtaArtefact[] artefacts = [.. some.Select(f => rig.Artefact(Name(f), File.ReadAllBytes(f), withGolden: false))];
            await rig.Room.OfferAsync(rig.Description(artefacts), CancellationToken.None);
            JsonElement report = await rig.UntilAsync(r =>
                r.GetProperty("artefacts").GetArrayLength() == artefacts.Length && r.GetProperty("artefacts")[0].GetProperty("name").GetString() == artefacts[0].Name
                && r.GetProperty("artefacts").EnumerateArray().All(a => a.GetProperty("state").GetString() is "rejected" or "failed" or "healthy" or "rolledBack"));
            foreach (JsonElement artefact in report.GetProperty("artefacts").EnumerateArray())
            {
                Assert.Equal("rejected", artefact.GetProperty("state").GetString());
                reasons[artefact.GetProperty("name").GetString()!] = artefact.GetProperty("reason").GetString()!;
            }
            // In use all the while, and not restarted.
            Assert.Equal("synthetic-people", rig.Analyzer.InUse("people")!.Name);
            Assert.Equal(people, rig.CountPeople());
        }

        Assert.Equal(files.Length - 1, reasons.Count);
        Assert.All(s_expected.Where(e => e.Key != "empty"), expected => Assert.Equal(expected.Value, reasons[expected.Key.Replace('_', '-')]));
        Assert.DoesNotContain(reasons.Values, reason => reason is "none" or "hashMismatch");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(rig.State, "models"), "*.onnx", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_empty_file_cannot_even_be_described()
    {
        await using var rig = new OtaRig();
        rig.Start();
        await rig.PushAsync(rig.Artefact("people-2", [], withGolden: false));
        Assert.Equal("malformed", (await rig.UntilAsync(_ => true)).GetProperty("refused").GetString());
    }

    [Fact]
    public async Task A_model_that_takes_too_long_to_load_ends_its_child_and_not_the_agent()
    {
        await using var rig = new OtaRig { ProbePatience = TimeSpan.Zero };
        rig.Start();
        await rig.PushAsync(rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "slow")));

        Assert.Equal(("rejected", "probeTimeout"), await rig.EndAsync("people-2"));
        Assert.True(rig.CountPeople() > 0);
    }

    [Fact]
    public async Task A_model_that_would_take_all_memory_is_stopped_by_the_limit_of_its_child()
    {
        await using var rig = new OtaRig();
        rig.Start();
        await rig.PushAsync(rig.Artefact("people-2", ModelBytes.MemoryBomb(30_000), withGolden: false));

        (string state, string reason) = await rig.EndAsync("people-2");
        Assert.Equal("rejected", state);
        // ONNX Runtime answers that it got no memory, or dies of it: a matter of where it ran out.
        Assert.Contains(reason, new[] { "runFailed", "unloadable", "probeCrashed", "probeMemory" });
        Assert.True(rig.CountPeople() > 0);
    }

    private static string Name(string file) => Path.GetFileName(file).Replace(".onnx", "", StringComparison.Ordinal).Replace('_', '-');
}
