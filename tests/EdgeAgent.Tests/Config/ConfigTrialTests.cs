using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Config;
using EdgeAgent.Core.Config;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Configs;

/// <summary>Trial, commit, roll-back; versions that only grow; restarts and power cuts in between.</summary>
public sealed class ConfigTrialTests : IAsyncDisposable
{
    private readonly ConfigBench _box = new ConfigBench().Start();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_good_document_is_on_trial_then_in_effect_and_still_is_after_a_restart()
    {
        byte[] document = _box.Signed(2);
        JsonElement pending = await _box.AnswerAsync(document);
        Assert.Equal((2, 1), (pending.GetProperty("desiredVersion").GetInt64(), pending.GetProperty("appliedVersion").GetInt64()));
        Assert.Equal("pending", ConfigAdmissionTests.Section(pending, "checkout").GetProperty("ac").GetString());
        Assert.Equal("applied", ConfigAdmissionTests.Section(pending, "gates").GetProperty("ac").GetString());
        await _box.Clock.PassAsync(Desired.Probation);

        JsonElement applied = await _box.NextReportAsync();

        Assert.Equal(("applied", 2), (applied.GetProperty("outcome").GetString(), applied.GetProperty("appliedVersion").GetInt64()));
        Assert.Equal((2, 1), (ConfigAdmissionTests.Section(applied, "checkout").GetProperty("av").GetInt64(), ConfigAdmissionTests.Section(applied, "gates").GetProperty("av").GetInt64()));
        Assert.Equal("unchanged", (await _box.AnswerAsync(document)).GetProperty("outcome").GetString());
        await _box.KillAsync();
        await using ConfigBench next = _box.Again();
        Assert.Equal((2, 1002), (next.Active!.Version, next.Active.Config.Checkout.PriceBook[0].Price));
        Assert.Equal((2, 1), (next.Report.Sections["checkout"].Av, next.Report.Sections["gates"].Av));
        Assert.Equal([2], _box.Activated);
    }

    [Fact]
    public async Task A_harmful_document_is_rolled_back_with_the_reason_and_not_tried_again()
    {
        byte[] document = _box.Signed(2);
        _box.Troubles.Add(new Trouble(new ConfigError("$.readers[0]", "not-online", "the reader is offline"), Harmful: true));

        JsonElement report = await _box.TryAsync(document);

        Assert.Equal(("rolledBack", 1), (report.GetProperty("outcome").GetString(), report.GetProperty("appliedVersion").GetInt64()));
        Assert.Equal("$.config.readers[0]", report.GetProperty("errors")[0].GetProperty("path").GetString());
        Assert.Equal("rolledBack", ConfigAdmissionTests.Section(report, "readers").GetProperty("ac").GetString());
        Assert.Equal([2, 1], _box.Activated);
        // The broker keeps handing it out.
        Assert.Equal("rolledBack", (await _box.AnswerAsync(document)).GetProperty("outcome").GetString());
        Assert.Equal("bad-signature", ConfigAdmissionTests.Code(await _box.AnswerAsync(Tampered(document))));
        Assert.Equal("rolledBack", (await _box.AnswerAsync(document)).GetProperty("outcome").GetString());
        await _box.KillAsync();
        await using ConfigBench next = _box.Again();
        Assert.Equal(1, next.Active!.Version);
        Assert.Equal("rolledBack", (await next.AnswerAsync(document)).GetProperty("outcome").GetString());
        Assert.Empty(next.Activated);
        // Issued anew it is.
        next.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("applied", (await next.TryAsync(next.Signed(2))).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_new_device_that_is_late_makes_it_partial()
    {
        _box.Troubles.Add(new Trouble(new ConfigError("$.readers[0]", "not-online", "the reader is silent"), Harmful: false));

        JsonElement report = await _box.TryAsync(_box.Signed(2));

        Assert.Equal(("partial", 2), (report.GetProperty("outcome").GetString(), report.GetProperty("appliedVersion").GetInt64()));
        Assert.Equal("failed", ConfigAdmissionTests.Section(report, "readers").GetProperty("ac").GetString());
    }

    [Fact]
    public async Task A_hopeless_trial_is_not_waited_for()
    {
        await _box.AnswerAsync(_box.Signed(2));
        _box.Troubles.Add(new Trouble(new ConfigError("$.broker", "link-down", "nobody answers"), Harmful: true));

        _box.Hopeless.SetResult();

        Assert.Equal((2, "rolledBack"), VersionAndOutcome(await _box.NextReportAsync()));
    }

    [Fact]
    public async Task A_restart_in_the_trial_rolls_back()
    {
        byte[] document = _box.Signed(2);
        await _box.AnswerAsync(document);
        await _box.KillAsync();

        await using ConfigBench next = _box.Again();

        Assert.Equal(1, next.Active!.Version);
        Assert.Equal("RolledBack", next.Report.Outcome.ToString());
        Assert.Equal(2, next.Report.DesiredVersion);
        JsonElement again = await next.AnswerAsync(document);
        Assert.Equal(("rolledBack", "restarted"), (again.GetProperty("outcome").GetString(), ConfigAdmissionTests.Code(again)));
        Assert.Empty(next.Activated);
    }

    [Fact]
    public async Task An_older_document_and_another_one_with_the_same_version_are_refused()
    {
        byte[] second = _box.Signed(2);
        await _box.TryAsync(_box.Signed(3));

        Assert.Equal("stale", ConfigAdmissionTests.Code(await _box.AnswerAsync(second)));
        JsonObject other = _box.Document(3);
        other["config"]!["checkout"]!["riskLimit"] = 500;
        using (JsonDocument content = JsonDocument.Parse(other["config"]!.ToJsonString()))
        {
            other["digest"] = SignedDocument.Digest(content.RootElement);
        }
        Assert.Equal("stale", ConfigAdmissionTests.Code(await _box.AnswerAsync(Desired.Signed(other, _box.Key))));
        await _box.KillAsync();
        await using ConfigBench next = _box.Again();
        Assert.Equal("stale", ConfigAdmissionTests.Code(await next.AnswerAsync(second)));
        Assert.Empty(next.Activated);
    }

    [Fact]
    public async Task A_roll_back_names_what_it_rolls_back_and_what_was_rolled_back_does_not_come_again()
    {
        byte[] third = _box.Signed(3);
        await _box.TryAsync(third);
        _box.Clock.Advance(TimeSpan.FromMinutes(1));
        JsonObject back = _box.Document(2);
        back["rollbackOf"] = 9;
        Assert.Equal("rollback-mismatch", ConfigAdmissionTests.Code(await _box.AnswerAsync(Desired.Signed(back, _box.Key))));

        back["rollbackOf"] = 3;
        byte[] second = Desired.Signed(back, _box.Key);
        Assert.Equal(("applied", 2), (await _box.TryAsync(second) is JsonElement r ? r.GetProperty("outcome").GetString() : null, _box.Report.AppliedVersion));

        Assert.Equal("stale", ConfigAdmissionTests.Code(await _box.AnswerAsync(third)));
        _box.Clock.Advance(TimeSpan.FromMinutes(1));
        await _box.TryAsync(_box.Signed(4));
        // The roll-back itself is a document too: it cannot be replayed later.
        Assert.Equal("rollback-mismatch", ConfigAdmissionTests.Code(await _box.AnswerAsync(second)));
        Assert.Equal([3, 2, 4], _box.Activated);
    }

    [Fact]
    public async Task A_stolen_key_that_jumped_ahead_does_not_lock_out_its_successor()
    {
        await _box.TryAsync(_box.Signed(DeviceConfig.LastVersion));
        Assert.Equal(DeviceConfig.LastVersion, _box.Report.AppliedVersion);
        using SigningKey successor = SigningKey.Create();
        await _box.KillAsync();
        _box.Distrust("fleet");
        _box.Trust("successor", successor);

        await using ConfigBench next = _box.Again();

        // What the stolen key signed is not believed any more: the local file holds until the successor speaks.
        Assert.Equal(1, next.Active!.Version);
        Assert.Equal("applied", (await next.TryAsync(Desired.Signed(next.Document(7), successor))).GetProperty("outcome").GetString());
        Assert.Equal("unknown-signer", ConfigAdmissionTests.Code(await next.AnswerAsync(next.Signed(8))));
    }

    [Fact]
    public async Task The_same_configuration_signed_by_the_next_key_survives_the_end_of_the_first_one()
    {
        JsonObject document = _box.Document(2);
        await _box.TryAsync(Desired.Signed(document, _box.Key));
        using SigningKey successor = SigningKey.Create();
        await _box.KillAsync();
        _box.Trust("successor", successor);
        await using ConfigBench both = _box.Again();
        Assert.Equal("unchanged", (await both.AnswerAsync(Desired.Signed(document, successor))).GetProperty("outcome").GetString());
        await both.KillAsync();
        _box.Distrust("fleet");

        await using ConfigBench next = both.Again();

        Assert.Equal(2, next.Active!.Version);
    }

    [Fact]
    public async Task Of_two_that_wait_the_higher_one_is_tried_and_a_push_during_an_activation_waits()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _box.DuringActivation = async () =>
        {
            _box.DuringActivation = () => Task.CompletedTask;
            reached.SetResult();
            await goOn.Task;
        };
        _box.Push(_box.Signed(2));
        await reached.Task;
        _box.Push(_box.Signed(3));
        _box.Push(_box.Signed(5));
        _box.Push(_box.Signed(4));
        goOn.SetResult();
        Assert.Equal(2, (await _box.NextReportAsync()).GetProperty("desiredVersion").GetInt64());
        await _box.Clock.PassAsync(Desired.Probation);
        Assert.Equal((2, "applied"), VersionAndOutcome(await _box.NextReportAsync()));

        Assert.Equal((5, "pending"), VersionAndOutcome(await _box.NextReportAsync()));
        await _box.Clock.PassAsync(Desired.Probation);
        Assert.Equal((5, "applied"), VersionAndOutcome(await _box.NextReportAsync()));

        Assert.Equal([2, 5], _box.Activated);
        Assert.Equal("stale", ConfigAdmissionTests.Code(await _box.AnswerAsync(_box.Signed(4))));
    }

    [Fact]
    public async Task A_flood_of_documents_leaves_a_few_waiting_and_the_newest_among_them()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _box.DuringActivation = async () =>
        {
            _box.DuringActivation = () => Task.CompletedTask;
            reached.SetResult();
            await goOn.Task;
        };
        _box.Push(_box.Signed(2));
        await reached.Task;
        for (long version = 3; version <= 60; version++)
        {
            _box.Push(_box.Signed(version));
        }
        goOn.SetResult();
        await _box.NextReportAsync();
        await _box.Clock.PassAsync(Desired.Probation);
        await _box.NextReportAsync();
        Assert.Equal((60, "pending"), VersionAndOutcome(await _box.NextReportAsync()));
    }

    [Fact]
    public async Task A_local_file_with_a_higher_version_goes_before_the_kept_one_and_an_equal_one_too()
    {
        await _box.TryAsync(_box.Signed(4));
        await _box.KillAsync();
        _box.LocalFile = Desired.ConfigOf(3).ToJsonString();
        await using (ConfigBench older = _box.Again())
        {
            Assert.Equal((4, 1004), (older.Active!.Version, older.Active.Config.Checkout.PriceBook[0].Price));
        }
        _box.LocalFile = Desired.Config.Replace("\"version\": 1,", "\"version\": 4,", StringComparison.Ordinal);
        await using (ConfigBench same = _box.Again())
        {
            Assert.Equal(129, same.Active!.Config.Checkout.PriceBook[0].Price);
        }
    }

    [Fact]
    public async Task A_ceiling_that_was_lowered_since_takes_the_kept_configuration_away()
    {
        _box.Ceiling = null;
        await _box.KillAsync();
        await using ConfigBench allowed = WithCeiling(new PrivacyCeiling(Occupancy: true));
        JsonObject config = Desired.ConfigOf(2);
        config["visits"] = new JsonObject { ["occupancy"] = true };
        await allowed.TryAsync(Desired.Signed(Desired.Document(config, allowed.Clock.GetUtcNow()), allowed.Key));
        await allowed.KillAsync();

        await using ConfigBench lowered = WithCeiling(new PrivacyCeiling());

        Assert.Equal(1, lowered.Active!.Version);

        ConfigBench WithCeiling(PrivacyCeiling ceiling)
        {
            _box.Ceiling = ceiling;
            return _box.Again();
        }
    }

    [Fact]
    public async Task A_configuration_that_expires_stays_in_effect_and_the_report_says_so()
    {
        await _box.TryAsync(_box.Signed(2));
        _box.Clock.Advance(TimeSpan.FromDays(31));

        JsonElement report = await _box.NextReportAsync();

        Assert.Equal((2, "unchanged"), VersionAndOutcome(report));
        Assert.Equal("expired", ConfigAdmissionTests.Code(report));
        Assert.Equal([2], _box.Activated);
    }

    private static (long, string?) VersionAndOutcome(JsonElement report) => (report.GetProperty("desiredVersion").GetInt64(), report.GetProperty("outcome").GetString());

    private static byte[] Tampered(byte[] document) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(document).Replace("EUR", "USD", StringComparison.Ordinal));
}
