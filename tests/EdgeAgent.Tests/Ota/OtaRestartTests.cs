using System.Text.Json;
using EdgeAgent.Ota;

namespace EdgeAgent.Tests.Ota;

/// <summary>Restarts, crashes and orders in the middle of everything.</summary>
public class OtaRestartTests
{
    [Fact]
    public async Task A_download_goes_on_after_a_restart_where_it_was()
    {
        await using var rig = new OtaRig();
        OtaArtefact pushed = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        rig.Server.Cuts.Enqueue(100_000);
        for (int i = 0; i < 20; i++)
        {
            // However often it asks again before the stop: nothing more comes.
            rig.Server.Cuts.Enqueue(0);
        }
        rig.Start();
        await rig.PushAsync(pushed, shadowMinutes: 0);
        await rig.Server.UntilAskedAsync(2);
        await rig.StopAsync();
        int before = rig.Server.Requests.Count;
        rig.Server.Cuts.Clear();
        rig.Start();

        Assert.Equal(("healthy", "none"), await rig.EndAsync("people-2"));
        if (rig.Server.Requests.Count > before)
        {
            Assert.Equal("bytes=100000-", rig.Server.Requests.Last().Range);
        }
    }

    [Fact]
    public async Task A_crash_during_probation_goes_back_to_the_model_before_at_the_next_start()
    {
        await using var rig = new OtaRig();
        rig.Start();
        OtaArtefact second = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        await rig.PushAsync(second, shadowMinutes: 0);
        Assert.Equal(("healthy", "none"), await rig.EndAsync("people-2"));
        OtaArtefact third = rig.Artefact("people-3", ModelBytes.Variant(OtaRig.SyntheticPeople, "third"));
        await rig.PushAsync(third, shadowMinutes: 0, probationSeconds: 3600);
        await rig.StateAsync("people-3", "probation");
        Assert.Equal(third.Sha256, rig.Analyzer.InUse("people")!.Sha256);

        await rig.StopAsKilledAsync();
        rig.Start();

        Assert.Equal(second.Sha256, rig.Analyzer.InUse("people")!.Sha256);
        JsonElement artefact = JsonElement.Parse(rig.Room.Report.Payload.Span).GetProperty("artefacts")[0];
        Assert.Equal(("people-3", "rolledBack", "crashed"), (artefact.GetProperty("name").GetString(), artefact.GetProperty("state").GetString(), artefact.GetProperty("reason").GetString()));

        // It stays so: the description is not tried again.
        await rig.StopAsync();
        rig.Start();
        Assert.Equal(second.Sha256, rig.Analyzer.InUse("people")!.Sha256);
    }

    [Fact]
    public async Task A_start_from_any_moment_of_an_exchange_has_the_old_model_or_the_new_one_whole()
    {
        await using var rig = new OtaRig { KeepsMoments = true };
        rig.Start();
        OtaArtefact second = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        await rig.PushAsync(second, shadowMinutes: 0);
        await rig.EndAsync("people-2");
        int people = rig.CountPeople();

        var used = new List<string>();
        await rig.FromEachMomentAsync(moment =>
        {
            used.Add(rig.Analyzer.InUse("people")!.Name);
            Assert.Equal(people, rig.CountPeople());
        });

        Assert.True(used.Count >= 6, $"{used.Count} moments");
        Assert.Equal("people-2", used[^1]);
        Assert.All(used[..^1], name => Assert.Equal("synthetic-people", name));
    }

    [Fact]
    public async Task A_stop_in_order_during_probation_is_no_crash_and_the_rest_is_served_afterwards()
    {
        await using var rig = new OtaRig();
        rig.Start();
        OtaArtefact second = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        await rig.PushAsync(second, shadowMinutes: 0, probationSeconds: 5);
        await rig.StateAsync("people-2", "probation");

        await rig.StopAsync();
        rig.Start();

        Assert.Equal(("healthy", "none"), await rig.EndAsync("people-2"));
        Assert.Equal(second.Sha256, rig.Analyzer.InUse("people")!.Sha256);
    }

    [Fact]
    public async Task A_model_whose_file_was_damaged_on_disk_gives_its_place_to_the_one_before()
    {
        await using var rig = new OtaRig();
        rig.Start();
        OtaArtefact second = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        await rig.PushAsync(second, shadowMinutes: 0);
        await rig.EndAsync("people-2");
        await rig.StopAsync();
        byte[] file = await File.ReadAllBytesAsync(Path.Combine(rig.State, "models", second.Sha256 + ".onnx"));
        file[1000] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(rig.State, "models", second.Sha256 + ".onnx"), file);

        rig.Start();

        Assert.Equal("synthetic-people", rig.Analyzer.InUse("people")!.Name);
        Assert.True(rig.CountPeople() > 0);
    }

    [Fact]
    public async Task A_rollback_by_command_goes_back_one_model_and_to_the_configured_one_in_the_end()
    {
        await using var rig = new OtaRig();
        rig.Start();
        OtaArtefact second = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        await rig.PushAsync(second, shadowMinutes: 0);
        await rig.EndAsync("people-2");
        await rig.PushAsync(rig.Artefact("people-3", ModelBytes.Variant(OtaRig.SyntheticPeople, "third")), shadowMinutes: 0);
        await rig.EndAsync("people-3");

        Assert.False(await rig.Room.RollBackAsync("people-2", CancellationToken.None));
        Assert.True(await rig.Room.RollBackAsync("people-3", CancellationToken.None));
        Assert.Equal("command", (await rig.StateAsync("people-3", "rolledBack")).GetProperty("reason").GetString());
        Assert.Equal(second.Sha256, rig.Analyzer.InUse("people")!.Sha256);
        Assert.True(await rig.Room.RollBackAsync("people-2", CancellationToken.None));
        Assert.Equal("synthetic-people", rig.Analyzer.InUse("people")!.Name);
        Assert.True(rig.CountPeople() > 0);
    }

    [Fact]
    public async Task The_last_two_models_are_kept_and_older_files_are_deleted()
    {
        await using var rig = new OtaRig();
        rig.Start();
        var hashes = new List<string>();
        foreach (string name in new[] { "people-2", "people-3", "people-4" })
        {
            OtaArtefact pushed = rig.Artefact(name, ModelBytes.Variant(OtaRig.SyntheticPeople, name));
            hashes.Add(pushed.Sha256);
            await rig.PushAsync(pushed, shadowMinutes: 0);
            Assert.Equal(("healthy", "none"), await rig.EndAsync(name));
        }
        await rig.StopAsync();

        Assert.Equal(hashes[1..].Order(), Directory.EnumerateFiles(Path.Combine(rig.State, "models"), "*.onnx", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order());
    }

    [Fact]
    public async Task The_newest_description_wins_over_one_that_is_being_worked_on()
    {
        await using var rig = new OtaRig();
        rig.Start();
        await rig.PushAsync(rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second")), shadowMinutes: 0, probationSeconds: 3600);
        await rig.StateAsync("people-2", "probation");
        OtaArtefact third = rig.Artefact("people-3", ModelBytes.Variant(OtaRig.SyntheticPeople, "third"));
        await rig.PushAsync(third, shadowMinutes: 0);

        Assert.Equal(("healthy", "none"), await rig.EndAsync("people-3"));
        Assert.Equal(third.Sha256, rig.Analyzer.InUse("people")!.Sha256);
        // What was on probation when the newer one came was given up: it is not what one goes back to.
        Assert.True(await rig.Room.RollBackAsync("people-3", CancellationToken.None));
        Assert.Equal("synthetic-people", rig.Analyzer.InUse("people")!.Name);
    }

    [Fact]
    public async Task The_same_description_again_touches_nothing()
    {
        await using var rig = new OtaRig();
        rig.Start();
        byte[] description = await rig.PushAsync(rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second")), shadowMinutes: 0);
        await rig.EndAsync("people-2");
        int asked = rig.Server.Requests.Count;

        await rig.Room.OfferAsync(description, CancellationToken.None);

        JsonElement report = await rig.UntilAsync(_ => true);
        Assert.Equal((JsonValueKind.Null, "healthy"), (report.GetProperty("refused").ValueKind, report.GetProperty("artefacts")[0].GetProperty("state").GetString()));
        Assert.Equal(asked, rig.Server.Requests.Count);
    }
}
