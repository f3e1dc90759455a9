using System.Text.Json;

namespace EdgeAgent.Fleet;

/// <summary>How far a box is with what was desired of it.</summary>
internal enum Verdict
{
    /// <summary>It has not answered, or is at it.</summary>
    Waiting,

    Good,
    Bad,
}

/// <summary>A box's answer to a desired document.</summary>
/// <param name="Desired">The version that it answers; null when it has never answered.</param>
/// <param name="Applied">The version in force.</param>
/// <param name="Outcome">The box's own word.</param>
/// <param name="Why">Where it went wrong, in the box's own closed words; empty when nothing did.</param>
/// <param name="Number">Counts the answers of this box that arrived here.</param>
internal sealed record Reported(long? Desired, long? Applied, string Outcome, Verdict Verdict, string Why, long Number)
{
    public static Reported Nothing { get; } = new(null, null, "", Verdict.Waiting, "", 0);

    /// <summary>The highest version that it names; 0 for none.</summary>
    public long Highest => Math.Max(Desired ?? 0, Applied ?? 0);

    /// <summary>
    /// What it says of <paramref name="version"/>. A box repeats nothing of a document that it does not believe, not even the version: a refusal
    /// without one that came after the document was sent is the answer to it.
    /// </summary>
    /// <param name="before">Number of the last answer when the document was sent.</param>
    public Verdict About(long version, long before) =>
        Desired == version ? Verdict : Desired is null && Verdict == Verdict.Bad && Number > before ? Verdict.Bad : Verdict.Waiting;

    // So many reasons are shown; a table is read by people.
    private const int MostReasons = 3;

    /// <summary><c>cfg/reported</c>: {desiredVersion, appliedVersion, outcome, errors [{path, code}]}.</summary>
    public static Reported OfConfig(JsonElement root, long number)
    {
        string outcome = BoxStatus.Text(root, "outcome") ?? "";
        Verdict verdict = outcome switch
        {
            "applied" or "unchanged" => Verdict.Good,
            "partial" or "rejected" or "rolledBack" => Verdict.Bad,
            _ => Verdict.Waiting,
        };
        return new Reported(
            BoxStatus.Number(root, "desiredVersion"), BoxStatus.Number(root, "appliedVersion"), outcome, verdict,
            Reasons(root, "errors", error => $"{BoxStatus.Text(error, "path")} {BoxStatus.Text(error, "code")}".Trim()), number);
    }

    /// <summary>
    /// <c>ota/reported</c>: {desiredVersion, refused, artefacts [{name, state, reason}]}: good when all are healthy, bad when one is not to become so,
    /// or when the description itself was refused.
    /// </summary>
    public static Reported OfModels(JsonElement root, long number)
    {
        if (BoxStatus.Text(root, "refused") is string refused)
        {
            return new Reported(null, null, "rejected", Verdict.Bad, refused, number);
        }
        string[] states = root.TryGetProperty("artefacts", out JsonElement artefacts) && artefacts.ValueKind == JsonValueKind.Array
            ? [.. artefacts.EnumerateArray().Select(a => BoxStatus.Text(a, "state") ?? "")]
            : [];
        string? bad = states.FirstOrDefault(s => s is "failed" or "rejected" or "rolledBack");
        bool good = states.Length > 0 && states.All(s => s == "healthy");
        long? version = BoxStatus.Number(root, "desiredVersion");
        return new Reported(
            version, good ? version : null, bad ?? (good ? "healthy" : states.FirstOrDefault(s => s != "healthy") ?? ""),
            bad is not null ? Verdict.Bad : good ? Verdict.Good : Verdict.Waiting,
            Reasons(root, "artefacts", a => BoxStatus.Text(a, "reason") is string reason and not "none" ? $"{BoxStatus.Text(a, "name")} {reason}" : ""), number);
    }

    private static string Reasons(JsonElement root, string list, Func<JsonElement, string> of) =>
        root.TryGetProperty(list, out JsonElement found) && found.ValueKind == JsonValueKind.Array
            ? string.Join(", ", found.EnumerateArray().Select(of).Where(text => text.Length > 0).Take(MostReasons))
            : "";
}
