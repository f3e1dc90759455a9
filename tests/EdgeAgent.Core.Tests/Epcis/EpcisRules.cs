using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAgent.Core.Tests.Epcis;

/// <summary>
/// What the JSON Schema of EPCIS 2.0 and the CBV 2.0 demand of the events that this project writes, in our own words: members that must be there,
/// members that may, words of closed lists, addresses and times. Other events are not known here and are refused.
/// </summary>
internal static partial class EpcisRules
{
    private static readonly string[] s_common = ["type", "eventID", "eventTime", "recordTime", "eventTimeZoneOffset", "errorDeclaration", "certificationInfo", "@context"];

    private static readonly string[] s_members =
    [
        "action", "epcList", "quantityList", "bizStep", "disposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList", "destinationList", "sensorElementList",
    ];

    // CBV 2.0, section 7.1.
    private static readonly string[] s_steps =
        """
        accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting decommissioning departing destroying disassembling dispensing
        encoding entering_exiting holding inspecting installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
        retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting unloading unpacking void_shipping
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // CBV 2.0, section 7.2.
    private static readonly string[] s_dispositions =
        """
        active available completeness_inferred completeness_verified conformant container_closed container_open damaged destroyed dispensed disposed encoded expired in_progress
        in_transit inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed
        recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // CBV 2.0, section 7.3.
    private static readonly string[] s_transactions = ["bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd", "testres", "upevt"];

    private static readonly string[] s_actions = ["ADD", "OBSERVE", "DELETE"];
    private static readonly string[] s_reasons = ["did_not_occur", "incorrect_data"];

    /// <summary>Each fault with its path; nothing for a document that keeps the rules.</summary>
    public static List<string> Faults(JsonElement document)
    {
        var faults = new List<string>();
        Demand(document.TryGetProperty("@context", out JsonElement context) && context.ValueKind is JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Object, "@context", faults);
        Demand(TextOf(document, "type") == "EPCISDocument", "type", faults);
        Demand(TextOf(document, "schemaVersion") is string version && SchemaVersion().IsMatch(version), "schemaVersion", faults);
        Demand(IsTime(TextOf(document, "creationDate")), "creationDate", faults);
        if (!document.TryGetProperty("epcisBody", out JsonElement body) || !body.TryGetProperty("eventList", out JsonElement events) || events.ValueKind != JsonValueKind.Array)
        {
            faults.Add("epcisBody.eventList");
            return faults;
        }
        int number = 0;
        foreach (JsonElement happened in events.EnumerateArray())
        {
            Check(happened, $"eventList[{number++}]", faults);
        }
        string?[] ids = [.. events.EnumerateArray().Where(e => !e.TryGetProperty("errorDeclaration", out _)).Select(e => TextOf(e, "eventID")).Where(id => id is not null)];
        Demand(ids.Distinct().Count() == ids.Length, "eventID is used twice", faults);
        return faults;
    }

    private static void Check(JsonElement happened, string path, List<string> faults)
    {
        string? type = TextOf(happened, "type");
        Demand(type is "ObjectEvent" or "TransactionEvent", path + ".type", faults);
        // An extension has the name of an address, such as sst:direction.
        string[] own = type == "ObjectEvent" ? ["persistentDisposition", "ilmd"] : ["parentID"];
        foreach (JsonProperty member in happened.EnumerateObject())
        {
            Demand(s_common.Concat(s_members).Concat(own).Contains(member.Name) || IsAddress(member.Name), $"{path}.{member.Name}", faults);
        }
        Demand(IsTime(TextOf(happened, "eventTime")), path + ".eventTime", faults);
        Demand(TextOf(happened, "eventTimeZoneOffset") is string offset && ZoneOffset().IsMatch(offset), path + ".eventTimeZoneOffset", faults);
        Demand(s_actions.Contains(TextOf(happened, "action")), path + ".action", faults);
        Optional(happened, "eventID", e => IsAddress(e.GetString()), path, faults);
        Optional(happened, "recordTime", e => IsTime(e.GetString()), path, faults);
        Optional(happened, "bizStep", e => s_steps.Contains(e.GetString()) || IsAddress(e.GetString()), path, faults);
        Optional(happened, "disposition", e => s_dispositions.Contains(e.GetString()) || IsAddress(e.GetString()), path, faults);
        Optional(happened, "readPoint", e => IsAddress(TextOf(e, "id")), path, faults);
        Optional(happened, "bizLocation", e => IsAddress(TextOf(e, "id")), path, faults);
        Optional(happened, "epcList", e => e.EnumerateArray().All(epc => IsAddress(epc.GetString())), path, faults);
        Optional(happened, "quantityList", e => e.GetArrayLength() > 0 && e.EnumerateArray().All(IsQuantity), path, faults);
        Optional(happened, "bizTransactionList", e => e.GetArrayLength() > 0 && e.EnumerateArray().All(IsTransaction), path, faults);
        Optional(happened, "errorDeclaration", IsDeclaration, path, faults);
        bool goods = happened.TryGetProperty("epcList", out _) || happened.TryGetProperty("quantityList", out _);
        Demand(goods || (type == "TransactionEvent" && TextOf(happened, "action") == "DELETE"), path + ": no goods", faults);
        Demand(type != "TransactionEvent" || happened.TryGetProperty("bizTransactionList", out _), path + ".bizTransactionList", faults);
    }

    private static bool IsQuantity(JsonElement element) =>
        IsAddress(TextOf(element, "epcClass")) && element.EnumerateObject().All(m => m.Name is "epcClass" or "quantity" or "uom")
        && (!element.TryGetProperty("quantity", out JsonElement quantity) || quantity.ValueKind == JsonValueKind.Number)
        && (!element.TryGetProperty("uom", out JsonElement unit) || Unit().IsMatch(unit.GetString()!));

    private static bool IsTransaction(JsonElement element) =>
        IsAddress(TextOf(element, "bizTransaction")) && element.EnumerateObject().All(m => m.Name is "type" or "bizTransaction")
        && (!element.TryGetProperty("type", out JsonElement type) || s_transactions.Contains(type.GetString()) || IsAddress(type.GetString()));

    private static bool IsDeclaration(JsonElement element) =>
        IsTime(TextOf(element, "declarationTime")) && (!element.TryGetProperty("reason", out JsonElement reason) || s_reasons.Contains(reason.GetString()))
        && (!element.TryGetProperty("correctiveEventIDs", out JsonElement ids) || ids.EnumerateArray().All(id => IsAddress(id.GetString())));

    private static bool IsAddress(string? text) => text is not null && Address().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out _);

    private static bool IsTime(string? text) =>
        text is not null && Moment().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static string? TextOf(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Optional(JsonElement parent, string key, Func<JsonElement, bool> good, string path, List<string> faults) =>
        Demand(!parent.TryGetProperty(key, out JsonElement value) || good(value), $"{path}.{key}", faults);

    private static void Demand(bool good, string fault, List<string> faults)
    {
        if (!good)
        {
            faults.Add(fault);
        }
    }

    [GeneratedRegex("^\\d+(\\.\\d+)*$")]
    private static partial Regex SchemaVersion();

    [GeneratedRegex("^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$")]
    private static partial Regex ZoneOffset();

    [GeneratedRegex("^[A-Z0-9]{2,3}$")]
    private static partial Regex Unit();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]+$")]
    private static partial Regex Address();

    [GeneratedRegex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$")]
    private static partial Regex Moment();
}
