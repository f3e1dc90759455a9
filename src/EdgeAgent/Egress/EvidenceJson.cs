using System.Buffers;
using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Egress;

/// <summary>
/// One decision of a gate as JSON for the people at the box. Holds EPCs, so it stays on the box; names no visit, so that no item is tied to a person.
/// </summary>
internal static class EvidenceJson
{
    private static readonly JsonWriterOptions s_options = new() { SkipValidation = false };

    /// <summary>Null when the event is no decision of a gate.</summary>
    /// <param name="gtin">GTIN of an EPC, null for what is no trade item.</param>
    public static byte[]? Of(ShopEvent happened, Guid? id, Func<Epc, string?> gtin)
    {
        (string decision, GateEvidence? evidence) = happened switch
        {
            ShopEvent.ExitSettled e => ("settled", e.Evidence),
            ShopEvent.ExitHeld e => ("held", e.Evidence),
            ShopEvent.ExitCorrected e => ("corrected", e.Evidence ?? new GateEvidence(e.Decision.Passage, [], [], 0, [])),
            ShopEvent.ExitObserved e => ("observed", e.Evidence),
            ShopEvent.TagsStrayed e => ("strayed", e.Evidence),
            _ => ("", null),
        };
        OpenDecision? made = OpenDecision.Of(happened);
        if (evidence is null)
        {
            return null;
        }
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            if (id is Guid known)
            {
                json.WriteString("event"u8, known);
            }
            json.WriteString("decision"u8, decision);
            json.WriteString("at"u8, Time(happened.At));
            json.WriteString("gate"u8, evidence.Passage.Gate);
            GatePassage passage = happened is ShopEvent.ExitObserved observed ? observed.Passage : evidence.Passage;
            WriteNullable(json, "direction"u8, passage.Direction is CrossingDirection way ? Word(way.ToString()) : null);
            json.WriteString("from"u8, Time(passage.From));
            json.WriteString("to"u8, Time(passage.To));
            json.WriteString("lateUntil"u8, Time(passage.LateUntil));
            json.WriteStartArray("reasons"u8);
            foreach (HoldReason reason in made?.Reasons ?? [])
            {
                json.WriteStringValue(Word(reason.ToString()));
            }
            json.WriteEndArray();
            if (made is not null)
            {
                json.WriteString("settlementKey"u8, made.Key);
                json.WriteNumber("p"u8, made.P);
                json.WriteNumber("candidates"u8, made.Candidates);
                json.WriteNumber("total"u8, made.Total);
                WriteItems(json, "items"u8, made.Items);
                WriteBill(json, happened);
            }
            if (happened is ShopEvent.ExitCorrected corrected)
            {
                json.WriteNumber("revision"u8, corrected.Decision.Revision);
                json.WriteString("why"u8, Word(corrected.Why.ToString()));
                WriteItems(json, "added"u8, corrected.Added);
                WriteItems(json, "removed"u8, corrected.Removed);
                WriteItems(json, "broughtBack"u8, corrected.BroughtBack);
                json.WriteNumber("worth"u8, corrected.Worth);
            }
            WriteSeen(json, evidence);
            json.WriteStartArray("tags"u8);
            foreach (TagEvidence tag in evidence.Tags)
            {
                WriteTag(json, tag, gtin(tag.Epc));
            }
            json.WriteEndArray();
            json.WriteNumber("tagsNotKept"u8, evidence.NotKept);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSeen(Utf8JsonWriter json, GateEvidence evidence)
    {
        json.WriteStartArray("eye"u8);
        foreach (EyeEdge edge in evidence.Eye)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, Time(edge.At));
            json.WriteBoolean("broken"u8, edge.Broken);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("crossings"u8);
        foreach (CrossingConsidered crossing in evidence.Crossings)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, Time(crossing.At));
            json.WriteString("line"u8, crossing.Line);
            json.WriteString("way"u8, Word(crossing.Way.ToString()));
            json.WriteBoolean("visitKnown"u8, crossing.Visit is not null);
            json.WriteNumber("p"u8, crossing.P);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("unseenP"u8, evidence.Unseen);
    }

    private static void WriteItems(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<BagItem> items)
    {
        json.WriteStartArray(name);
        foreach (BagItem item in items)
        {
            json.WriteStartObject();
            json.WriteString("epc"u8, item.Epc.ToHex());
            WriteNullable(json, "gtin"u8, item.Identity.Gtin);
            if (item.Price is long price)
            {
                json.WriteNumber("price"u8, price);
            }
            else
            {
                json.WriteNull("price"u8);
            }
            json.WriteNumber("p"u8, item.P);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteBill(Utf8JsonWriter json, ShopEvent happened)
    {
        (Bill bill, Payment? payment) = happened switch
        {
            ShopEvent.ExitSettled e => (e.Bill, e.Payment),
            ShopEvent.ExitHeld e => (e.Bill, e.Payment),
            ShopEvent.ExitCorrected e => (e.Bill, e.Decision.Payment),
            _ => (Bill.Empty, null),
        };
        json.WriteStartArray("lines"u8);
        foreach (BillLine line in bill.Lines)
        {
            json.WriteStartObject();
            json.WriteString("gtin"u8, line.Gtin);
            json.WriteNumber("quantity"u8, line.Quantity);
            json.WriteNumber("gross"u8, line.Gross);
            json.WriteStartObject("discounts"u8);
            foreach (BillDiscount discount in line.Discounts)
            {
                json.WriteNumber(discount.Promotion, discount.Amount);
            }
            json.WriteEndObject();
            json.WriteNumber("net"u8, line.Net);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (payment is not null)
        {
            json.WriteString("payment"u8, Word(payment.Method.ToString()));
            json.WriteNumber("due"u8, payment.Due);
            json.WriteNumber("prepaid"u8, payment.Prepaid);
            json.WriteNumber("refund"u8, payment.Refund);
        }
    }

    private static void WriteTag(Utf8JsonWriter json, TagEvidence tag, string? gtin)
    {
        json.WriteStartObject();
        json.WriteString("epc"u8, tag.Epc.ToHex());
        WriteNullable(json, "gtin"u8, gtin);
        json.WriteString("verdict"u8, Word(tag.Verdict.ToString()));
        json.WriteString("why"u8, Word(tag.Why.ToString()));
        json.WriteString("atGate"u8, Time(tag.AtGate));
        json.WriteNumber("order"u8, tag.Order);
        json.WriteNumber("surety"u8, tag.Surety);
        if (tag.StandingDbm is float level)
        {
            json.WriteNumber("standing"u8, Math.Round(level, 1));
        }
        if (tag.Duplicate)
        {
            json.WriteBoolean("duplicate"u8, true);
        }
        WriteZone(json, "inside"u8, tag.Inside);
        WriteZone(json, "gate"u8, tag.Gate);
        WriteZone(json, "outside"u8, tag.Outside);
        json.WriteEndObject();
    }

    private static void WriteZone(Utf8JsonWriter json, ReadOnlySpan<byte> name, in ZoneEvidence zone)
    {
        if (zone.Reads == 0)
        {
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("reads"u8, zone.Reads);
        json.WriteNumber("peak"u8, Math.Round(zone.Peak, 1));
        json.WriteString("first"u8, Time(zone.First));
        json.WriteString("last"u8, Time(zone.Last));
        json.WriteEndObject();
    }

    private static void WriteNullable(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, value);
        }
    }

    internal static string Word(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
