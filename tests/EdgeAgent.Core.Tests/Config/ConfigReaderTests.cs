using System.Text;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Config;

public partial class ConfigReaderTests
{
    private const string Smallest = """
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s1", "box": "b1" },
          "cameras": [ { "id": "cam", "source": "clip:a.mp4", "doors": [ { "id": "door", "edge": "left" } ],
                         "lines": [ { "id": "line", "from": [0.1, 0.5], "to": [0.9, 0.5] } ] } ],
          "readers": [ { "id": "reader", "source": "llrp://10.0.0.2", "antennas": [ { "id": 1 } ] } ],
          "gates": [ { "id": "gate", "readers": ["reader"], "exits": ["door", "line"] } ],
          "checkout": { "currency": "EUR", "priceBook": [ { "gtin": "80614141123458", "price": 150 } ] }
        }
        """;

    [Fact]
    public void Smallest_document_is_read_and_omitted_keys_keep_their_defaults()
    {
        DeviceConfig config = Good(Smallest);

        Assert.Equal((10, 640, 5), (config.Cameras[0].Fps, config.Cameras[0].Width, config.Cameras[0].StallSeconds));
        Assert.Equal(DoorUse.Both, config.Cameras[0].Doors[0].Use);
        Assert.Equal(new Point(0.1f, 0.5f), config.Cameras[0].Lines[0].From);
        Assert.Equal(AntennaZone.Gate, config.Readers[0].Antennas[0].Zone);
        Assert.Equal((0.8, 10.0, 2, (double?)null, 30.0, 2.0, 2.5), (config.Gates[0].SettleSeconds, config.Gates[0].MaxWindowSeconds, config.Gates[0].MinReads,
            config.Gates[0].StrongRssiDbm, config.Gates[0].StaticSeconds, config.Gates[0].LateSeconds, config.Gates[0].CrossingSeconds));
        Assert.Equal(100, config.Checkout.RiskLimit);
        Assert.Equal((new ModelsConfig(), new VisitsConfig(), new OutboxConfig()), (config.Models, config.Visits, config.Outbox));
        Assert.Null(config.Broker);
    }

    [Fact]
    public void Half_written_section_keeps_the_other_defaults_of_that_section()
    {
        DeviceConfig config = Good(Smallest, root =>
        {
            root["visits"] = new JsonObject { ["confirmFrames"] = 9 };
            root["broker"] = new JsonObject { ["host"] = "localhost", ["tls"] = new JsonObject { ["caFile"] = "ca.pem" } };
        });

        Assert.Equal(new VisitsConfig(ConfirmFrames: 9, LostSeconds: 1.5, AbsentSeconds: 600), config.Visits);
        Assert.Equal(new BrokerConfig("localhost", 8883, new TlsConfig("ca.pem")), config.Broker);
    }

    [Fact]
    public void Optional_sections_and_lists_may_be_null()
    {
        DeviceConfig config = Good(Smallest, root =>
        {
            root["models"] = null;
            root["gates"]![0]!["exits"] = new JsonArray();
            root["cameras"]![0]!["doors"] = null;
            root["cameras"]![0]!["lines"] = null;
        });

        Assert.Equal(new ModelsConfig(), config.Models);
        Assert.Empty(config.Cameras[0].Doors);
    }

    [Fact]
    public void Faces_need_an_opt_in_zone_two_models_and_buttons_that_are_there() =>
        Wrong(Smallest, root => root["faces"] = new JsonObject
        {
            ["threshold"] = 0.1,
            ["gestureSeconds"] = 60,
            ["gestures"] = new JsonArray(new JsonObject { ["zone"] = "desk", ["reader"] = "nobody", ["port"] = 0 }),
        },
        [
            "$.faces dangling", "$.faces.gestureSeconds out-of-range", "$.faces.gestures[0].port out-of-range", "$.faces.gestures[0].reader dangling",
            "$.faces.gestures[0].zone dangling", "$.faces.threshold out-of-range", "$.models.faceVectors missing", "$.models.faces missing",
        ]);

    [Fact]
    public void Input_that_is_a_photo_eye_is_no_consent_button_and_no_other_gates_eye() =>
        Wrong(Smallest, root =>
        {
            JsonNode gate = root["gates"]![0]!;
            gate["photoEye"] = new JsonObject { ["reader"] = "reader", ["port"] = 1 };
            JsonNode second = gate.DeepClone();
            second["id"] = "second";
            root["gates"]!.AsArray().Add(second);
            root["cameras"]![0]!["zones"] = JsonNode.Parse("""[{"id":"desk","area":[[0,0],[1,0],[1,1]],"optIn":true}]""");
            root["models"] = new JsonObject { ["faces"] = "f", ["faceVectors"] = "v" };
            root["faces"] = new JsonObject { ["gestures"] = new JsonArray(new JsonObject { ["zone"] = "desk", ["reader"] = "reader", ["port"] = 1 }) };
        },
        ["$.gates[0].photoEye.port duplicate", "$.gates[1].photoEye.port duplicate", "$.gates[1].photoEye.port duplicate"]);

    [Fact]
    public void Opt_in_zone_without_faces_is_an_error() =>
        Wrong(Smallest, root => root["cameras"]![0]!["zones"] = new JsonArray(new JsonObject
        {
            ["id"] = "desk",
            ["area"] = new JsonArray(new JsonArray(0, 0), new JsonArray(1, 0), new JsonArray(1, 1)),
            ["optIn"] = true,
        }),
        ["$.cameras[0].zones[0].optIn dangling"]);

    [Fact]
    public void Every_shape_error_is_reported_at_once_with_its_path() =>
        Wrong(Smallest, root =>
        {
            root["colour"] = "blue";
            root["store"]!["tenant"] = null;
            root["cameras"]![0]!["fps"] = "ten";
            root["cameras"]![0]!["doors"]![0]!["edge"] = "up";
            root["cameras"]![0]!["lines"]![0]!["from"] = new JsonArray(1, 2, 3);
            root["readers"] = new JsonObject();
            root["gates"]![0]!["minRead"] = 2;
            root["checkout"]!.AsObject().Remove("currency");
        },
        [
            "$.cameras[0].doors[0].edge bad-value", "$.cameras[0].fps bad-value", "$.cameras[0].lines[0].from bad-value", "$.checkout.currency missing",
            "$.colour unknown-key", "$.gates[0].minRead unknown-key", "$.readers bad-value", "$.store.tenant bad-value",
        ]);

    [Fact]
    public void Every_broken_rule_is_reported_at_once_with_its_path() =>
        Wrong(Smallest, root =>
        {
            root["version"] = 0;
            root["store"]!["box"] = "b/1";
            root["cameras"]![0]!["fps"] = 31;
            root["cameras"]![0]!["width"] = 641;
            root["cameras"]![0]!["source"] = "ftp://x";
            root["cameras"]![0]!["lines"]![0]!["to"] = new JsonArray(0.1, 0.5);
            root["readers"]![0]!["antennas"] = new JsonArray();
            root["gates"]![0]!["readers"] = new JsonArray("reeder");
            root["gates"]![0]!["exits"] = new JsonArray("door", "window");
            root["checkout"]!["currency"] = "euro";
            root["checkout"]!["priceBook"]![0]!["gtin"] = "80614141123459";
            root["broker"] = new JsonObject { ["host"] = "", ["port"] = 70_000 };
        },
        [
            "$.broker.host bad-value", "$.broker.port out-of-range", "$.cameras[0].fps out-of-range", "$.cameras[0].lines[0] bad-value",
            "$.cameras[0].source bad-value", "$.cameras[0].width out-of-range", "$.checkout.currency bad-value", "$.checkout.priceBook[0].gtin bad-value",
            "$.gates[0].exits[1] dangling", "$.gates[0].readers[0] dangling", "$.readers[0].antennas missing", "$.store.box bad-value",
            "$.version out-of-range",
        ]);

    [Theory]
    [InlineData("cameras[0].fps", 1, 30)]
    [InlineData("cameras[0].width", 160, 1920)]
    [InlineData("cameras[0].stallSeconds", 1, 60)]
    [InlineData("readers[0].antennas[0].id", 0, 65535)]
    [InlineData("readers[0].txPowerDbm", 0, 33)]
    [InlineData("readers[0].session", 0, 3)]
    [InlineData("readers[0].tagPopulation", 1, 1000)]
    [InlineData("readers[0].keepaliveSeconds", 1, 60)]
    [InlineData("readers[0].rfMode", 0, 65535)]
    [InlineData("readers[0].referenceTagSeconds", 5, 3600)]
    [InlineData("readers[0].silentAntennaSeconds", 10, 86_400)]
    [InlineData("gates[0].settleSeconds", 0.3, 10)]
    [InlineData("gates[0].maxWindowSeconds", 2, 60)]
    [InlineData("gates[0].minReads", 1, 100)]
    [InlineData("gates[0].staticSeconds", 10, 600)]
    [InlineData("gates[0].lateSeconds", 0.5, 30)]
    [InlineData("gates[0].crossingSeconds", 0.2, 10)]
    [InlineData("checkout.priceBook[0].price", 0, 1_000_000_000)]
    [InlineData("checkout.riskLimit", 0, 1_000_000_000)]
    [InlineData("models.peopleThreshold", 0, 1)]
    [InlineData("models.threads", 1, 8)]
    [InlineData("visits.confirmFrames", 1, 30)]
    [InlineData("visits.lostSeconds", 0.2, 10)]
    [InlineData("visits.absentSeconds", 5, 86_400)]
    [InlineData("broker.port", 1, 65_535)]
    [InlineData("broker.keepaliveSeconds", 5, 300)]
    [InlineData("outbox.maxMegabytes", 1, 4096)]
    [InlineData("outbox.maxDays", 1, 90)]
    [InlineData("dashboard.port", 0, 65_535)]
    [InlineData("dashboard.otlpSeconds", 5, 3600)]
    public void Number_has_its_range_and_both_ends_are_in_it(string path, double lowest, double highest)
    {
        // An odd width would be a second error.
        int step = path.EndsWith("width", StringComparison.Ordinal) ? 2 : 1;
        Good(Smallest, With(lowest));
        Good(Smallest, With(highest));
        Wrong(Smallest, With(lowest - step), [$"$.{path} out-of-range"]);
        Wrong(Smallest, With(highest + step), [$"$.{path} out-of-range"]);

        Action<JsonNode> With(double value) => root =>
        {
            // A gate has to wait for its cameras, which is a rule of its own.
            Set(root, "visits.lostSeconds", 0.2);
            Set(root, "gates[0].lateSeconds", 20);
            Set(root, "gates[0].settleSeconds", 1.0);
            root["dashboard"] = new JsonObject();
            Set(root, path, value);
        };
    }

    [Fact]
    public void Gate_that_decides_before_its_camera_can_speak_is_refused()
    {
        Good(Smallest, root => Set(root, "visits.lostSeconds", 2.8));
        Wrong(Smallest, root => Set(root, "visits.lostSeconds", 2.9), ["$.gates[0].lateSeconds out-of-range"]);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("$sys")]
    [InlineData("")]
    [InlineData("Uppercase")]
    [InlineData("with space")]
    [InlineData("..")]
    [InlineData("nul\u0000")]
    [InlineData("größe")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-0123456789")]
    public void Name_that_could_break_a_topic_or_a_file_name_is_refused_everywhere(string name)
    {
        Wrong(Smallest, root => root["store"]!["tenant"] = name, ["$.store.tenant bad-value"]);
        Wrong(Smallest, root => root["store"]!["store"] = name, ["$.store.store bad-value"]);
        Wrong(Smallest, root => root["cameras"]![0]!["id"] = name, ["$.cameras[0].id bad-value"]);
        Wrong(Smallest, root => root["gates"]![0]!["id"] = name, ["$.gates[0].id bad-value"]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"1\"")]
    [InlineData("\"left, right\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public void Word_from_a_closed_list_is_never_a_number_or_a_mixture(string word) =>
        Wrong(Smallest, root => root["cameras"]![0]!["doors"]![0]!["edge"] = JsonNode.Parse(word), ["$.cameras[0].doors[0].edge bad-value"]);

    [Theory]
    [InlineData("1e999", "out-of-range")]
    [InlineData("-1e999", "out-of-range")]
    [InlineData("\"-45\"", "bad-value")]
    [InlineData("true", "bad-value")]
    public void Number_that_is_none_is_refused(string number, string code) =>
        Wrong(Smallest.Replace("\"id\": \"gate\",", $"\"id\": \"gate\", \"strongRssiDbm\": {number},", StringComparison.Ordinal), _ => { }, [$"$.gates[0].strongRssiDbm {code}"]);

    [Theory]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("1e2")]
    public void Whole_number_is_whole(string number) => Wrong(Smallest, root => root["version"] = JsonNode.Parse(number), ["$.version bad-value"]);

    [Fact]
    public void Null_in_a_list_is_refused() =>
        Wrong(Smallest, root =>
        {
            root["gates"]![0]!["readers"] = new JsonArray((JsonNode?)null);
            root["readers"]!.AsArray().Add(null);
        }, ["$.gates[0].readers[0] bad-value", "$.readers[1] bad-value"]);

    [Fact]
    public void Two_things_of_one_name_are_refused() =>
        Wrong(Smallest, root =>
        {
            root["cameras"]!.AsArray().Add(root["cameras"]![0]!.DeepClone());
            root["readers"]![0]!["antennas"] = new JsonArray(new JsonObject { ["id"] = 1 }, new JsonObject { ["id"] = 1 });
        }, ["$.cameras duplicate", "$.cameras duplicate", "$.cameras duplicate", "$.readers[0].antennas duplicate"]);

    [Fact]
    public void Key_written_twice_is_refused()
    {
        ConfigError error = Assert.Single(Read("""{ "version": 1, "version": 2 }"""u8.ToArray()).Errors);

        Assert.Equal(("$", "syntax"), (error.Path, error.Code));
        Assert.Contains("version", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"version\":1,}")]
    [InlineData("// nothing\n{}")]
    [InlineData("{} {}")]
    public void Text_that_is_no_json_is_one_error_that_says_where(string text)
    {
        ConfigError error = Assert.Single(Read(Encoding.UTF8.GetBytes(text)).Errors);

        Assert.Equal(("$", "syntax"), (error.Path, error.Code));
        Assert.Contains("line", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    public void Json_that_is_no_object_is_refused(string text) => Assert.Equal("$", Assert.Single(Read(Encoding.UTF8.GetBytes(text)).Errors).Path);

    [Fact]
    public void Byte_order_mark_is_accepted() => Assert.NotNull(Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Smallest)]).Config);

    [Fact]
    public void Document_above_64_KiB_is_not_even_parsed()
    {
        byte[] padded = Encoding.UTF8.GetBytes(Smallest.PadRight(ConfigReader.MaxBytes));
        Assert.NotNull(Read(padded).Config);

        ConfigError error = Assert.Single(Read([.. padded, (byte)' ']).Errors);

        Assert.Contains("65537 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_that_is_too_deep_is_an_error_and_no_crash() =>
        Assert.Equal("syntax", Assert.Single(Read(Encoding.UTF8.GetBytes(new string('[', 30_000))).Errors).Code);

    [Fact]
    public void Long_value_is_cut_in_the_message() =>
        Assert.InRange(Assert.Single(Read(Encoding.UTF8.GetBytes(Smallest.Replace("\"version\": 1", $"\"version\": \"{new string('x', 9000)}\"", StringComparison.Ordinal))).Errors).Message.Length, 1, 200);

    [SharedFact("fixtures/corpora/json")]
    public void All_318_hostile_documents_end_in_errors_and_no_exception()
    {
        string[] files = Directory.GetFiles(Shared.PathOf("fixtures/corpora/json"), "*.json");
        Assert.Equal(318, files.Length);

        foreach (string file in files)
        {
            (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = Read(File.ReadAllBytes(file));
            Assert.Null(config);
            Assert.NotEmpty(errors);
        }
    }

    [SharedFact("fixtures/corpora/json")]
    public void Hostile_values_inside_a_good_document_end_in_errors_and_no_exception()
    {
        foreach (string file in Directory.GetFiles(Shared.PathOf("fixtures/corpora/json"), "*.json"))
        {
            byte[] hostile = File.ReadAllBytes(file);
            foreach (string place in new[] { "\"acme\"", "[0.1, 0.5]", "\"left\"", "[ { \"id\": 1 } ]" })
            {
                string[] parts = Smallest.Split(place);
                (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = Read([.. Encoding.UTF8.GetBytes(parts[0]), .. hostile, .. Encoding.UTF8.GetBytes(parts[1])]);
                Assert.Equal(config is null, errors.Count > 0);
            }
        }
    }

    private static (DeviceConfig? Config, IReadOnlyList<ConfigError> Errors) Read(byte[] utf8) => ConfigReader.Read(utf8);

    private static DeviceConfig Good(string json, Action<JsonNode>? change = null)
    {
        (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = Read(Changed(json, change));
        Assert.Empty(errors);
        return config!;
    }

    private static void Wrong(string json, Action<JsonNode> change, string[] expected)
    {
        (DeviceConfig? config, IReadOnlyList<ConfigError> errors) = Read(Changed(json, change));
        Assert.Null(config);
        Assert.Equal(expected, errors.Select(e => $"{e.Path} {e.Code}").Order(StringComparer.Ordinal));
        Assert.All(errors, e => Assert.EndsWith(".", e.Message, StringComparison.Ordinal));
    }

    private static void Set(JsonNode root, string path, double value)
    {
        root["broker"] = new JsonObject { ["host"] = "localhost" };
        foreach (string section in new[] { "models", "visits", "outbox" })
        {
            root[section] = new JsonObject();
        }
        JsonNode node = root;
        string[] steps = path.Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
        foreach (string step in steps[..^1])
        {
            node = step == "0" ? node[0]! : node[step]!;
        }
        node[steps[^1]] = value == Math.Floor(value) ? JsonValue.Create((long)value) : JsonValue.Create(value);
    }

    private static byte[] Changed(string json, Action<JsonNode>? change)
    {
        if (change is null)
        {
            return Encoding.UTF8.GetBytes(json);
        }
        JsonNode root = JsonNode.Parse(json)!;
        change(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}
