using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Config;
using EdgeAgent.Core.Config;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Configs;

/// <summary>Documents that are no documents: the JSON parsing corpus, bombs, other encodings. All are an answer, none an exception.</summary>
public sealed class ConfigHostileTests : IDisposable
{
    // PROMISES row 52: 16 MiB. Far above what a document of 64 KiB needs, far below what hurts a box.
    private const long MostAllocated = 16L * 1024 * 1024;

    private readonly TestFolder _folder = new();
    private readonly SigningKey _key = SigningKey.Create();
    private readonly TrustedKeys _trusted;

    public ConfigHostileTests()
    {
        _folder.Write("trust/fleet.pem", _key.PublicPem);
        _trusted = new TrustedKeys(_folder["trust"]);
    }

    public void Dispose()
    {
        _trusted.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    [CorpusFact]
    public void None_of_the_parsing_cases_is_a_configuration_and_each_has_a_reason()
    {
        string[] files = [.. Directory.EnumerateFiles(CorpusFactAttribute.Folder!, "*.json").Order(StringComparer.Ordinal)];
        Assert.True(files.Length >= 318, $"{files.Length} cases.");
        var parsed = 0;
        Assert.All(files, file =>
        {
            byte[] bytes = File.ReadAllBytes(file);
            // As a file, as a desired document, and as the configuration within a signed one.
            AssertRefused(ConfigReader.Read(bytes).Errors);
            AssertRefused(DesiredConfig.Read(bytes, _trusted).Errors);
            byte[] inside = [.. """{"version":2,"issuedAt":"2026-01-05T09:00:00Z","expires":"2099-01-05T09:00:00Z","digest":"sha256:00","config":"""u8, .. bytes, .. "}"u8];
            byte[]? signed = null;
            try
            {
                signed = SignedDocument.Sign(inside, _key);
            }
            catch (SigningException)
            {
                AssertRefused(DesiredConfig.Read(inside, _trusted).Errors);
            }
            if (signed is not null)
            {
                parsed++;
                IReadOnlyList<ConfigError> errors = DesiredConfig.Read(signed, _trusted).Errors;
                AssertRefused(errors);
                // The signature is good: it is the content that is refused.
                Assert.DoesNotContain(errors, e => e.Code is "bad-signature" or "unsigned" or "unknown-signer");
            }
        });
        // The accepted cases of the corpus, and those that a parser may accept.
        Assert.InRange(parsed, 95, 130);
    }

    [Fact]
    public void A_configuration_with_a_byte_order_mark_is_read_and_one_in_utf_16_is_not()
    {
        Assert.NotNull(ConfigReader.Read(new byte[] { 0xEF, 0xBB, 0xBF }.Concat(Encoding.UTF8.GetBytes(Desired.Config)).ToArray()).Config);
        AssertRefused(ConfigReader.Read(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Desired.Config)).ToArray()).Errors);
        AssertRefused(DesiredConfig.Read(Encoding.BigEndianUnicode.GetBytes(Desired.Config), _trusted).Errors);
    }

    [Fact]
    public void A_bomb_costs_little_memory_before_and_behind_the_signature()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 30_000)) + string.Concat(Enumerable.Repeat("]", 30_000));
        string deepObjects = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        string keys = "{" + string.Join(',', Enumerable.Range(0, 6_000).Select(i => $"\"k{i}\":1")) + "}";
        string same = "{" + string.Join(',', Enumerable.Repeat("\"a\":1", 9_000)) + "}";
        string number = "[1e" + new string('9', 60_000) + "]";
        string digits = "[" + new string('9', 60_000) + "]";
        string text = "[\"" + new string('\u0001', 0) + string.Concat(Enumerable.Repeat("\\u0000", 10_000)) + "\"]";
        string large = "[" + new string(' ', 4_000_000) + "]";
        foreach (string bomb in new[] { deep, deepObjects, keys, same, number, digits, text, large })
        {
            AssertCheap(() => AssertRefused(ConfigReader.Read(Encoding.UTF8.GetBytes(bomb)).Errors));
            AssertCheap(() => AssertRefused(DesiredConfig.Read(Encoding.UTF8.GetBytes(bomb), _trusted).Errors));
        }
        JsonObject config = Desired.ConfigOf(2);
        for (int i = 0; i < 6_000; i++)
        {
            config[$"k{i}"] = 1;
        }
        byte[] signed = Desired.Signed(Desired.Document(config, new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero)), _key);
        Assert.True(signed.Length < DesiredConfig.MaxBytes);
        AssertCheap(() => Assert.Equal(6_000, DesiredConfig.Read(signed, _trusted).Errors.Count(e => e.Code == "unknown-key")));
    }

    [Fact]
    public async Task A_report_about_thousands_of_errors_is_small()
    {
        await using ConfigBench box = new ConfigBench().Start();
        JsonObject config = Desired.ConfigOf(2);
        for (int i = 0; i < 3_000; i++)
        {
            config["key-" + new string('x', 2) + i] = 1;
        }

        JsonElement report = await box.AnswerAsync(Desired.Signed(Desired.Document(config, box.Clock.GetUtcNow()), box.Key));

        Assert.Equal(33, report.GetProperty("errors").GetArrayLength());
        Assert.Equal("more", report.GetProperty("errors")[32].GetProperty("code").GetString());
        Assert.True(report.GetRawText().Length < 10_000);
    }

    private static void AssertRefused(IReadOnlyList<ConfigError> errors)
    {
        Assert.NotEmpty(errors);
        Assert.All(errors, e => Assert.False(string.IsNullOrWhiteSpace(e.Message)));
        Assert.All(errors, e => Assert.Contains(e.Code, Core.Privacy.ConfigReport.Codes));
    }

    private static void AssertCheap(Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
    }
}

/// <summary>A test over the JSON parsing corpus of the shared folder; skipped with a sentence where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute() => Skip = Folder is null ? "The JSON parsing corpus is not at fixtures/corpora/json of $EDGE_SHARED or ../shared." : null;

    internal static string? Folder { get; } =
        Repo.Shared is string shared && Directory.Exists(Path.Combine(shared, "fixtures/corpora/json")) ? Path.Combine(shared, "fixtures/corpora/json") : null;
}
