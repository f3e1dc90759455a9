using System.Text;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>Everything forbidden is pushed at every text of every message, at the place of every number, and beside them: nothing leaves, everything is counted.</summary>
public sealed class EgressFirewallTests
{
    private static readonly DeviceConfig s_config = Some.Config with
    {
        Scenes = new ScenesConfig([new("coat-01", ["winter"])], [new("city", ["winter"])]),
    };

    private static readonly byte[] s_vector = [.. Enumerable.Range(0, 128).SelectMany(i => BitConverter.GetBytes(MathF.Sin(i) / 8))];

    /// <summary>The kinds, each in forms that another part of the agent could have by mistake.</summary>
    public static readonly (string Kind, string Text)[] Forbidden =
    [
        ("image", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="), ("image", Convert.ToBase64String([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 74, 70, 73, 70, 0, 1, 1, 0, 0, 1])),
        ("vector", string.Join(',', Enumerable.Range(0, 128).Select(i => (Math.Sin(i) / 8).ToString("0.000000", System.Globalization.CultureInfo.InvariantCulture)))),
        ("base64", Convert.ToBase64String(s_vector)), ("base64", Convert.ToBase64String(s_vector.AsSpan(0, 33))), ("hex", Convert.ToHexStringLower(s_vector.AsSpan(0, 30))),
        ("name", "Eva Muster"), ("name", "eva-muster"), ("name", "Mustermann"), ("plate", "B-AB 1234"), ("plate", "b-ab1234"), ("epc", "3034257BF7194E4000001A85"), ("epc", "3034257bf7194e4000001a85"),
        ("epc", "urn:epc:id:sgtin:0614141.812345.6789"), ("text", "She took two and looked at the camera."), ("text", "likes-red-shoes"), ("text", "Ärger"),
    ];

    // What the box cannot tell from a right value, and why that is so. Kinds with a look of their own are refused here all the same.
    private static readonly Dictionary<string, string> s_excused = new()
    {
        ["requestId"] = "the sender's own word, given back to the sender alone",
        ["agent"] = "the version, fixed when the agent was built",
        ["cart"] = "the application's own word for a cart, given back to the application", ["mandate"] = "likewise, of a mandate that a trusted key signed",
        ["tax"] = "of the price list, signed by a trusted key or written on the box", ["promotion"] = "likewise",
        ["name"] = "of a model: whoever holds a trusted key wrote it", ["role"] = "likewise", ["kind"] = "likewise",
    };

    [Fact]
    public void The_control_every_right_message_of_every_kind_leaves()
    {
        var wall = new EgressFirewall(s_config, member => member == "cam");
        (string Topic, JsonNode Message)[] all = [.. SmuggledPayload.All()];

        Assert.True(all.Length >= 40, $"{all.Length} messages.");
        Assert.All(all, m => Assert.True(Look(wall, m.Topic, m.Message) is null, $"{m.Topic} {m.Message.ToJsonString()}: {Look(wall, m.Topic, m.Message)}"));
        Assert.Equal(0, wall.Health.Refused);
    }

    [Fact]
    public void Nothing_forbidden_leaves_in_any_text_of_any_message_and_each_try_is_counted()
    {
        var wall = new EgressFirewall(s_config, member => member == "cam");
        long tries = 0;
        var through = new List<string>();
        foreach ((string topic, JsonNode message) in SmuggledPayload.All())
        {
            foreach (string path in SmuggledPayload.Texts(message).Select(t => t.Path).ToList())
            {
                foreach ((string kind, string text) in Forbidden)
                {
                    JsonNode copy = message.DeepClone();
                    SmuggledPayload.Texts(copy).Single(t => t.Path == path).Put(text);
                    tries++;
                    if (Look(wall, topic, copy) is null)
                    {
                        through.Add($"{path[(path.LastIndexOf('.') + 1)..]}: {kind}");
                        tries--;
                    }
                }
            }
        }

        Assert.True(tries > 5000, $"{tries} tries.");
        Assert.All(through.Distinct(), found => Assert.Contains(found.Split(':')[0], s_excused.Keys));
        Assert.All(through.Where(found => found.Split(": ")[1] is "image" or "vector"), found => Assert.StartsWith("requestId", found, StringComparison.Ordinal));
        FirewallHealth health = wall.Health;
        Assert.Equal(tries, health.Refused);
        Assert.Equal(health.Refused, health.Images + health.Vectors + health.Encoded + health.Epcs + health.Names + health.Forms + health.Sizes);
        Assert.All(new[] { health.Images, health.Vectors, health.Encoded, health.Epcs, health.Names, health.Forms }, count => Assert.True(count > 100, health.ToString()));
    }

    [Fact]
    public void Nothing_leaves_beside_the_members_of_a_message_nor_in_their_names()
    {
        var wall = new EgressFirewall(s_config, _ => true);
        var vector = new JsonArray([.. Enumerable.Range(0, 9).Select(i => (JsonNode)(i / 10.0))]);
        foreach ((string topic, JsonNode message) in SmuggledPayload.All())
        {
            foreach (JsonObject place in Objects(message).ToList())
            {
                JsonNode number = place.FirstOrDefault(p => p.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number).Value ?? JsonValue.Create(1);
                foreach ((string name, JsonNode value) in new[] { ("note", (JsonNode)"x"), ("embedding", vector), ("Eva Muster", 1) })
                {
                    place[name] = value.DeepClone();
                    Assert.NotNull(Look(wall, topic, message));
                    place.Remove(name);
                }
                if (number.Parent is not null)
                {
                    string key = number.GetPropertyName();
                    place[key] = vector.DeepClone();
                    Assert.Equal(FirewallReason.Vector, Look(wall, topic, message));
                    place[key] = number.DeepClone();
                }
            }
        }
    }

    [Fact]
    public void A_message_that_is_too_long_or_of_no_known_topic_or_no_json_stays()
    {
        var wall = new EgressFirewall(s_config);
        (string topic, JsonNode message) = SmuggledPayload.All().First(m => m.Topic == "evt/visit/started");

        Assert.Equal(FirewallReason.Size, wall.Look(topic, Encoding.UTF8.GetBytes(message.ToJsonString() + new string(' ', 5000))));
        Assert.Equal(FirewallReason.Form, Look(wall, "evt/face/seen", message));
        Assert.Equal(FirewallReason.Form, wall.Look(topic, new byte[] { 0xFF, 0xD8, 0xFF }));
        Assert.Equal(FirewallReason.Form, wall.Look("evt/visit/ended", Encoding.UTF8.GetBytes(message.ToJsonString())));
    }

    [Fact]
    public void A_refused_event_uses_no_number_and_names_of_the_configuration_before_still_pass()
    {
        var gate = new PrivacyGate(s_config, new EgressContext(1, "none", () => "replay"), Some.Random(1));
        var smuggled = new ShopEvent.LineCrossed(Shop.At(1), "eva-muster", "door", CrossingDirection.In, Shop.At(1));
        var right = new ShopEvent.LineCrossed(Shop.At(1), "cam", "entrance", CrossingDirection.In, Shop.At(1));

        Assert.Null(gate.TryAdmit(smuggled, out FirewallReason? reason));
        Assert.Equal((FirewallReason.Name, 1L), (reason!.Value, gate.TryAdmit(right, out _)!.Seq));
        gate.Use(s_config with { Cameras = [] }, "none");
        Assert.Equal(2, gate.TryAdmit(right, out _)!.Seq);
        gate.Use(s_config with { Cameras = [] }, "none");
        Assert.Null(gate.TryAdmit(right, out _));
        Assert.Equal(2, gate.Firewall.Health.Names);
    }

    [Fact]
    public void A_member_whom_the_box_does_not_know_is_not_named()
    {
        var gate = new PrivacyGate(s_config, new EgressContext(1, "none", () => "replay") { IsMember = member => member == "m-1" }, Some.Random(1));

        Assert.Null(gate.TryAdmit(new ShopEvent.MemberArrived(Shop.At(1), "cam", new Core.Members.MemberRef("eva-muster")), out _));
        Assert.NotNull(gate.TryAdmit(new ShopEvent.MemberArrived(Shop.At(1), "cam", new Core.Members.MemberRef("m-1")), out _));
    }

    private static FirewallReason? Look(EgressFirewall wall, string topic, JsonNode message) => wall.Look(topic, Encoding.UTF8.GetBytes(message.ToJsonString()));

    private static IEnumerable<JsonObject> Objects(JsonNode node) => node switch
    {
        JsonObject owner => owner.Select(p => p.Value).OfType<JsonNode>().SelectMany(Objects).Prepend(owner),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Objects),
        _ => [],
    };
}
