using System.Text;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Config;

/// <summary>What may stand in the configuration about counting people.</summary>
public class PeopleRulesTests
{
    [Theory]
    [InlineData("""[[0.1,0.5],[0.5,0.5],[0.9,0.5],[0.5,0.9]]""", "[[0,0],[6,0],[6,8],[0,8]]", "three of the four places in image lie on one line")]
    [InlineData("""[[0.1,0.4],[0.9,0.4],[0.9,0.9],[0.1,0.9]]""", "[[0,0],[6,8],[6,0],[0,8]]", "three of the four places in metres lie on one line, or the four are not named in order")]
    [InlineData("""[[0.1,0.4],[0.9,0.4],[0.9,0.9]]""", "[[0,0],[6,0],[6,8],[0,8]]", "four places are needed, in the picture and on the floor, not 3 and 4")]
    public void Floor_that_makes_no_map_is_refused_with_what_to_do(string image, string metres, string expected)
    {
        ConfigError error = Assert.Single(Read($$""", "floor": { "image": {{image}}, "metres": {{metres}} }""", ""));

        Assert.Equal("$.cameras[0].floor", error.Path);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Floor_in_order_is_taken() =>
        Assert.Empty(Read(""", "floor": { "image": [[0.1,0.4],[0.9,0.4],[0.9,0.9],[0.1,0.9]], "metres": [[0,0],[-6,0],[-6,8],[0,8]] }""", ""));

    [Fact]
    public void Every_number_of_visits_has_its_range() =>
        Assert.Equal(
            ["turnBackSeconds", "zoneSeconds", "staffSeconds", "partySeconds", "partyMetres", "updateSeconds", "observeSeconds", "minCount"],
            Read("", """
                , "visits": { "turnBackSeconds": -1, "zoneSeconds": 11, "staffSeconds": 0, "partySeconds": 31, "partyMetres": 0, "updateSeconds": -1, "observeSeconds": 0, "minCount": 101 }
                """).Select(e => e.Path["$.visits.".Length..]));

    [Fact]
    public void Faint_must_lie_below_the_threshold() =>
        Assert.Equal("$.models.faintThreshold", Assert.Single(Read("", """, "models": { "peopleThreshold": 0.3, "faintThreshold": 0.4 }""")).Path);

    private static IReadOnlyList<ConfigError> Read(string camera, string config) => ConfigReader.Read(Encoding.UTF8.GetBytes($$"""
        { "version": 1, "store": { "tenant": "acme", "store": "s1", "box": "b1" },
          "cameras": [ { "id": "cam", "source": "clip:a.mp4" {{camera}} } ], "readers": [], "gates": [],
          "checkout": { "currency": "EUR", "priceBook": [] } {{config}} }
        """)).Errors;
}
