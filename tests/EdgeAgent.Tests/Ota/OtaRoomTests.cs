using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Config;
using EdgeAgent.Ota;
using EdgeAgent.Signing;
using EdgeAgent.Vision.Trials;

namespace EdgeAgent.Tests.Ota;

/// <summary>What becomes of a pushed model: real models, a real camera analyzer, a TLS model store, a child process.</summary>
public class OtaRoomTests
{
    [Fact]
    public async Task A_good_model_goes_through_every_state_and_is_in_use()
    {
        await using var rig = new OtaRig();
        rig.Start();
        rig.Watch();
        string before = rig.ModelSet;
        OtaArtefact pushed = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second"));
        await rig.PushAsync(pushed);

        var states = new List<string>();
        JsonElement healthy = await rig.UntilAsync(report =>
        {
            string state = report.GetProperty("artefacts")[0].GetProperty("state").GetString()!;
            states.AddRange(states.Count == 0 || states[^1] != state ? [state] : []);
            return state is "healthy" or "rejected" or "failed" or "rolledBack";
        });

        Assert.Equal(["queued", "downloading", "downloaded", "verified", "shadow", "applying", "probation", "healthy"], states);
        JsonElement artefact = healthy.GetProperty("artefacts")[0];
        Assert.Equal(("none", 1.0), (artefact.GetProperty("reason").GetString(), artefact.GetProperty("agreement").GetDouble()));
        Assert.True(artefact.GetProperty("pictures").GetInt64() > 0);
        Assert.Equal(pushed.Sha256, rig.Analyzer.InUse("people")!.Sha256);
        JsonElement use = Assert.Single(healthy.GetProperty("inUse").EnumerateArray());
        Assert.Equal(("people", "people-2", false), (use.GetProperty("role").GetString(), use.GetProperty("name").GetString(), use.GetProperty("trial").GetBoolean()));
        Assert.NotEqual(before, rig.ModelSet);

        // And so it is after a restart.
        await rig.StopAsync();
        rig.Start();
        Assert.Equal(pushed.Sha256, rig.Analyzer.InUse("people")!.Sha256);
        Assert.True(rig.CountPeople() > 0);
    }

    [Fact]
    public async Task A_model_that_is_not_what_its_publisher_tested_is_refused_by_its_golden_vectors()
    {
        await using var rig = new OtaRig();
        rig.Start();
        int people = rig.CountPeople();
        foreach ((string name, byte[] file) in new[] { ("swapped", ModelBytes.WithSwappedWeights(OtaRig.SyntheticPeople)), ("flipped", ModelBytes.WithFlippedBits(OtaRig.SyntheticPeople)) })
        {
            await rig.PushAsync(rig.Artefact(name, file, goldenOf: OtaRig.SyntheticPeople));
            (string state, string reason) = await rig.EndAsync(name);
            // Weights of 10^38 overflow: such a run is refused before anything is compared.
            Assert.Equal("rejected", state);
            Assert.Contains(reason, new[] { "golden", "runFailed" });
        }
        Assert.Equal(people, rig.CountPeople());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(rig.State, "models"), "*.onnx", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_model_that_sees_other_people_than_the_one_in_use_is_refused_with_the_figures()
    {
        await using var rig = new OtaRig();
        rig.Start();
        rig.Watch();
        // The publisher's own golden vectors fit: only the shop can show that it is wrong.
        await rig.PushAsync(rig.Artefact("people-2", ModelBytes.WithSwappedWeights(OtaRig.SyntheticPeople)));

        JsonElement end = await rig.StateAsync("people-2", "rejected", "healthy");
        Assert.Equal(("rejected", "agreement"), (end.GetProperty("state").GetString(), end.GetProperty("reason").GetString()));
        Assert.True(end.GetProperty("agreement").GetDouble() < 0.9);
        Assert.Equal("synthetic-people", rig.Analyzer.InUse("people")!.Name);
    }

    [Fact]
    public async Task A_blind_model_that_comes_without_a_shadow_run_is_given_up_on_probation()
    {
        await using var rig = new OtaRig();
        rig.Start();
        rig.Watch();
        // A threshold of 1 is a model that sees nobody.
        OtaArtefact blind = rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "blind"));
        var entry = JsonNode.Parse(blind.Entry!.Value.GetRawText())!;
        entry["post"]!["threshold"] = 1;
        await rig.PushAsync(blind with { Entry = JsonSerializer.SerializeToElement(entry) }, shadowMinutes: 0, probationSeconds: 600);

        Assert.Equal(("rolledBack", "blind"), await rig.EndAsync("people-2"));
        Assert.Equal("synthetic-people", rig.Analyzer.InUse("people")!.Name);
        await rig.StopWatchingAsync();
        Assert.True(rig.CountPeople() > 0);
    }

    [Fact]
    public async Task A_model_on_probation_that_gives_no_numbers_is_replaced_within_the_same_picture()
    {
        await using var rig = new OtaRig();
        rig.Start();
        int people = rig.CountPeople();
        // Past the probe, as one that fails in the shop alone would be.
        OtaArtefact broken = rig.Artefact("people-2", ModelBytes.WithInfiniteWeights(OtaRig.SyntheticPeople), withGolden: false);
        string folder = Directory.CreateDirectory(rig.Folder["models"]).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, ModelShelf.FileName(broken.Sha256)), rig.Server.Files["/" + broken.Sha256]);
        using var trial = new ModelTrial(1, () => true);
        rig.Analyzer.Use(ArtefactEntry.Read(broken, folder), folder, new ModelsConfig(Threads: 1), trial);

        Assert.Equal(people, rig.CountPeople());
        Assert.Equal((1, "synthetic-people"), (trial.Figures.Failures, rig.Analyzer.InUse("people")!.Name));

        // The probe finds this one by itself.
        await rig.PushAsync(broken);
        Assert.Equal(("rejected", "runFailed"), await rig.EndAsync("people-2"));
    }

    [Fact]
    public async Task An_appearance_model_is_compared_by_who_looks_like_whom()
    {
        await using var rig = new OtaRig(appearance: "synthetic-appearance");
        rig.Start();
        rig.Watch();
        await rig.PushAsync(rig.Artefact("looks-2", ModelBytes.Variant(OtaRig.SyntheticAppearance, "second"), "synthetic-appearance", "appearance"));
        JsonElement same = await rig.StateAsync("looks-2", "rejected", "healthy", "rolledBack");
        Assert.Equal(("healthy", 1.0), (same.GetProperty("state").GetString(), same.GetProperty("agreement").GetDouble()));

        await rig.PushAsync(rig.Artefact("looks-3", ModelBytes.WithSwappedWeights(OtaRig.SyntheticAppearance), "synthetic-appearance", "appearance"));
        Assert.Equal(("rejected", "agreement"), await rig.EndAsync("looks-3"));
        Assert.Equal("looks-2", rig.Analyzer.InUse("appearance")!.Name);
    }

    [Fact]
    public async Task A_model_larger_than_the_free_disk_is_refused_before_a_byte_is_fetched()
    {
        await using var rig = new OtaRig(freeBytes: 100L << 20);
        rig.Start();
        await rig.PushAsync(rig.Artefact("people-2", OtaRig.SyntheticPeople) with { Size = 50L << 20 });

        Assert.Equal(("rejected", "noSpace"), await rig.EndAsync("people-2"));
        Assert.Empty(rig.Server.Requests);
    }

    [Fact]
    public async Task Models_of_the_demo_are_refused_in_a_store_also_under_another_name()
    {
        await using var rig = new OtaRig(allowSynthetic: false);
        rig.Start();
        await rig.PushAsync(rig.Artefact("people-2", OtaRig.SyntheticPeople));

        Assert.Equal(("rejected", "synthetic"), await rig.EndAsync("people-2"));
        Assert.Empty(rig.Server.Requests);
    }

    [Fact]
    public async Task Artefacts_that_this_box_cannot_use_are_rejected_each_with_its_reason()
    {
        await using var rig = new OtaRig();
        rig.Start();
        OtaArtefact good = rig.Artefact("a", OtaRig.SyntheticPeople, withGolden: false);
        OtaArtefact looks = rig.Artefact("b", OtaRig.SyntheticAppearance, "synthetic-appearance", "appearance", withGolden: false);
        OtaArtefact faces = rig.Artefact("c", OtaRig.SyntheticPeople, "yunet-n-320", "faces", withGolden: false);
        await rig.Room.OfferAsync(rig.Description(
        [
            good with { Name = "other-kind", Kind = "price-book" }, looks, faces, good with { Name = "plain", Url = "http://models.example/m" },
            good with { Name = "newer", Compat = new OtaCompat("99.0.0") }, good with { Name = "other-arch", Compat = new OtaCompat(null, ["riscv64"]) },
            good with { Name = "no-entry", Entry = null }, good with { Name = "liar", Entry = looks.Entry },
        ]), CancellationToken.None);

        JsonElement report = await rig.UntilAsync(r => r.GetProperty("artefacts").EnumerateArray().All(a => a.GetProperty("state").GetString() is "rejected"
            || (a.GetProperty("name").GetString() == "newer" && a.GetProperty("state").GetString() is "rejected" or "healthy" or "rolledBack")));
        Dictionary<string, string?> reasons = report.GetProperty("artefacts").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!, a => a.GetProperty("reason").GetString());
        Assert.Equal("unknownKind", reasons["other-kind"]);
        Assert.Equal("price-book", report.GetProperty("artefacts")[0].GetProperty("kind").GetString());
        Assert.Equal("notUsed", reasons["b"]);
        Assert.Equal("roleNotExchanged", reasons["c"]);
        Assert.Equal("address", reasons["plain"]);
        Assert.Equal("incompatible", reasons["newer"]);
        Assert.Equal("incompatible", reasons["other-arch"]);
        Assert.Equal("contract", reasons["no-entry"]);
        Assert.Equal("notUsed", reasons["liar"]);
    }

    [Fact]
    public async Task An_older_description_that_is_played_again_is_refused_and_changes_nothing()
    {
        await using var rig = new OtaRig();
        rig.Start();
        rig.Watch();
        byte[] first = await rig.PushAsync(rig.Artefact("people-2", ModelBytes.Variant(OtaRig.SyntheticPeople, "second")));
        Assert.Equal(("healthy", "none"), await rig.EndAsync("people-2"));
        await rig.PushAsync(rig.Artefact("people-3", ModelBytes.Variant(OtaRig.SyntheticPeople, "third")));
        Assert.Equal(("healthy", "none"), await rig.EndAsync("people-3"));

        await rig.Room.OfferAsync(first, CancellationToken.None);

        JsonElement report = await rig.UntilAsync(r => r.GetProperty("refused").ValueKind == JsonValueKind.String);
        Assert.Equal(("stale", 2), (report.GetProperty("refused").GetString(), report.GetProperty("desiredVersion").GetInt64()));
        Assert.Equal("people-3", rig.Analyzer.InUse("people")!.Name);
    }

    [Fact]
    public async Task Descriptions_that_are_not_believed_or_not_for_this_box_are_refused_with_one_word()
    {
        await using var rig = new OtaRig();
        rig.Start();
        using var stranger = SigningKey.Create();
        byte[] good = rig.Description([]);
        byte[] altered = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(good).Replace("\"b1\"", "\"*\"", StringComparison.Ordinal));
        (byte[] Bytes, string Word)[] refused =
        [
            ([1, 2, 3], "malformed"), ("{}"u8.ToArray(), "unsigned"), (altered, "badSignature"), (rig.Description([], key: stranger), "unknownKey"),
            (rig.Description([], change: d => d["audience"]!["box"] = "b2"), "audience"),
            (rig.Description([], change: d => d["expires"] = "2020-01-01T00:00:00Z"), "expired"),
            (rig.Description([], change: d => d["notBefore"] = "2049-01-01T00:00:00Z"), "notBefore"),
            (rig.Description([], change: d => d["extra"] = 1), "malformed"),
            (rig.Description([], change: d => d.Remove("strategy")), "malformed"),
            (rig.Description([], change: d => d["artefacts"]!.AsArray().Add(null)), "malformed"),
            (rig.Description([rig.Artefact("../../etc/passwd", OtaRig.SyntheticPeople, withGolden: false)]), "malformed"),
            (new byte[OtaDocument.MaxBytes + 1], "malformed"),
        ];
        foreach ((byte[] bytes, string word) in refused)
        {
            await rig.Room.OfferAsync(bytes, CancellationToken.None);
            JsonElement report = await rig.UntilAsync(r => true);
            Assert.Equal((word, JsonValueKind.Null), (report.GetProperty("refused").GetString(), report.GetProperty("desiredVersion").ValueKind));
        }
        await rig.Room.OfferAsync(good, CancellationToken.None);
        Assert.Equal(1, (await rig.UntilAsync(r => true)).GetProperty("desiredVersion").GetInt64());
    }
}
