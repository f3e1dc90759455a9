using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Epcis;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Epcis;

/// <summary>What left the box as EPCIS 2.0, held against the rules of its schema; those are held against documents that are known to be right.</summary>
public class EpcisTests
{
    private const string Gln = "0614141123452";

    private static readonly string s_cola = "https://id.gs1.org/01/" + Stock.GtinOf("cola");

    [Fact]
    public void A_day_of_exits_keeps_the_rules()
    {
        JsonElement document = Of(Envelopes(
            Shop.Open().PersonWalks("anna", "entrance", "exit", at: 1, takes: 5).TagPasses("cola", at: 5.5).TagPasses("cola#2", at: 5.5).TagPasses("milk", at: 5.6)
                .TagPasses("tea", at: 30).After(60.Seconds()).Close().Events));

        Assert.Empty(EpcisRules.Faults(document));
        JsonElement[] events = Events(document);
        Assert.Equal(["OBSERVE entering_exiting in_progress", "ADD retail_selling retail_sold", "OBSERVE entering_exiting in_progress"], events.Select(Words));
        Assert.Equal(2, events[1].GetProperty("quantityList").EnumerateArray().Single(q => q.GetProperty("epcClass").GetString() == s_cola).GetProperty("quantity").GetInt32());
        Assert.Equal($"https://id.gs1.org/414/{Gln}/254/front", events[0].GetProperty("readPoint").GetProperty("id").GetString());
    }

    [Fact]
    public void An_event_that_came_twice_is_told_once_and_the_document_is_the_same_again()
    {
        List<JsonElement> day = Envelopes(Shop.Open().PersonWalks("anna", "entrance", "exit", at: 1, takes: 5).TagPasses("cola", at: 5.5).After(30.Seconds()).Events);
        Assert.Equal(Of(day).GetRawText(), Of([.. day, .. day]).GetRawText());
    }

    [Fact]
    public void A_use_of_a_fridge_is_picking_and_stocking()
    {
        CabinetItem cola = new(Stock.GtinOf("cola"), Stock.Tag("cola"), "1", 1, CabinetWitness.Both), tea = new(Stock.GtinOf("tea"), null, null, 2, CabinetWitness.Camera);
        JsonElement document = Of(Envelopes([new ShopEvent.CabinetUsed(Shop.At(30), "fridge", Shop.At(10), Shop.At(20), null, 1, [cola], [tea], [])]));

        Assert.Empty(EpcisRules.Faults(document));
        Assert.Equal(["OBSERVE picking in_progress", "OBSERVE stocking sellable_accessible"], Events(document).Select(Words));
        Assert.Equal(["2026-03-02T08:00:20.000Z", "2026-03-02T08:00:20.000Z"], Events(document).Select(e => e.GetProperty("eventTime").GetString()));
    }

    [Fact]
    public void What_is_held_or_has_no_words_in_EPCIS_is_left_out_and_counted()
    {
        var events = new EpcisEvents(new EpcisPlaces(null, "+00:00"));
        CabinetItem cola = new(Stock.GtinOf("cola"), Stock.Tag("cola"), "1", 1, CabinetWitness.Tag), unknown = new(null, null, null, 1, CabinetWitness.Camera);
        foreach (JsonElement envelope in Envelopes(
        [
            new ShopEvent.CabinetUsed(Shop.At(30), "fridge", Shop.At(10), Shop.At(20), null, 1, [cola], [], [CabinetReason.WeakRead]),
            new ShopEvent.CabinetUsed(Shop.At(31), "fridge", Shop.At(10), Shop.At(20), null, 1, [unknown], [], []),
            new ShopEvent.LineCrossed(Shop.At(32), "cam", "door", CrossingDirection.In, Shop.At(3)),
        ]))
        {
            events.Add(envelope);
        }
        Assert.Equal((0, 3), (events.Count, events.LeftOut));
    }

    [Fact]
    public void Corrections_take_back_and_add()
    {
        JsonElement document = Of([Decided("settled", 1, Items("cola", "milk")), Corrected(2, "returned", Items(), Items("milk"), Items("cola")), Corrected(3, "late-read", Items("tea"), Items(), Items("cola", "tea"))]);

        Assert.Empty(EpcisRules.Faults(document));
        Assert.Equal(["ADD retail_selling retail_sold", "DELETE retail_selling sellable_accessible", "ADD retail_selling retail_sold"], Events(document).Select(Words));
        Assert.Single(Events(document).Select(e => e.GetProperty("bizTransactionList")[0].GetProperty("bizTransaction").GetString()).Distinct());
    }

    [Fact]
    public void A_sale_of_goods_that_never_left_is_declared_an_error()
    {
        JsonElement document = Of([Decided("settled", 1, Items("cola")), Corrected(2, "still-inside", Items(), Items("cola"), Items())]);

        Assert.Empty(EpcisRules.Faults(document));
        Assert.Equal("did_not_occur", Events(document)[1].GetProperty("errorDeclaration").GetProperty("reason").GetString());
        Assert.Equal(Events(document)[0].GetProperty("eventID").GetString(), Events(document)[1].GetProperty("eventID").GetString());
    }

    [Theory]
    [InlineData("still-inside")]
    [InlineData("returned")]
    public void What_was_added_and_taken_out_is_what_is_sold(string why)
    {
        JsonElement document = Of(
        [
            Decided("settled", 1, Items("cola", "milk")), Corrected(2, "late-read", Items("tea"), Items(), Items("cola", "milk", "tea")), Corrected(3, why, Items(), Items("cola"), Items("milk", "tea")),
            Corrected(4, why, Items(), Items("milk", "tea"), Items()),
        ]);

        Assert.Empty(EpcisRules.Faults(document));
        Assert.Equal(["ADD", "ADD", "DELETE", "DELETE"], Events(document).Select(e => e.GetProperty("action").GetString()));
        Assert.DoesNotContain(Events(document), e => e.TryGetProperty("errorDeclaration", out _));
        var sold = Events(document).SelectMany(e => e.GetProperty("quantityList").EnumerateArray().Select(q => (
            Class: q.GetProperty("epcClass").GetString(), Pieces: q.GetProperty("quantity").GetInt32() * (e.GetProperty("action").GetString() == "DELETE" ? -1 : 1))));
        Assert.All(sold.GroupBy(s => s.Class), goods => Assert.Equal(0, goods.Sum(s => s.Pieces)));
    }

    [Fact]
    public void Corrections_of_a_held_bag_are_left_out() =>
        Assert.Empty(Events(Of([Decided("held", 1, Items("cola")), Corrected(2, "late-read", Items("tea"), Items(), Items("cola", "tea"), "hold")])));

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"id":"a","source":"/a/b/c","type":"sst.exit.observed.v1","time":"x","subject":"gate/1","data":{}}""")]
    [InlineData("""{"id":"a","source":"shop","type":"sst.exit.observed.v1","time":"x","subject":"gate/1","data":{}}""")]
    public void What_is_no_event_is_said_so(string json) =>
        Assert.Throws<FormatException>(() => new EpcisEvents(new EpcisPlaces(null, "+00:00")).Add(JsonElement.Parse(json)));

    [Fact]
    public void Places_without_a_number_have_names()
    {
        var places = new EpcisPlaces(null, "+01:00");
        Assert.Equal(("urn:sst:place:acme:s0042", "urn:sst:place:acme:s0042:b1:gate:front"), (places.Store("/acme/s0042/b1"), places.ReadPoint("/acme/s0042/b1", "gate/front")));
        Assert.All(["+14:01", "1:00", "+1:00", "+01:60", "01:00", ""], wrong => Assert.False(EpcisPlaces.IsZoneOffset(wrong)));
        Assert.All(["+14:00", "-03:30", "+00:00"], right => Assert.True(EpcisPlaces.IsZoneOffset(right)));
        Assert.Equal((true, false, false), (EpcisPlaces.IsGln(Gln), EpcisPlaces.IsGln("0614141123453"), EpcisPlaces.IsGln("614141123452")));
    }

    [SharedFact("vectors/gs1")]
    public void The_rules_take_documents_that_are_known_to_be_right()
    {
        JsonElement examples = JsonElement.Parse(File.ReadAllBytes(Shared.PathOf("vectors/gs1/epcis_examples.json"))).GetProperty("examples");
        Assert.Equal(4, examples.EnumerateObject().Count());
        Assert.All(examples.EnumerateObject(), example => Assert.Empty(EpcisRules.Faults(example.Value)));
    }

    [Theory]
    [InlineData("eventTimeZoneOffset", "\"+1:00\"")]
    [InlineData("eventTime", "\"today\"")]
    [InlineData("action", "\"SELL\"")]
    [InlineData("bizStep", "\"buying\"")]
    [InlineData("disposition", "\"gone\"")]
    [InlineData("eventID", "\"a b\"")]
    [InlineData("quantityList", """[{"epcClass":"00614141000012","quantity":1}]""")]
    [InlineData("quantityList", """[{"epcClass":"urn:a:b","quantity":"1"}]""")]
    [InlineData("quantityList", """[{"epcClass":"urn:a:b","quantity":1,"price":3}]""")]
    [InlineData("quantityList", "[]")]
    [InlineData("bizTransactionList", "[]")]
    [InlineData("bizTransactionList", """[{"type":"receipt","bizTransaction":"urn:a:b"}]""")]
    [InlineData("readPoint", "{}")]
    [InlineData("visit", "\"x\"")]
    [InlineData("type", "\"SaleEvent\"")]
    [InlineData("errorDeclaration", """{"reason":"did_not_occur"}""")]
    [InlineData("errorDeclaration", """{"declarationTime":"2026-03-02T08:00:20Z","reason":"oops"}""")]
    public void The_rules_find_what_is_wrong(string member, string value)
    {
        JsonNode document = JsonNode.Parse(Of([Decided("settled", 1, Items("cola"))]).GetRawText())!;
        Assert.Empty(EpcisRules.Faults(JsonElement.Parse(document.ToJsonString())));
        document["epcisBody"]!["eventList"]![0]![member] = JsonNode.Parse(value);
        Assert.NotEmpty(EpcisRules.Faults(JsonElement.Parse(document.ToJsonString())));
    }

    private static string Items(params string[] goods) =>
        $"[{string.Join(',', goods.Select(g => $$"""{"gtin":"{{Stock.GtinOf(g)}}","serialHash":"aaaaaaaaaaaaaaaa","quantity":1,"price":100,"p":0.9,"reads":5}"""))}]";

    private static JsonElement Decided(string decision, int number, string items) => JsonElement.Parse(
        $$"""{"id":"{{Id(number)}}","source":"/acme/s0042/b1","type":"sst.exit.{{decision}}.v1","time":"2026-03-02T08:00:1{{number}}.000Z","subject":"gate/front","data":{"settlementKey":"key","window":{"to":"2026-03-02T08:00:05.000Z"},"items":{{items}} } }""");

    private static JsonElement Corrected(int number, string why, string added, string removed, string items, string decision = "settle") => JsonElement.Parse(
        $$"""{"id":"{{Id(number)}}","source":"/acme/s0042/b1","type":"sst.exit.corrected.v1","time":"2026-03-02T08:00:1{{number}}.000Z","subject":"gate/front","data":{"settlementKey":"key","corrects":"{{Id(1)}}","revision":1,"why":"{{why}}","window":{"to":"2026-03-02T08:00:05.000Z"},"added":{{added}},"removed":{{removed}},"items":{{items}},"attribution":{"decision":"{{decision}}"} } }""");

    private static string Id(int number) => $"019b8d9e-0000-7000-8000-00000000000{number}";

    private static List<JsonElement> Envelopes(IEnumerable<ShopEvent> events)
    {
        var gate = new PrivacyGate(Some.Config, Some.Context, Some.Random(2));
        return [.. events.Where(e => e.LeavesBox).Select(e => JsonElement.Parse(gate.Admit(e).Envelope.Span))];
    }

    private static JsonElement Of(IEnumerable<JsonElement> envelopes)
    {
        var events = new EpcisEvents(new EpcisPlaces(Gln, "+01:00"));
        foreach (JsonElement envelope in envelopes)
        {
            events.Add(envelope);
        }
        return JsonElement.Parse(events.Document().ToJsonString());
    }

    private static JsonElement[] Events(JsonElement document) => [.. document.GetProperty("epcisBody").GetProperty("eventList").EnumerateArray()];

    private static string Words(JsonElement happened) =>
        $"{happened.GetProperty("action").GetString()} {happened.GetProperty("bizStep").GetString()} {happened.GetProperty("disposition").GetString()}";
}
