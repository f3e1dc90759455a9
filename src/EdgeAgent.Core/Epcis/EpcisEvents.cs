using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Core.Epcis;

/// <summary>
/// What left the box, in the words of GS1 EPCIS 2.0 and CBV 2.0 (JSON-LD). The box tells GTINs and day pseudonyms but no serial numbers, so items
/// are counted by class: <c>quantityList</c>, never <c>epcList</c>. Only what happened is told; a bag or a use that is held has happened to nobody yet.
/// </summary>
public sealed class EpcisEvents(EpcisPlaces places)
{
    private const string Context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _sales = new(StringComparer.Ordinal);
    private readonly JsonArray _events = [];
    private string _newest = "1970-01-01T00:00:00.000Z";

    /// <summary>How many events were written.</summary>
    public int Count => _events.Count;

    /// <summary>Envelopes of kinds that EPCIS has no words for, or of nothing that happened: held bags, visits, states.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Takes an envelope; the same one twice counts once.</summary>
    /// <exception cref="FormatException">It is no event of a box, or a member is missing.</exception>
    public void Add(JsonElement envelope)
    {
        try
        {
            var happened = new Happened(
                Text(envelope, "id"), Text(envelope, "source"), Text(envelope, "type"), Text(envelope, "time"), Text(envelope, "subject"), envelope.GetProperty("data"));
            if (happened.Source.Count(c => c == '/') != 3)
            {
                throw new FormatException($"its source '{happened.Source}' is not /tenant/store/box.");
            }
            if (_seen.Add(happened.Id) && !Tell(happened))
            {
                LeftOut++;
            }
            _newest = string.CompareOrdinal(happened.Time, _newest) > 0 ? happened.Time : _newest;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("it is no event of a box: a member is missing or of another kind.");
        }
    }

    /// <summary>The whole document. Made of the events alone: the same recording gives the same bytes.</summary>
    public JsonObject Document() => new()
    {
        ["@context"] = new JsonArray(Context, new JsonObject { ["sst"] = "urn:sst:epcis:" }),
        ["type"] = "EPCISDocument",
        ["schemaVersion"] = "2.0",
        ["creationDate"] = _newest,
        ["epcisBody"] = new JsonObject { ["eventList"] = _events.DeepClone() },
    };

    private bool Tell(Happened happened) => happened.Type switch
    {
        "sst.exit.observed.v1" => Write(Observed(happened)),
        "sst.exit.settled.v1" => Sold(happened),
        "sst.exit.corrected.v1" => Corrected(happened),
        "sst.shelf.session.v1" => Used(happened),
        _ => false,
    };

    private JsonObject? Observed(Happened happened)
    {
        JsonObject? observed = Event(happened, "ObjectEvent", "OBSERVE", "entering_exiting", "in_progress", happened.Window, happened.Data.GetProperty("items"));
        if (observed is not null && happened.Data.GetProperty("direction").GetString() is string direction)
        {
            observed["sst:direction"] = direction;
        }
        return observed;
    }

    private bool Sold(Happened happened)
    {
        JsonObject? sale = Transaction(happened, "ADD", "retail_sold", happened.Data.GetProperty("items"));
        if (sale is not null)
        {
            _sales[happened.Id] = sale;
        }
        return Write(sale);
    }

    /// <summary>
    /// What was added is sold, what was taken out is not. A sale of which nothing is left, and of which nothing came back, did not occur, unless a
    /// correction of it was told before: then the sale stands, and the rest is taken out of it, so that what was added and taken out is what is sold.
    /// </summary>
    private bool Corrected(Happened happened)
    {
        JsonElement data = happened.Data;
        if (Text(data.GetProperty("attribution"), "decision") != "settle")
        {
            return false;
        }
        JsonElement removed = data.GetProperty("removed");
        if (_sales.Remove(Text(data, "corrects"), out JsonObject? sale) && data.GetProperty("items").GetArrayLength() == 0 && Text(data, "why") != "returned")
        {
            JsonObject wrong = sale.DeepClone().AsObject();
            wrong["recordTime"] = happened.Time;
            wrong["errorDeclaration"] = new JsonObject { ["declarationTime"] = happened.Time, ["reason"] = "did_not_occur" };
            return Write(wrong);
        }
        JsonObject? back = Transaction(happened, "DELETE", "sellable_accessible", removed);
        bool told = Write(back);
        return Write(Transaction(happened, "ADD", "retail_sold", data.GetProperty("added"), second: told)) || told;
    }

    /// <summary>Goods taken from a shelf are not sold yet: they are picked. A use that is held is left out.</summary>
    private bool Used(Happened happened)
    {
        if (Text(happened.Data, "decision") != "certain")
        {
            return false;
        }
        string closed = Text(happened.Data, "closedAt");
        bool told = Write(Event(happened, "ObjectEvent", "OBSERVE", "picking", "in_progress", closed, happened.Data.GetProperty("taken")));
        return Write(Event(happened, "ObjectEvent", "OBSERVE", "stocking", "sellable_accessible", closed, happened.Data.GetProperty("returned"), second: told)) || told;
    }

    private JsonObject? Transaction(Happened happened, string action, string disposition, JsonElement items, bool second = false)
    {
        JsonObject? sale = Event(happened, "TransactionEvent", action, "retail_selling", disposition, happened.Window, items, second);
        if (sale is not null)
        {
            sale["bizTransactionList"] = new JsonArray(new JsonObject { ["type"] = "inv", ["bizTransaction"] = "urn:sst:settlement:" + Text(happened.Data, "settlementKey") });
        }
        return sale;
    }

    /// <summary>Null when there is no item with a GTIN.</summary>
    /// <param name="second">The second event of one envelope needs a name of its own.</param>
    private JsonObject? Event(Happened happened, string type, string action, string step, string disposition, string time, JsonElement items, bool second = false)
    {
        var pieces = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonElement item in items.EnumerateArray())
        {
            if (item.GetProperty("gtin").GetString() is string gtin)
            {
                pieces[gtin] = pieces.GetValueOrDefault(gtin) + item.GetProperty("quantity").GetInt32();
            }
        }
        return pieces.Count == 0 ? null : new JsonObject
        {
            ["type"] = type,
            ["eventID"] = second ? $"urn:sst:event:{happened.Id}:2" : "urn:uuid:" + happened.Id,
            ["eventTime"] = time,
            ["recordTime"] = happened.Time,
            ["eventTimeZoneOffset"] = places.ZoneOffset,
            ["action"] = action,
            ["bizStep"] = step,
            ["disposition"] = disposition,
            ["quantityList"] = new JsonArray([.. pieces.Select(p => new JsonObject
            {
                ["epcClass"] = $"https://{DigitalLinkUri.CanonicalHost}/01/{p.Key}", ["quantity"] = p.Value,
            })]),
            ["readPoint"] = new JsonObject { ["id"] = places.ReadPoint(happened.Source, happened.Subject) },
            ["bizLocation"] = new JsonObject { ["id"] = places.Store(happened.Source) },
        };
    }

    private bool Write(JsonObject? happened)
    {
        if (happened is not null)
        {
            _events.Add(happened);
        }
        return happened is not null;
    }

    private static string Text(JsonElement parent, string key) => parent.GetProperty(key).GetString() ?? throw new FormatException($"{key} is null.");

    private sealed record Happened(string Id, string Source, string Type, string Time, string Subject, JsonElement Data)
    {
        /// <summary>When the passage was over.</summary>
        public string Window => Text(Data.GetProperty("window"), "to");
    }
}
