using System.Text;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

public class GateSceneFileTests
{
    private const string Smallest =
        """{"story":"s","seconds":5,"readers":[{"id":"r","antennas":[{"id":1,"zone":"gate","at":[0,0,1],"towards":[1,0,0]}]}],"lanes":[{"id":"gate-1"}]MORE}""";

    [Fact]
    public void The_smallest_scene_is_read()
    {
        GateScene scene = Read("");

        Assert.Equal("s", scene.Story);
        Assert.Equal(new Place(0, 0, 1), scene.Readers[0].Antennas[0].At);
    }

    [Theory]
    [InlineData(""","walker":[]""", "$.walker: this key is not known here.")]
    [InlineData(""","walkers":[{"id":"a","startSeconds":1,"path":[{"x":0,"y":1,"z":2}]}]""", "$.walkers[0].path[0].z: this key is not known here.")]
    [InlineData(""","walkers":[{"id":"a","path":[]}]""", "startSeconds")]
    [InlineData(""","walkers":[{"id":"a","startSeconds":1,"path":[]}]""", "$.walkers[0].path: a path has at least one waypoint.")]
    [InlineData(""","walkers":[{"id":"a","startSeconds":1,"path":[{"x":0,"y":0}],"items":[{"placement":"pocket","epc":"30"}]}]""", "$.walkers[0].items[0].placement")]
    [InlineData(""","walkers":[{"id":"a","startSeconds":1,"path":[{"x":0,"y":0}],"items":[{"gtin":"00614141000013"}]}]""", "check digit of 00614141000013 must be 2")]
    [InlineData(""","eyes":[{"reader":"q","port":1,"lane":"gate-1"}]""", "$.eyes[0].reader: there is no reader \"q\" in the scene.")]
    [InlineData(""","wire":{"faults":[{"atSeconds":1,"kind":"explode"}]}""", "$.wire.faults[0].kind")]
    [InlineData(""","truth":[{"walker":"a","lane":"gate-1","kind":"left","items":1}]""", "$.truth: the walkers do []")]
    public void A_wrong_scene_is_refused_with_the_place_of_the_error(string more, string expected)
    {
        SceneFileException error = Assert.Throws<SceneFileException>(() => Read(more));

        Assert.StartsWith("scene.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_values_are_named_at_once()
    {
        SceneFileException error = Assert.Throws<SceneFileException>(() => Read(
            ""","seed":2,"walkers":[{"id":"A b","startSeconds":-1,"speed":99,"path":[{"x":0,"y":0}]}]"""));

        Assert.Equal(3, error.Message.Split('\n').Length);
    }

    [Fact]
    public void A_scene_written_and_read_again_plays_alike()
    {
        GateScene scene = RandomPassages.Make(seed: 11, count: 3);

        GateScene again = GateSceneFile.Read(Encoding.UTF8.GetBytes(GateSceneFile.Write(scene)), "again");

        Assert.Equal(new GateSimulation(scene).Signals(), new GateSimulation(again).Signals());
    }

    [Fact]
    public void The_example_of_the_documentation_is_a_scene()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "simulator.md"));
        int begin = page.IndexOf("```json\n", StringComparison.Ordinal) + 8;

        GateScene scene = GateSceneFile.Read(Encoding.UTF8.GetBytes(page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)]), "docs/simulator.md");

        Assert.NotEmpty(GateTruth.Of(scene).Bags);
    }

    [Fact]
    public void Scenes_one_to_twenty_five_are_there_and_say_what_should_come_of_them()
    {
        IReadOnlyDictionary<string, GateScene> scenes = GateScenes.All();

        Assert.Equal(Enumerable.Range(1, 25).Select(i => $"g{i:00}"), scenes.Keys.Select(k => k[..3]));
        Assert.All(scenes.Values, scene => Assert.True(scene.Story.EndsWith('.') && scene.Expect.EndsWith('.') && scene.Truth is not null));
    }

    [Fact]
    public void The_odd_codes_of_scene_22_and_23_are_what_they_are_said_to_be()
    {
        Epc[] odd = [.. GateTruth.Of(GateScenes.Named("g22")).Passages.Single() is var p ? p.Epcs.Concat(p.Foreign) : []];

        Assert.Equal(
            [EpcKind.TradeItem, EpcKind.TradeItem, EpcKind.Unprogrammed, EpcKind.Unprogrammed, EpcKind.OtherScheme],
            odd.Select(e => EpcIdentity.Identify(e).Kind));
        Assert.Equal("32a/b", EpcIdentity.Identify(odd[0]).Serial);
        Assert.Equal(112, GateTruth.Of(GateScenes.Named("g23")).Bags.Single().Epcs.Single().Bits);
    }

    private static GateScene Read(string more) => GateSceneFile.Read(Encoding.UTF8.GetBytes(Smallest.Replace("MORE", more, StringComparison.Ordinal)), "scene.json");

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "EdgeAgent.sln")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }
}
