using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;

namespace EdgeAgent.Ota;

/// <summary>What a fleet manager wants a box to have: the content of <c>ota/desired</c>, in the order of its JSON. Believed only as a <see cref="SignedDocument"/>.</summary>
/// <param name="Version">Grows with each description that a key signs.</param>
internal sealed record OtaDocument(
    long Version, DateTimeOffset IssuedAt, DateTimeOffset Expires, OtaAudience Audience, IReadOnlyList<OtaArtefact> Artefacts, OtaStrategy Strategy,
    JsonElement Sig, DateTimeOffset? NotBefore = null)
{
    /// <summary>The largest document, as for a configuration.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MostArtefacts = 16;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    /// <summary>Null when it has not the members, names and limits of such a document.</summary>
    /// <param name="why">One sentence for the log, with the JSON path; empty when it is good.</param>
    public static OtaDocument? TryRead(JsonElement root, out string why)
    {
        OtaDocument? document;
        try
        {
            document = root.Deserialize<OtaDocument>(s_json);
        }
        catch (JsonException e)
        {
            why = e.Message;
            return null;
        }
        why = document is null ? "it is null" : document.Fault() ?? "";
        return why.Length == 0 ? document : null;
    }

    /// <summary>Whether it is for this box, now.</summary>
    public OtaReason Fits(StoreConfig store, DateTimeOffset now)
    {
        bool mine = Audience.Tenant == store.Tenant && Audience.Store is { } s && (s == "*" || s == store.Store) && (Audience.Box == "*" || Audience.Box == store.Box);
        return !mine ? OtaReason.Audience : now >= Expires ? OtaReason.Expired : now < NotBefore ? OtaReason.NotBefore : OtaReason.None;
    }

    private string? Fault()
    {
        if (Version < 1)
        {
            return $"$.version is {Version}; it begins with 1";
        }
        if (Artefacts.Count > MostArtefacts)
        {
            return $"$.artefacts has {Artefacts.Count} entries; {MostArtefacts} are the most";
        }
        for (int i = 0; i < Artefacts.Count; i++)
        {
            if (Artefacts[i] is not OtaArtefact artefact)
            {
                return $"$.artefacts[{i}] is null";
            }
            string? fault = !IsName(artefact.Name, 64) ? "name must be 1 to 64 of a-z 0-9 . -"
                : !IsName(artefact.Kind, 32) ? "kind must be 1 to 32 of a-z 0-9 . -"
                : artefact.Sha256.Length != 64 || artefact.Sha256.Any(c => !char.IsAsciiHexDigitLower(c)) ? "sha256 must be 64 lower-case hex digits"
                : artefact.Size < 1 ? "size must be 1 or more"
                : Artefacts.Take(i).Any(other => other.Name == artefact.Name) ? "name is used twice"
                : null;
            if (fault is not null)
            {
                return $"$.artefacts[{i}].{fault}";
            }
        }
        return Strategy.Fault();
    }

    private static bool IsName(string name, int most) => name.Length >= 1 && name.Length <= most && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
}

/// <summary>For whom: <c>*</c> stands for every store of the tenant, and for every box.</summary>
internal sealed record OtaAudience(string Tenant, string Store, string Box);

/// <summary>How carefully a model is brought in.</summary>
/// <param name="ShadowMinutes">The candidate looks on beside the model in use, 0 to 10080; 0 leaves that out.</param>
/// <param name="MinAgreement">Below it the candidate is rejected, 0 to 1.</param>
/// <param name="ProbationSeconds">In use, but the old model looks on and takes over at a fault, 10 to 86400.</param>
/// <param name="MaxKilobytesPerSecond">Most that a download takes of the shop's line; null for no limit.</param>
internal sealed record OtaStrategy(double ShadowMinutes = 60, double MinAgreement = 0.8, int ProbationSeconds = 120, int? MaxKilobytesPerSecond = null)
{
    public string? Fault() =>
        ShadowMinutes is not (>= 0 and <= 10080) ? "$.strategy.shadowMinutes is not from 0 to 10080"
        : MinAgreement is not (>= 0 and <= 1) ? "$.strategy.minAgreement is not from 0 to 1"
        : ProbationSeconds is not (>= 1 and <= 86400) ? "$.strategy.probationSeconds is not from 1 to 86400"
        : MaxKilobytesPerSecond is not (null or (>= 1 and <= 1_000_000)) ? "$.strategy.maxKilobytesPerSecond is not from 1 to 1000000"
        : null;
}

/// <summary>One file and what it is for.</summary>
/// <param name="Kind"><c>model</c>; a kind that this agent does not know is rejected by its name.</param>
/// <param name="Url">https; http only on loopback. No part of it becomes a file name.</param>
/// <param name="Entry">A model's entry as in models/manifest.json, without name, file, sha256, size and url.</param>
/// <param name="Golden">What the right model gives for a known picture.</param>
internal sealed record OtaArtefact(
    string Kind, string Name, string Url, long Size, string Sha256, OtaCompat? Compat = null, JsonElement? Entry = null, JsonElement? Golden = null);

/// <summary>Which boxes can use it.</summary>
/// <param name="Agent">The least version of the agent, for example <c>1.2.0</c>.</param>
/// <param name="Arch">Processors: <c>x64</c>, <c>arm64</c>; null for any.</param>
internal sealed record OtaCompat(string? Agent = null, IReadOnlyList<string>? Arch = null);
