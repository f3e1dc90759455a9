using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core;

namespace EdgeAgent.Replay;

/// <summary>What really happened, from truth.json, which may say more than is read here. Times in seconds from the start of the scenario; lists that are absent are not scored.</summary>
/// <param name="Tol">Tolerance in seconds for entries that name none of their own.</param>
internal sealed record Truth(
    IReadOnlyList<TruthVisit>? Visits = null, IReadOnlyList<TruthCrossing>? Crossings = null, IReadOnlyList<TruthBag>? Bags = null, double? Tol = null)
{
    /// <exception cref="ScenarioException">The file is not a truth file.</exception>
    public static Truth Load(string path)
    {
        try
        {
            ReadOnlySpan<byte> utf8 = File.ReadAllBytes(path);
            Truth truth = JsonSerializer.Deserialize(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, TruthJson.Default.Truth)
                ?? throw new ScenarioException($"{path} is empty.");
            // Now and not after the replay, which may take minutes.
            return (truth.Bags ?? []).SelectMany(b => b.Epcs).FirstOrDefault(hex => hex.Length == 0 || !Epc.TryParse(hex, out _)) is string bad
                ? throw new ScenarioException($"{path} names the EPC \"{bad}\", which is not hexadecimal.")
                : truth;
        }
        catch (JsonException e)
        {
            throw new ScenarioException($"{path} is not a truth file: {e.Message}");
        }
    }
}

/// <param name="Out">Null when the person stays.</param>
internal sealed record TruthVisit(double In, double? Out = null, double? Tol = null);

/// <param name="Dir"><c>in</c> or <c>out</c>.</param>
internal sealed record TruthCrossing(string Line, string Dir, double T, double? Tol = null);

/// <param name="T">When the bag passed the gate.</param>
/// <param name="Decision"><c>settled</c> or <c>held</c>; null when either is right.</param>
internal sealed record TruthBag(double T, IReadOnlyList<string> Epcs, double? Tol = null, string? Decision = null);

[JsonSourceGenerationOptions(
    // Keys beyond these are notes of whoever made the file.
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Truth))]
internal sealed partial class TruthJson : JsonSerializerContext;
