using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Configs;

/// <summary>Desired documents as a fleet manager writes them, and as somebody else would like to.</summary>
internal static class Desired
{
    public const string Config =
        """
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s0001", "box": "b1" },
          "cameras": [],
          "readers": [ { "id": "exit-reader", "source": "llrp://127.0.0.1:5084", "antennas": [ { "id": 1, "zone": "inside" }, { "id": 2, "zone": "gate" } ] } ],
          "gates": [ { "id": "gate-1", "readers": [ "exit-reader" ], "exits": [] } ],
          "checkout": { "currency": "EUR", "priceBook": [ { "gtin": "00614141000012", "price": 129 } ] },
          "broker": { "host": "127.0.0.1", "port": 1883 }
        }
        """;

    /// <summary>Probation of these documents: a time that nobody else waits for.</summary>
    public static readonly TimeSpan Probation = TimeSpan.FromSeconds(77);

    /// <summary>With another price, so that each version has content of its own.</summary>
    public static JsonObject ConfigOf(long version, string config = Config)
    {
        JsonObject root = JsonNode.Parse(config)!.AsObject();
        root["version"] = version;
        root["checkout"]!["priceBook"]![0]!["price"] = 1000 + (version % 1000);
        return root;
    }

    public static JsonObject Document(JsonObject config, DateTimeOffset issuedAt)
    {
        using JsonDocument content = JsonDocument.Parse(config.ToJsonString());
        return new JsonObject
        {
            ["version"] = config["version"]?.DeepClone() ?? 1, ["issuedAt"] = Time(issuedAt), ["expires"] = Time(issuedAt.AddDays(30)),
            ["digest"] = SignedDocument.Digest(content.RootElement), ["probationSeconds"] = Probation.TotalSeconds, ["config"] = config,
        };
    }

    public static byte[] Signed(JsonObject document, SigningKey key) => SignedDocument.Sign(Bytes(document), key);

    public static byte[] Bytes(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
