using System.Text.Json.Nodes;

namespace EdgeAgent.Core.Tests.Config;

/// <summary>Cabinets and fitting rooms.</summary>
public partial class ConfigReaderTests
{
    private const string Wired = """
        "id":"fridge","door":{"reader":"reader","port":3},"antennas":[{"reader":"reader","antenna":1}]
        """;

    [Theory]
    [InlineData("settleSeconds", 2, 30)]
    [InlineData("openSeconds", 5, 3600)]
    [InlineData("quietSeconds", 1, 60)]
    public void Cabinet_times_have_ranges(string key, double lowest, double highest)
    {
        Good(Smallest, With(lowest));
        Good(Smallest, With(highest));
        Wrong(Smallest, With(lowest - 0.5), [$"$.cabinets[0].{key} out-of-range"]);
        Wrong(Smallest, With(highest + 1), [$"$.cabinets[0].{key} out-of-range"]);

        Action<JsonNode> With(double value) => Cabinets(FormattableString.Invariant($"{{{Wired},\"{key}\":{value}}}"));
    }

    [Theory]
    [InlineData("""{"id":"fridge","zone":null}""", "$.cabinets[0] missing", "$.cabinets[0].door missing")]
    [InlineData("""{"id":"Fridge 1","door":{"reader":"reader","port":3},"antennas":[{"reader":"reader","antenna":1}]}""", "$.cabinets[0].id bad-value")]
    [InlineData("""{"id":"fridge","door":{"reader":"nobody","port":17},"antennas":[{"reader":"reader","antenna":1}]}""", "$.cabinets[0].door.port out-of-range", "$.cabinets[0].door.reader dangling")]
    [InlineData("""{"id":"fridge","door":{"reader":"reader","port":3},"antennas":[{"reader":"reader","antenna":77},{"reader":"nobody","antenna":1}]}""", "$.cabinets[0].antennas[0].antenna dangling", "$.cabinets[0].antennas[1].reader dangling")]
    [InlineData("""{"id":"fridge","door":{"reader":"reader","port":3},"regions":["nowhere"],"zone":"nowhere"}""", "$.cabinets[0].regions[0] dangling", "$.cabinets[0].zone dangling")]
    [InlineData("""{"id":"fridge","door":{"reader":"reader","port":3},"antennas":[{"reader":"reader","antenna":1}],"goods":["123"]}""", "$.cabinets[0].goods[0] bad-value")]
    [InlineData("""{"id":"fridge","door":{"reader":"reader","port":3},"scale":{"weights":[{"gtin":"04006381333931","grams":0}],"toleranceGrams":0}}""",
        "$.cabinets[0].scale.toleranceGrams out-of-range", "$.cabinets[0].scale.weights[0].grams out-of-range")]
    public void Cabinet_that_cannot_be_is_refused(string cabinet, params string[] errors) => Wrong(Smallest, Cabinets(cabinet), errors);

    [Fact]
    public void Two_cabinets_share_no_door_and_no_antenna() => Wrong(
        Smallest, Cabinets($"{{{Wired}}}", $"{{{Wired.Replace("fridge", "other", StringComparison.Ordinal)}}}"), ["$.cabinets duplicate", "$.cabinets duplicate"]);

    [Theory]
    [InlineData("10.0.0.8")]
    [InlineData("tcp://10.0.0.8:4305")]
    [InlineData("mt-sics://")]
    [InlineData("mt-sics://10.0.0.8/fridge")]
    public void Scale_has_an_address_that_is_one(string source) => Wrong(
        Smallest, Cabinets("""{"id":"fridge","door":{"reader":"reader","port":3},"scale":{"source":"ADDRESS","weights":[]}}""".Replace("ADDRESS", source, StringComparison.Ordinal)), ["$.cabinets[0].scale.source bad-value"]);

    [Fact]
    public void A_running_agent_needs_the_address_of_a_scale()
    {
        EdgeAgent.Core.Config.DeviceConfig config = Good(Smallest, Cabinets("""{"id":"fridge","door":{"reader":"reader","port":3},"scale":{"weights":[]}}"""));
        Good(Smallest, Cabinets("""{"id":"fridge","door":{"reader":"reader","port":3},"scale":{"source":"mt-sics://10.0.0.8:4305","weights":[]}}"""));
        var errors = new List<EdgeAgent.Core.Config.ConfigError>();
        EdgeAgent.Core.Config.LiveRules.Check(config, errors);
        Assert.Contains(errors, e => e is { Path: "$.cabinets[0].scale.source", Code: "missing" });
    }

    [Fact]
    public void No_camera_looks_into_a_fitting_room()
    {
        Good(Smallest, Room("""{"id":"room-1","antennas":[{"reader":"reader","antenna":1}]}"""));
        Wrong(Smallest, Room("""{"id":"room-1","antennas":[{"reader":"reader","antenna":1}]}""") + (root => root["cameras"]![0]!["zones"] = JsonNode.Parse(
            """[{"id":"room-1","area":[[0,0],[1,0],[1,1]]}]""")), ["$.fittingRooms[0].id bad-value"]);
        Wrong(Smallest, Room("""{"id":"cam","antennas":[{"reader":"reader","antenna":1}]}""") + (root => root["cameras"]![0]!["id"] = "cam"), ["$.fittingRooms[0].id bad-value"]);
    }

    [Theory]
    [InlineData("triedSeconds", 2, 600)]
    [InlineData("emptySeconds", 2, 300)]
    [InlineData("alwaysMinutes", 5, 1440)]
    public void Fitting_room_times_have_ranges(string key, double lowest, double highest)
    {
        Good(Smallest, With(lowest));
        Good(Smallest, With(highest));
        Wrong(Smallest, With(lowest - 1), [$"$.fittingRooms[0].{key} out-of-range"]);
        Wrong(Smallest, With(highest + 1), [$"$.fittingRooms[0].{key} out-of-range"]);

        Action<JsonNode> With(double value) => Room(FormattableString.Invariant($"{{\"id\":\"room-1\",\"antennas\":[{{\"reader\":\"reader\",\"antenna\":1}}],\"{key}\":{value}}}"));
    }

    private static Action<JsonNode> Cabinets(params string[] cabinets) => root => root["cabinets"] = JsonNode.Parse($"[{string.Join(',', cabinets)}]");

    private static Action<JsonNode> Room(string room) => root => root["fittingRooms"] = JsonNode.Parse($"[{room}]");
}
