using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Configs;

/// <summary>Which desired documents are refused, with which word; whatever comes, the last good configuration stays.</summary>
public sealed class ConfigAdmissionTests : IAsyncDisposable
{
    private readonly ConfigBench _box = new ConfigBench().Start();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_truncated_document_is_refused()
    {
        byte[] whole = _box.Signed(2);
        foreach (int length in new[] { 1, 2, 10, whole.Length / 2, whole.Length - 1 })
        {
            await AssertRefusedAsync(whole[..length], "malformed");
        }
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_is_refused()
    {
        byte[] whole = _box.Signed(2);
        for (int i = 0; i < whole.Length; i += 7)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= (byte)(1 << (i % 8));
            string code = Code(await _box.AnswerAsync(flipped));
            Assert.Contains(code, new[] { "malformed", "bad-signature", "unknown-signer", "unsigned" });
        }
        Assert.Empty(_box.Activated);
    }

    [Fact]
    public async Task An_unsigned_document_and_one_of_a_stranger_are_refused()
    {
        using SigningKey stranger = SigningKey.Create();

        await AssertRefusedAsync(Desired.Bytes(_box.Document(2)), "unsigned");
        await AssertRefusedAsync(Desired.Signed(_box.Document(2), stranger), "unknown-signer");
    }

    [Fact]
    public async Task Nothing_of_a_document_that_nobody_signed_comes_back_out()
    {
        JsonObject document = _box.Document(2);
        document["secret-of-somebody"] = "a-word";

        JsonElement report = await _box.AnswerAsync(Desired.Bytes(document));

        Assert.Equal(JsonValueKind.Null, report.GetProperty("desiredVersion").ValueKind);
        Assert.DoesNotContain("secret", report.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_leaves_as_path_code_and_the_sentence_of_the_code()
    {
        JsonObject document = _box.Document(2);
        document["config"]!["checkout"]!["currency"] = "Alice, born 1980";
        document["digest"] = Digest(document);

        JsonElement report = await _box.AnswerAsync(Desired.Signed(document, _box.Key));

        Assert.Equal("rejected", report.GetProperty("outcome").GetString());
        Assert.Equal(("$.config.checkout.currency", "bad-value"), Error(report, 0));
        Assert.DoesNotContain("Alice", report.GetRawText(), StringComparison.Ordinal);

        document["config"]!["fávourite \"dish\""] = 1;
        document["digest"] = Digest(document);
        report = await _box.AnswerAsync(Desired.Signed(document, _box.Key));
        Assert.Equal(("$.config.?", "unknown-key"), Error(report, 0));
        Assert.Equal("This key is not known here.", report.GetProperty("errors")[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_section_with_an_error_is_rejected_and_the_others_are_as_before()
    {
        JsonObject document = _box.Document(2);
        document["config"]!["gates"]![0]!["settleSeconds"] = 99;
        document["digest"] = Digest(document);

        JsonElement report = await _box.AnswerAsync(Desired.Signed(document, _box.Key));

        Assert.Equal(("$.config.gates[0].settleSeconds", "out-of-range"), Error(report, 0));
        Assert.Equal("rejected", Section(report, "gates").GetProperty("ac").GetString());
        Assert.Equal(("applied", 1), (Section(report, "readers").GetProperty("ac").GetString(), Section(report, "readers").GetProperty("av").GetInt64()));
    }

    [Theory]
    [InlineData("issuedAt", "\"2026-01-05 09:00\"", "bad-value")]
    [InlineData("issuedAt", "\"2026-01-05T09:00:00\"", "bad-value")]
    [InlineData("expires", "7", "bad-value")]
    [InlineData("probationSeconds", "9", "out-of-range")]
    [InlineData("probationSeconds", "3601", "out-of-range")]
    [InlineData("baseVersion", "\"1\"", "bad-value")]
    [InlineData("version", "9007199254740991", "version-mismatch")]
    [InlineData("version", "0", "out-of-range")]
    [InlineData("digest", "\"sha256:00\"", "digest-mismatch")]
    [InlineData("priority", "1", "unknown-key")]
    public async Task Every_member_of_the_document_is_checked(string key, string value, string code)
    {
        JsonObject document = _box.Document(2);
        document[key] = JsonNode.Parse(value);

        await AssertRefusedAsync(Desired.Signed(document, _box.Key), code);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("issuedAt")]
    [InlineData("expires")]
    [InlineData("digest")]
    [InlineData("config")]
    public async Task A_missing_member_is_named(string key)
    {
        JsonObject document = _box.Document(2);
        document.Remove(key);

        JsonElement report = await _box.AnswerAsync(Desired.Signed(document, _box.Key));

        Assert.Contains(("$." + key, "missing"), Enumerable.Range(0, report.GetProperty("errors").GetArrayLength()).Select(i => Error(report, i)));
    }

    [Fact]
    public async Task A_version_beyond_what_every_reader_holds_exactly_is_refused()
    {
        JsonObject document = _box.Document(2);
        string signed = Encoding.UTF8.GetString(Desired.Signed(document, _box.Key));

        await AssertRefusedAsync(Encoding.UTF8.GetBytes(signed.Replace("\"version\":2", "\"version\":9223372036854775808", StringComparison.Ordinal)), "malformed", "bad-signature");
    }

    [Fact]
    public async Task A_document_for_another_box_is_refused()
    {
        JsonObject config = Desired.ConfigOf(2);
        config["store"]!["box"] = "b2";

        await AssertRefusedAsync(Desired.Signed(Desired.Document(config, _box.Clock.GetUtcNow()), _box.Key), "audience");
    }

    [Fact]
    public async Task An_expired_document_is_refused_and_a_box_of_1970_does_not_believe_it_either()
    {
        byte[] document = _box.Signed(2);
        _box.Clock.Advance(TimeSpan.FromDays(31));
        await AssertRefusedAsync(document, "expired");
        await _box.KillAsync();

        // The clock of the next start knows nothing; that the day had been seen is kept on disk.
        _box.Clock.Advance(-TimeSpan.FromDays(365 * 120));
        await using ConfigBench next = _box.Again();
        next.ClockQuality = "unsynced";
        Assert.Equal("expired", Code(await next.AnswerAsync(document)));
        Assert.Empty(next.Activated);
    }

    [Fact]
    public async Task A_clock_that_is_not_synchronised_does_not_move_the_floor()
    {
        byte[] document = _box.Signed(2);
        _box.ClockQuality = "unsynced";
        _box.Clock.Advance(TimeSpan.FromDays(31));
        await AssertRefusedAsync(document, "expired");

        // The clock is set right: nothing is lost.
        _box.Clock.Advance(-TimeSpan.FromDays(31));
        Assert.Equal("applied", (await _box.TryAsync(document)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_document_that_is_not_valid_yet_waits_for_its_time()
    {
        JsonObject document = _box.Document(2);
        document["notBefore"] = Desired.Time(_box.Clock.GetUtcNow().AddMinutes(90));

        JsonElement report = await _box.AnswerAsync(Desired.Signed(document, _box.Key));
        Assert.Equal(("pending", "not-before"), (report.GetProperty("outcome").GetString(), Code(report)));
        Assert.Empty(_box.Activated);

        _box.Clock.Advance(TimeSpan.FromMinutes(89));
        await _box.Clock.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("pending", (await _box.NextReportAsync()).GetProperty("outcome").GetString());
        await _box.Clock.PassAsync(Desired.Probation);
        Assert.Equal("applied", (await _box.NextReportAsync()).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_document_that_builds_on_another_version_is_refused()
    {
        JsonObject document = _box.Document(3);
        document["baseVersion"] = 2;
        await AssertRefusedAsync(Desired.Signed(document, _box.Key), "base-mismatch");

        document["baseVersion"] = 1;
        Assert.Equal("applied", (await _box.TryAsync(Desired.Signed(document, _box.Key))).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task What_the_box_already_has_is_unchanged_and_touches_nothing()
    {
        JsonElement report = await _box.AnswerAsync(Desired.Signed(Desired.Document(JsonNode.Parse(Desired.Config)!.AsObject(), _box.Clock.GetUtcNow()), _box.Key));

        Assert.Equal("unchanged", report.GetProperty("outcome").GetString());
        Assert.Empty(_box.Activated);
    }

    [Fact]
    public async Task The_local_file_is_never_older_than_what_comes()
    {
        await _box.KillAsync();
        _box.LocalFile = Desired.ConfigOf(5).ToJsonString();
        await using ConfigBench box = _box.Again();

        Assert.Equal("below-local", Code(await box.AnswerAsync(box.Signed(4))));
    }

    [Fact]
    public async Task A_configuration_that_the_box_has_no_models_for_is_refused_before_anything_is_touched()
    {
        _box.Unable.Add(new Core.Config.ConfigError("$.models", "model", "the model is missing"));

        JsonElement report = await _box.AnswerAsync(_box.Signed(2));

        Assert.Equal(("rejected", "$.config.models", "model"), (report.GetProperty("outcome").GetString(), Error(report, 0).Path, Error(report, 0).Code));
        Assert.Empty(_box.Activated);
        Assert.False(File.Exists(Path.Combine(_box.State, "config", "trial.json")));
    }

    internal static string Code(JsonElement report) => report.GetProperty("errors")[0].GetProperty("code").GetString()!;

    internal static JsonElement Section(JsonElement report, string name) => report.GetProperty("sections").GetProperty(name);

    private static (string Path, string Code) Error(JsonElement report, int i)
    {
        JsonElement error = report.GetProperty("errors")[i];
        return (error.GetProperty("path").GetString()!, error.GetProperty("code").GetString()!);
    }

    private static string Digest(JsonObject document)
    {
        using JsonDocument content = JsonDocument.Parse(document["config"]!.ToJsonString());
        return SignedDocument.Digest(content.RootElement);
    }

    private async Task AssertRefusedAsync(byte[] document, params string[] codes)
    {
        JsonElement report = await _box.AnswerAsync(document);
        Assert.Equal("rejected", report.GetProperty("outcome").GetString());
        Assert.Contains(Code(report), codes);
        Assert.Equal(1, report.GetProperty("appliedVersion").GetInt64());
        Assert.Empty(_box.Activated);
    }
}
