using System.Text.Json.Nodes;
using EdgeAgent.Cli;
using EdgeAgent.Core.Config;
using EdgeAgent.Signing;
using EdgeAgent.Tests.Configs;

namespace EdgeAgent.Tests.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task The_example_store_has_no_error()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("config", "check", Repo.File("device-config/example-store.json"));

        ended.AssertOk();
        Assert.Equal("acme/s0042/b1, version 1: 1 camera, 1 reader, 1 gate, 1 price. No errors.\n", ended.Out);
    }

    /// <summary>Each example of the folder is a store that somebody may start from.</summary>
    [Fact]
    public void Every_example_can_be_run_and_reads_the_same_when_it_is_written_out()
    {
        string[] examples = [.. Repo.Files("device-config", "example-*.json").Where(f => !f.EndsWith("example-privacy.json", StringComparison.Ordinal))];
        Assert.Equal(["device-config/example-boutique.json", "device-config/example-counter.json", "device-config/example-store.json"], examples);
        Assert.All(examples, file =>
        {
            DeviceConfig config = ConfigFile.Load(Repo.File(file));
            var errors = new List<ConfigError>();
            LiveRules.Check(config, errors);
            Assert.Empty(errors);
            (DeviceConfig? again, IReadOnlyList<ConfigError> wrong) = ConfigReader.Read(System.Text.Encoding.UTF8.GetBytes(ConfigSections.Text(config)));
            Assert.Empty(wrong);
            Assert.True(ConfigSections.Same(config, again));
        });
        Assert.Equal(5, ConfigReader.ReadCeiling(File.ReadAllBytes(Repo.File("device-config/example-privacy.json"))).Ceiling!.MinCount);
    }

    [Fact]
    public async Task A_desired_document_is_checked_with_its_signature()
    {
        using SigningKey key = SigningKey.Create();
        using SigningKey other = SigningKey.Create();
        _folder.Write("trust/fleet.pem", key.PublicPem);
        JsonObject document = Desired.Document(Desired.ConfigOf(7), new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        await File.WriteAllBytesAsync(_folder["unsigned.json"], Desired.Bytes(document));
        await File.WriteAllBytesAsync(_folder["good.json"], Desired.Signed(document, key));
        await File.WriteAllBytesAsync(_folder["stranger.json"], Desired.Signed(document, other));
        document["config"]!["gates"]![0]!["minReads"] = 0;
        await File.WriteAllBytesAsync(_folder["wrong.json"], Desired.Signed(document, key));

        Assert.Contains($"version 7: 0 cameras, 1 reader, 1 gate, 1 price. No errors. Its signature by the key {key.Id} is good.", ConfigCheck.Of(_folder["good.json"], _folder["trust"]), StringComparison.Ordinal);
        Assert.EndsWith("It is not signed yet.", ConfigCheck.Of(_folder["unsigned.json"], null), StringComparison.Ordinal);
        Assert.EndsWith("name the trusted keys with --trust DIR.", ConfigCheck.Of(_folder["stranger.json"], null), StringComparison.Ordinal);
        (await EdgeAgentProcess.RunAsync("config", "check", _folder["stranger.json"], "--trust", _folder["trust"])).AssertFailed(ExitCode.Config, "not in the trust folder");
        (await EdgeAgentProcess.RunAsync("config", "check", _folder["wrong.json"], "--trust", _folder["trust"]))
            .AssertFailed(ExitCode.Config, "$.config.gates[0].minReads: 0 is not between 1 and 100.", "$.digest: ");
    }

    /// <summary>Written with: edge-agent config schema > device-config/config.schema.json</summary>
    [Fact]
    public async Task The_checked_in_schema_is_what_the_command_prints()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("config", "schema");

        ended.AssertOk();
        Assert.Equal(await File.ReadAllTextAsync(Repo.File("device-config/config.schema.json")), ended.Out);
    }

    /// <summary>Written with: edge-agent config doc > docs/config.md</summary>
    [Fact]
    public async Task The_list_of_all_keys_in_the_docs_is_what_the_command_prints()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("config", "doc");

        ended.AssertOk();
        Assert.Equal(await File.ReadAllTextAsync(Repo.File("docs/config.md")), ended.Out);
    }

    [Fact]
    public async Task An_unknown_key_is_named_with_its_path_and_with_the_keys_that_are_known()
    {
        Ended ended = await CheckAsync(Replays.Bags.Config.Replace("\"currency\"", "\"currencie\"", StringComparison.Ordinal));

        ended.AssertFailed(ExitCode.Config, "config.json has 2 errors:", "$.checkout.currencie: this key is not known here; known are currency,", "$.checkout.currency: this key is required.");
    }

    [Fact]
    public async Task All_errors_are_listed_at_once()
    {
        string config = Replays.Bags.Config
            .Replace("\"version\": 1", "\"version\": 0", StringComparison.Ordinal)
            .Replace("\"tenant\": \"acme\"", "\"tenant\": \"ACME Ltd\"", StringComparison.Ordinal)
            .Replace("[ \"exit-reader\" ]", "[ \"exit-raeder\" ]", StringComparison.Ordinal)
            .Replace("00614141000012", "00614141000013", StringComparison.Ordinal);

        Ended ended = await CheckAsync(config);

        ended.AssertFailed(ExitCode.Config, "has 4 errors:", "$.version:", "$.store.tenant:", "$.gates[0].readers[0]: no reader is called \"exit-raeder\"; there are exit-reader.", "$.checkout.priceBook[0].gtin:");
        Assert.Equal(5, ended.Error.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Broken_JSON_is_named_with_line_and_byte() =>
        (await CheckAsync("{\n  \"version\": 1,\n  oops\n}")).AssertFailed(ExitCode.Config, "config.json has 1 error:", "not readable as JSON (line 3,");

    [Fact]
    public async Task A_missing_file_is_a_sentence() =>
        (await EdgeAgentProcess.RunAsync("config", "check", _folder["nowhere.json"])).AssertFailed(ExitCode.Config, "nowhere.json", "cannot be read");

    [Fact]
    public async Task The_same_errors_stop_a_run_and_a_replay()
    {
        string config = _folder.Write("config.json", Replays.Bags.Config.Replace("\"version\"", "\"verison\"", StringComparison.Ordinal));

        (await EdgeAgentProcess.RunAsync("run", config, "--state", _folder["state"])).AssertFailed(ExitCode.Config, "$.verison: this key is not known here");
        (await EdgeAgentProcess.RunAsync("replay", _folder.Root)).AssertFailed(ExitCode.Config, "$.verison: this key is not known here");
    }

    public void Dispose() => _folder.Dispose();

    private Task<Ended> CheckAsync(string config) => EdgeAgentProcess.RunAsync("config", "check", _folder.Write("config.json", config));
}
