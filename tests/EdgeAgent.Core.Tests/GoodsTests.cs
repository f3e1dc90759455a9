using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests;

/// <summary>Goods on trays and shelves, from the camera's word to the topic.</summary>
public class GoodsTests
{
    private const string Milk = "04006381333931";

    private static readonly DeviceConfig s_config = Some.Config with
    {
        Cameras =
        [
            Some.Config.Cameras[0] with
            {
                Regions =
                [
                    new RegionConfig("fridge", RegionKind.Shelf, [new(0, 0), new(1, 0), new(0, 1)]),
                    new RegionConfig("till", RegionKind.Tray, [new(0, 0), new(1, 0), new(0, 1)]),
                ],
            },
        ],
    };

    [Theory]
    [InlineData("fridge", GoodsMove.Taken, "evt/shelf/taken", "sst.shelf.taken.v1")]
    [InlineData("fridge", GoodsMove.Put, "evt/shelf/returned", "sst.shelf.returned.v1")]
    [InlineData("till", GoodsMove.Put, "evt/tray/put", "sst.tray.put.v1")]
    [InlineData("till", GoodsMove.Taken, "evt/tray/taken", "sst.tray.taken.v1")]
    public void Goods_that_move_are_said_on_the_topic_of_their_place(string region, GoodsMove move, string topic, string type)
    {
        EgressEvent e = Assert.Single(Said(new ShopInput.GoodsMoved(Shop.At(3), "cam", region, move, Milk, 0.87654)));

        Assert.Equal((topic, type, Lane.Observation, false), (e.Topic, e.Type, e.Lane, e.Retain));
        JsonElement data = Data(e);
        Assert.Equal(("cam", region, Milk), (data.GetProperty("camera").GetString(), data.GetProperty("region").GetString(), data.GetProperty("gtin").GetString()));
        Assert.Equal(0.877, data.GetProperty("score").GetDouble());
    }

    [Fact]
    public void An_unknown_product_has_no_gtin() =>
        Assert.Equal(
            JsonValueKind.Null,
            Data(Assert.Single(Said(new ShopInput.GoodsMoved(Shop.At(3), "cam", "till", GoodsMove.Put, null, 0.2)))).GetProperty("gtin").ValueKind);

    [Fact]
    public void A_scanned_code_says_its_gtin_and_a_pseudonym_of_its_serial()
    {
        var code = new ShopInput.CodeScanned(Shop.At(3), "cam", "till", Milk, "S-12345");
        List<EgressEvent> said = Said(code, code with { Serial = null }, code);

        Assert.All(said, e => Assert.Equal("evt/code/scanned", e.Topic));
        Assert.All(said, e => Assert.DoesNotContain("S-12345", System.Text.Encoding.UTF8.GetString(e.Envelope.Span), StringComparison.Ordinal));
        string? first = Data(said[0]).GetProperty("serialHash").GetString();
        Assert.Equal(16, first?.Length);
        Assert.Equal(first, Data(said[2]).GetProperty("serialHash").GetString());
        Assert.Equal(JsonValueKind.Null, Data(said[1]).GetProperty("serialHash").ValueKind);
    }

    [Fact]
    public void Goods_in_a_region_that_is_not_configured_are_counted_and_not_said()
    {
        var floor = new ShopFloor(s_config, Stock.Identify, Some.Random(1));
        var events = new List<ShopEvent>();
        floor.On(new ShopInput.GoodsMoved(Shop.At(3), "cam", "cellar", GoodsMove.Put, Milk, 0.9), events);
        floor.On(new ShopInput.CodeScanned(Shop.At(3), "door", "till", Milk, null), events);

        Assert.Empty(events);
        Assert.Equal(2, floor.StrayInputs);
    }

    [Theory]
    [InlineData("""{"gallery":"g"}""", "{}", "$.models.products")]
    [InlineData("{}", """{"products":"m"}""", "$.products.gallery")]
    [InlineData("""{"gallery":""}""", """{"products":"m"}""", "$.products.gallery")]
    [InlineData("""{"threshold":1.5}""", "{}", "$.products.threshold")]
    [InlineData("""{"margin":-0.1}""", "{}", "$.products.margin")]
    [InlineData("""{"galery":"g"}""", "{}", "$.products.galery")]
    public void A_wrong_setting_of_products_is_named_by_its_path(string products, string models, string path)
    {
        string json = $$"""
            {"version":1,"store":{"tenant":"t","store":"s","box":"b"},"cameras":[],"readers":[],"gates":[],
             "checkout":{"currency":"EUR","priceBook":[]},"models":{{models}},"products":{{products}}}
            """;
        (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = ConfigReader.Read(System.Text.Encoding.UTF8.GetBytes(json));

        Assert.Null(config);
        Assert.Contains(errors, e => e.Path == path);
    }

    private static List<EgressEvent> Said(params ShopInput[] inputs)
    {
        var floor = new ShopFloor(s_config, Stock.Identify, Some.Random(1));
        var gate = new PrivacyGate(s_config, Some.Context, Some.Random(2));
        var events = new List<ShopEvent>();
        foreach (ShopInput input in inputs)
        {
            floor.On(input, events);
        }
        return [.. events.Select(gate.Admit)];
    }

    private static JsonElement Data(EgressEvent e) => JsonDocument.Parse(e.Envelope).RootElement.GetProperty("data");
}
