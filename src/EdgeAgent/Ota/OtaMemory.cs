using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;

namespace EdgeAgent.Ota;

/// <summary>All that must outlive a power cut, in one small file that is replaced whole: what is wanted, how far it is, and which models are in use.</summary>
/// <param name="Document">The description that is followed, as it came and with its signature; null before the first.</param>
/// <param name="InUse">By role. A role without an entry uses the configured model.</param>
/// <param name="Prices">Null uses those of the configuration.</param>
internal sealed record OtaMemory(
    string? Document, IReadOnlyList<OtaArtefactStatus> Artefacts, IReadOnlyDictionary<string, ModelInUse> InUse, PricesInUse? Prices = null)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static OtaMemory Empty { get; } = new(null, [], new Dictionary<string, ModelInUse>());

    /// <summary>Empty when there is none, or one that cannot be read: then the box uses its configured models, which is safe, and asks the broker anew.</summary>
    public static OtaMemory Load(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<OtaMemory>(File.ReadAllBytes(path), s_json) ?? Empty : Empty;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    /// <exception cref="IOException">The disk refuses; the old file stays.</exception>
    public void Save(string path) => AtomicFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(this, s_json));
}

/// <summary>A model that came over the air and is in use.</summary>
/// <param name="Entry">The artefact of the description it came with.</param>
/// <param name="Previous">What was in use before; null for the configured model.</param>
/// <param name="Trial">While on probation.</param>
internal sealed record ModelInUse(OtaArtefact Artefact, OtaArtefact? Previous, TrialMark? Trial);

/// <summary>A price list that came over the air and is in use.</summary>
/// <param name="Previous">The list in use before; null for that of the configuration.</param>
internal sealed record PricesInUse(OtaArtefact Artefact, OtaArtefact? Previous);

/// <summary>A probation under way. When the agent starts and finds one that was not paused, the agent died in it, and the model goes.</summary>
/// <param name="SecondsLeft">Of the probation.</param>
/// <param name="Paused">The agent was stopped in order.</param>
internal sealed record TrialMark(double SecondsLeft, bool Paused);
