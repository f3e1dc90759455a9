using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>Persona and garments are matched in the box: five items and a scene leave, and nothing of what was asked.</summary>
public sealed class SceneTests
{
    private static readonly ScenesConfig s_scenes = new(
        [
            new("coat-01", ["winter", "wool", "classic"]), new("scarf-02", ["winter", "wool"]), new("boots-03", ["winter", "rain", "outdoor"]), new("hat-04", ["summer", "beach"]),
            new("shirt-05", ["classic", "office"]), new("dress-06", ["summer", "classic"]), new("jumper-07", ["winter", "classic"]), new("parka-08", ["winter", "outdoor"]),
        ],
        [new("city-winter", ["winter", "classic"]), new("beach-day", ["summer", "beach"])]);

    private static readonly string[] s_persona = ["classic", "winter", "p-quiet-shopper"];

    [Fact]
    public void Five_items_that_share_most_with_the_persona_come_first_the_same_each_time()
    {
        (string scene, IReadOnlyList<string> items) = SceneMatcher.Match(s_scenes, s_persona)!.Value;

        Assert.Equal("city-winter", scene);
        Assert.Equal(["jumper-07", "coat-01", "scarf-02", "shirt-05", "dress-06"], items);
        Assert.Equal(items, SceneMatcher.Match(s_scenes, [.. s_persona.Reverse()])!.Value.Items);
        Assert.Null(SceneMatcher.Match(s_scenes, ["unheard-of"]));
    }

    [Fact]
    public void The_event_holds_five_item_ids_and_the_scene_and_nothing_of_the_question()
    {
        DeviceConfig config = Some.Config with { Scenes = s_scenes };
        var floor = new ShopFloor(config, Stock.Identify, Some.Random(1));
        var events = new List<ShopEvent>();
        floor.On(new ShopInput.SceneAsked(Shop.At(1), s_persona), events);
        floor.On(new ShopInput.SceneAsked(Shop.At(2), ["unheard-of"]), events);

        var gate = new PrivacyGate(config, new EgressContext(1, "none", () => "replay"), Some.Random(2));
        EgressEvent leaving = gate.TryAdmit(Assert.Single(events), out _)!;

        Assert.Equal((1, "evt/scene/city-winter"), (floor.StrayInputs, leaving.Topic));
        Assert.Equal(
            """{"scene":"city-winter","items":["jumper-07","coat-01","scarf-02","shirt-05","dress-06"]}""", JsonDocument.Parse(leaving.Envelope).RootElement.GetProperty("data").GetRawText());
        Assert.DoesNotContain("quiet-shopper", System.Text.Encoding.UTF8.GetString(leaving.Envelope.Span), StringComparison.Ordinal);
    }
}
