using System.Text.Json;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>What became of a desired configuration.</summary>
public enum ConfigOutcome { Applied, Partial, Rejected, RolledBack, Pending, Unchanged }

/// <summary>What became of one section of it.</summary>
public enum SectionOutcome { Applied, Failed, Rejected, RolledBack, Pending }

/// <summary>One section as it is in effect now.</summary>
/// <param name="Ac">Applied code: in effect as it is; failed: in effect, but a device of it is not there; rejected, rolledBack, pending: the desired one is not in effect (yet).</param>
/// <param name="Av">Applied version: the document in which this section got its present content.</param>
/// <param name="Ad">Applied digest of the section's content.</param>
public sealed record SectionReport(SectionOutcome Ac, long Av, string Ad);

/// <summary>The answer to a desired configuration, kept at the broker as <c>cfg/reported</c>.</summary>
/// <param name="DesiredVersion">Null when the document did not say one that can be read.</param>
/// <param name="Digest">Of the configuration that is in effect.</param>
/// <param name="EffectiveAt">Since when it is in effect.</param>
public sealed record ConfigReport(
    long? DesiredVersion, long AppliedVersion, ConfigOutcome Outcome, string Digest, IReadOnlyDictionary<string, SectionReport> Sections,
    IReadOnlyList<ConfigError> Errors, DateTimeOffset EffectiveAt)
{
    /// <summary>Errors that leave the box; beyond them one says that there are more.</summary>
    public const int MostErrors = 32;

    // All that is ever said about an error outside the box. The full sentence, with the value, is in the log and in `config check`.
    private static readonly Dictionary<string, string> s_sentences = new(StringComparer.Ordinal)
    {
        ["syntax"] = "The document is not readable as JSON.",
        ["unknown-key"] = "This key is not known here.",
        ["missing"] = "This key is required.",
        ["bad-value"] = "This value is not of the kind that is needed here.",
        ["out-of-range"] = "This value is out of its range.",
        ["duplicate"] = "A name is used more than once.",
        ["dangling"] = "What is named here does not exist in the document.",
        ["malformed"] = "The document is too long, is no JSON object, or has a signature of another form.",
        ["unsigned"] = "The document has no signature.",
        ["unknown-signer"] = "The document is signed with a key that this box does not trust.",
        ["bad-signature"] = "The signature does not fit the document.",
        ["audience"] = "The document is for another box.",
        ["version-mismatch"] = "The version of the document is not that of its configuration.",
        ["digest-mismatch"] = "The digest is not that of the configuration.",
        ["not-before"] = "The document is not valid yet; it is kept until it is.",
        ["expired"] = "The document is not valid any more, or the clock of the box is wrong.",
        ["stale"] = "A newer document, or the same version with other content, was accepted before.",
        ["below-local"] = "The local file of the box has this version or a newer one.",
        ["base-mismatch"] = "The document builds on another version than the one in effect.",
        ["rollback-mismatch"] = "The document rolls back another version than the one in effect, or was issued before it.",
        ["local-only"] = "This can be changed on the box only.",
        ["above-ceiling"] = "The privacy ceiling of the box does not allow this.",
        ["model"] = "A model, the gallery or a file that this needs is missing, damaged or not allowed here.",
        ["disk"] = "The disk of the box refuses to keep the document.",
        ["link-down"] = "The broker was not reached with this configuration.",
        ["not-online"] = "This device did not come online with this configuration.",
        ["shop-stuck"] = "The shop took nothing in any more with this configuration.",
        ["restarted"] = "The agent was restarted or crashed while this configuration was on trial.",
        ["more"] = "There are more errors.",
    };

    /// <summary>The codes that leave the box as they are.</summary>
    public static IReadOnlyCollection<string> Codes => s_sentences.Keys;

    /// <summary>Whether it is one of the sentences that are said.</summary>
    internal static bool IsSentence(string text) => s_sentences.ContainsValue(text);

    /// <summary>As it leaves: a path of known keys, a known code and its sentence.</summary>
    internal IReadOnlyList<ConfigErrorData> Told()
    {
        List<ConfigErrorData> told = [.. Errors.Take(MostErrors).Select(Told)];
        if (Errors.Count > MostErrors)
        {
            told.Add(Told(new ConfigError("$", "more", "")));
        }
        return told;
    }

    private static ConfigErrorData Told(ConfigError error)
    {
        string code = s_sentences.ContainsKey(error.Code) ? error.Code : "bad-value";
        return new ConfigErrorData(ConfigPaths.Told(error.Path), code, s_sentences[code]);
    }
}

/// <summary>The configuration's own status document.</summary>
public static class ConfigMessages
{
    public static EgressStatus Reported(ConfigReport report) => new("cfg/reported", 1, true, JsonSerializer.SerializeToUtf8Bytes(
        new ConfigReportData(
            report.DesiredVersion, report.AppliedVersion, report.Outcome, report.Digest,
            report.Sections.ToDictionary(s => s.Key, s => new SectionData(s.Value.Ac, s.Value.Av, s.Value.Ad)), report.Told(), report.EffectiveAt),
        EgressJson.Default.ConfigReportData));
}
