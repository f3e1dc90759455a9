namespace EdgeAgent.Core.Contract;

/// <summary>How a text in a payload looks: no member is free text.</summary>
/// <param name="Pattern">ECMA 262, anchored.</param>
internal sealed record TextForm(string Pattern, int MaxLength, string? Format = null);

/// <summary>
/// The form of each text member of a payload and the unit of each number, by name. A text member that stands in neither table has no
/// schema, and a test fails: its form is to be given here first.
/// </summary>
internal static class MemberForms
{
    private static readonly TextForm s_name = new("^[a-z0-9-]{1,32}$", 32);
    private static readonly TextForm s_asked = new("^[A-Za-z0-9._-]{1,64}$", 64);
    private static readonly TextForm s_reference = new("^[A-Za-z0-9_-]{1,64}$", 64);
    private static readonly TextForm s_pseudonym26 = new("^[a-z2-7]{26}$", 26);
    private static readonly TextForm s_uuid = new("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", 36, "uuid");

    private static readonly TextForm s_model = new("^[a-z0-9.-]{1,64}$", 64);
    private static readonly TextForm s_digest = new("^sha256:[0-9a-f]{64}$", 71);

    /// <summary>UTC with milliseconds, as the box writes it.</summary>
    public static readonly TextForm SentTime = new("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$", 24, "date-time");

    /// <summary>RFC 3339 with its offset, as the box takes it.</summary>
    public static readonly TextForm TakenTime = new("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,}(Z|[+-][0-9]{2}:[0-9]{2})$", 40, "date-time");

    public static readonly TextForm RequestId = new("^[A-Za-z0-9._:-]{1,64}$", 64);
    public static readonly TextForm Source = new("^/[a-z0-9-]{1,32}/[a-z0-9-]{1,32}/[a-z0-9-]{1,32}$", 99);
    public static readonly TextForm Subject = new("^[a-z]{1,16}(/[a-z0-9-]{1,32})?$", 49);
    public static readonly TextForm EventId = new("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", 36, "uuid");

    // By member, or by type and member where a name means something else there.
    private static readonly Dictionary<string, TextForm> s_texts = new()
    {
        ["visit"] = s_pseudonym26, ["PartyData.id"] = s_pseudonym26, ["settlementKey"] = s_pseudonym26, ["corrects"] = EventId,
        ["camera"] = s_name, ["door"] = s_name, ["zone"] = s_name, ["line"] = s_name, ["gate"] = s_name, ["region"] = s_name, ["cabinet"] = s_name, ["id"] = s_name,
        ["scene"] = s_name, ["SceneData.items"] = s_name, ["tags"] = s_name, ["cameras"] = s_name, ["readers"] = s_name, ["gates"] = s_name, ["member"] = s_name,
        ["gtin"] = new("^[0-9]{14}$", 14), ["serialHash"] = new("^[a-z2-7]{16}$", 16), ["currency"] = new("^[A-Z]{3}$", 3),
        ["decision"] = new("^(settle|ask|hold)$", 6), ["topic"] = new("^[a-z]{1,16}(/[a-z]{1,16}){0,3}$", 67), ["head"] = new("^[0-9a-f]{64}$", 64),
        ["mqtt"] = new("^(5|3\\.1\\.1)$", 5), ["contract"] = new("^[0-9]{1,3}\\.[0-9]{1,3}$", 7), ["agent"] = new("^[0-9A-Za-z.+-]{1,64}$", 64),
        ["modelSet"] = new("^(none|sha256:[0-9a-f]{64})$", 71), ["clockQuality"] = new("^(ntp:[0-9]{1,10}ms|unsynced|replay)$", 16),
        ["sha256"] = new("^[0-9a-f]{64}$", 64), ["role"] = new("^[a-z-]{1,32}$", 32), ["OtaArtefactStatus.kind"] = new("^[a-z0-9.-]{1,32}$", 32),
        ["OtaArtefactStatus.name"] = s_model, ["OtaInUse.name"] = s_model, ["ModelRollbackCommand.name"] = s_asked, ["digest"] = s_digest, ["ad"] = s_digest, ["sections"] = new("^[a-zA-Z]{1,32}$", 32),
        ["ConfigErrorData.path"] = new("^[A-Za-z0-9$.\\[\\]?_-]{1,120}$", 120), ["ConfigErrorData.code"] = new("^[a-z-]{1,32}$", 32),
        ["ConfigErrorData.message"] = new("^[A-Z][A-Za-z ,;.]{1,199}$", 200),
        ["path"] = new("^\\$(\\.[A-Za-z]{1,32}|\\[[0-9]{1,6}\\]){0,6}$", 100),
        ["memberRef"] = s_name, ["textHash"] = s_digest, ["ConsentSignature.key"] = new("^[a-z2-7]{16}$", 16), ["alg"] = new("^ES256$", 5),
        ["ConsentSignature.value"] = new("^[A-Za-z0-9_-]{86}$", 86),
        ["requestId"] = RequestId, ["replyTo"] = new("^sst/v1(/[a-z0-9-]{1,32}){3}/rsp/[A-Za-z0-9._-]{1,64}$", 178), ["ids"] = s_uuid,
        ["SensorRestartCommand.id"] = s_asked, ["GateArmCommand.gate"] = s_asked, ["GateDisarmCommand.gate"] = s_asked, ["CartClaimCommand.gate"] = s_asked,
        ["serial"] = new("^[!-~]{1,20}$", 20), ["MandatePutCommand.store"] = new("^[a-z0-9-]{1,32}/([a-z0-9-]{1,32}|\\*)$", 65),
        ["CommandSignature.key"] = new("^[A-Za-z0-9:._-]{1,128}$", 128), ["CommandSignature.alg"] = new("^[A-Za-z0-9-]{1,16}$", 16),
        ["CommandSignature.value"] = new("^[A-Za-z0-9+/=_-]{1,256}$", 256), ["cart"] = s_reference, ["mandate"] = s_reference, ["tax"] = s_name, ["promotion"] = s_name, ["PaymentResultCommand.settlementKey"] = s_asked, ["settlementKeys"] = s_asked,
    };

    private static readonly Dictionary<string, string> s_descriptions = new()
    {
        ["price"] = "Minor units of the currency; null when the price is not known.", ["total"] = "Minor units of the currency.",
        ["BillLineData.price"] = "Of one piece, in minor units of the currency.", ["gross"] = "Price times quantity, in minor units.", ["net"] = "What is paid, tax included, in minor units.",
        ["exitLimit"] = "Minor units of the currency.", ["dayLimit"] = "Minor units of the currency.", ["weightGrams"] = "Grams.", ["amount"] = "Minor units of the currency.", ["included"] = "The tax in it, in minor units.", ["due"] = "What is still to be paid, in minor units.",
        ["PayerData.prepaid"] = "What a prepaid cart covered when the bag was decided, in minor units.", ["refund"] = "What of the prepaid amount is to be given back, in minor units.",
        ["worth"] = "What the goods that were brought back cost by the bill, in minor units.",
        ["basisPoints"] = "Hundredths of a percent.", ["unseen"] = "Pieces of a cart that no reader saw.", ["byCamera"] = "Unseen pieces that a camera saw taken from a shelf or laid on a tray.",
        ["p"] = "Probability, 0 to 1.", ["score"] = "Likeness, 0 to 1.", ["fps"] = "Pictures per second.", ["wantedFps"] = "Pictures per second.",
        ["analysedFps"] = "Pictures per second.", ["readsPerSecond"] = "Tag reads per second.", ["memoryMegabytes"] = "Mebibytes.",
        ["epoch"] = "Boot counter of the box.", ["began"] = "Epoch in which the chain began.", ["seq"] = "Number of an event within its epoch, from 1.",
        ["fromSeq"] = "Number of an event within its epoch.", ["toSeq"] = "Number of an event within its epoch, included.",
        ["step"] = "How far the camera is thinned out, 0 to 5.", ["quantity"] = "Pieces.", ["people"] = "Persons; null where the number is withheld.",
        ["connection"] = "Counts connections within the epoch.", ["configVersion"] = "Version of the configuration in use.", ["mqttProtocol"] = "5, or 4 for MQTT 3.1.1; 0 without a broker.",
        ["visit"] = "128 random bits for one stay.", ["serialHash"] = "Pseudonym of the item for this day and start.", ["settlementKey"] = "The same for a retry or a replay.", ["revision"] = "Counts the corrections of one decision, from 1.",
        ["percent"] = "Percent of the download.", ["agreement"] = "With the model in use, 0 to 1.", ["slowerBy"] = "Time of one run as a multiple of that of the model in use.",
        ["daysLeft"] = "Whole days, below 0 when it has ended.", ["certificateDays"] = "Whole days, below 0 when it has ended.",
        ["host"] = "0 is broker.host, 1 the first of broker.fallbackHosts.",
        ["CabinetUsedData.candidates"] = "Persons who stood there.",
        ["AntennaHealth.id"] = "The reader's own number.",
    };

    private static readonly string[] s_probabilities = ["p", "score", "agreement"];
    private static readonly string[] s_signed = ["offsetMs", "daysLeft", "certificateDays"];

    /// <exception cref="InvalidOperationException">The member is in no table.</exception>
    public static TextForm Text(string type, string member) =>
        s_texts.GetValueOrDefault($"{type}.{member}") ?? s_texts.GetValueOrDefault(member) ?? throw new InvalidOperationException(
            $"The text member '{member}' of {type} has no form: add one to {nameof(MemberForms)}, for no text in a payload is free.");

    /// <summary>What a member is and in which unit; null for a text that explains itself.</summary>
    public static string? Description(string type, string member, bool number) =>
        s_descriptions.GetValueOrDefault($"{type}.{member}") ?? s_descriptions.GetValueOrDefault(member)
            ?? (!number ? null : member.EndsWith("Seconds", StringComparison.Ordinal) ? "Seconds." : member.EndsWith("Ms", StringComparison.Ordinal) ? "Milliseconds." : "A count, without a unit.");

    public static bool IsProbability(string member) => s_probabilities.Contains(member);

    public static bool MayBeNegative(string member) => s_signed.Contains(member);

    public static int MostItems(string type, string member) => member switch
    {
        "items" when type == "SceneData" => Privacy.SceneMatcher.Suggested,
        "tags" => Commands.CommandRules.MostTags,
        "ids" or "settlementKeys" => Commands.CommandRules.MostNames,
        "items" => 10_000,
        _ => 1_000,
    };
}
