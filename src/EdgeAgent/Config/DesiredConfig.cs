using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Signing;

namespace EdgeAgent.Config;

/// <summary>A desired configuration that is signed by somebody whom this box trusts and whose content is right. Whether it may be applied now is another question.</summary>
/// <param name="Bytes">As they came, with the signature: this is what is kept on disk.</param>
/// <param name="DocumentDigest">Over the whole document: tells a document that was issued anew from the one before.</param>
internal sealed record DesiredConfig(
    long Version, long? BaseVersion, long? RollbackOf, DateTimeOffset IssuedAt, DateTimeOffset? NotBefore, DateTimeOffset Expires, string Digest,
    TimeSpan Probation, DeviceConfig Config, string KeyId, string DocumentDigest, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The document, or why there is none. <c>Version</c> is what it says of itself, if it is believed that far.</summary>
    internal sealed record Reading(DesiredConfig? Document, long? Version, IReadOnlyList<ConfigError> Errors);

    public const int MaxBytes = ConfigReader.MaxBytes;

    private const int DefaultProbationSeconds = 120;
    private const int ShortestProbationSeconds = 10;
    private const int LongestProbationSeconds = 3600;

    private static readonly string[] s_keys =
        ["version", "baseVersion", "rollbackOf", "issuedAt", "notBefore", "expires", "digest", "probationSeconds", "config", "sig"];

    private static readonly string[] s_required = ["version", "issuedAt", "expires", "digest", "config"];

    /// <summary>
    /// Size first, then the signature, then the content: nothing of a document that nobody trusted signed is looked at, and none of its words are
    /// repeated. Never throws for what it holds.
    /// </summary>
    public static Reading Read(ReadOnlyMemory<byte> utf8, TrustedKeys trusted)
    {
        (SignedDocument? signed, Refusal refusal) = SignedDocument.Verify(utf8, MaxBytes, trusted);
        if (signed is null)
        {
            return new Reading(null, null, [new ConfigError("$", CodeOf(refusal), Sentence(refusal))]);
        }
        return Content(signed.Root, signed.KeyId, utf8);
    }

    /// <summary>The content of a document whose signature somebody else has looked at, or nobody.</summary>
    public static Reading Content(JsonElement root, string keyId, ReadOnlyMemory<byte> utf8)
    {
        var errors = new List<ConfigError>();
        foreach (JsonProperty member in root.EnumerateObject().Where(m => !s_keys.Contains(m.Name)))
        {
            errors.Add(new ConfigError("$." + member.Name, "unknown-key", $"this key is not known here; known are {string.Join(", ", s_keys)}."));
        }
        foreach (string key in s_required.Where(key => !root.TryGetProperty(key, out _)))
        {
            errors.Add(new ConfigError("$." + key, "missing", "this key is required."));
        }
        long? version = Whole(root, "version", DeviceConfig.LastVersion, errors);
        long? baseVersion = Whole(root, "baseVersion", DeviceConfig.LastVersion, errors);
        long? rollbackOf = Whole(root, "rollbackOf", DeviceConfig.LastVersion, errors);
        long? probation = Whole(root, "probationSeconds", LongestProbationSeconds, errors, ShortestProbationSeconds);
        DateTimeOffset? issuedAt = Time(root, "issuedAt", errors);
        DateTimeOffset? notBefore = Time(root, "notBefore", errors);
        DateTimeOffset? expires = Time(root, "expires", errors);
        if (!root.TryGetProperty("config", out JsonElement content))
        {
            return new Reading(null, version, errors);
        }
        (DeviceConfig? config, IReadOnlyList<ConfigError> wrong) = ConfigReader.Read(Encoding.UTF8.GetBytes(content.GetRawText()));
        errors.AddRange(wrong.Select(Below));
        string digest = SignedDocument.Digest(content);
        if (root.TryGetProperty("digest", out JsonElement said) && (said.ValueKind != JsonValueKind.String || said.GetString() != digest))
        {
            errors.Add(new ConfigError("$.digest", "digest-mismatch", $"the digest of \"config\" is {digest}."));
        }
        if (config is not null && version is long number && config.Version != number)
        {
            errors.Add(new ConfigError("$.config.version", "version-mismatch", $"it is {config.Version}, but the document's version is {number}."));
        }
        return errors.Count > 0
            ? new Reading(null, version, errors)
            : new Reading(
                new DesiredConfig(
                    version!.Value, baseVersion, rollbackOf, issuedAt!.Value, notBefore, expires!.Value, digest,
                    TimeSpan.FromSeconds(probation ?? DefaultProbationSeconds), config!, keyId, SignedDocument.Digest(root), utf8),
                version, []);
    }

    /// <summary>A path in the configuration as a path in the document.</summary>
    public static ConfigError Below(ConfigError inConfig) => inConfig with { Path = "$.config" + inConfig.Path[1..] };

    /// <summary>Stable words; <c>unknown-key</c> is taken by keys of the JSON.</summary>
    private static string CodeOf(Refusal refusal) => refusal switch
    {
        Refusal.UnknownKey => "unknown-signer",
        _ => JsonNamingPolicy.KebabCaseLower.ConvertName(refusal.ToString()),
    };

    private static string Sentence(Refusal refusal) => refusal switch
    {
        Refusal.Unsigned => "it has no signature; `edge-agent fleet sign` adds one.",
        Refusal.UnknownKey => "it is signed with a key whose public half is not in the trust folder of this box.",
        Refusal.BadSignature => "the signature does not fit: it was changed after signing.",
        _ => $"it is longer than {MaxBytes} bytes, is no JSON object, or its signature has another form.",
    };

    private static long? Whole(JsonElement root, string key, long most, List<ConfigError> errors, long least = 1)
    {
        if (!root.TryGetProperty(key, out JsonElement value))
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number))
        {
            errors.Add(new ConfigError("$." + key, "bad-value", "a whole number is expected."));
            return null;
        }
        if (number < least || number > most)
        {
            errors.Add(new ConfigError("$." + key, "out-of-range", string.Create(CultureInfo.InvariantCulture, $"{number} is not between {least} and {most}.")));
            return null;
        }
        return number;
    }

    /// <summary>RFC 3339 with seconds and an offset: a time without one would mean another moment on each box.</summary>
    private static DateTimeOffset? Time(JsonElement root, string key, List<ConfigError> errors)
    {
        if (!root.TryGetProperty(key, out JsonElement value))
        {
            return null;
        }
        if (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out DateTimeOffset time) && value.GetString() is { Length: >= 20 } text
            && (text[^1] == 'Z' || text[^6] is '+' or '-'))
        {
            return time;
        }
        errors.Add(new ConfigError("$." + key, "bad-value", "a time like 2026-01-05T09:00:00Z is expected."));
        return null;
    }
}
