using System.Text.Json.Nodes;

namespace EdgeAgent.Core.Tests.Config;

/// <summary>The settings of a reader.</summary>
public partial class ConfigReaderTests
{
    [Fact]
    public void Reader_that_is_to_be_encrypted_names_whom_to_trust_and_no_other_does()
    {
        Good(Smallest, Reader("""{"source":"llrps://10.0.0.7","tls":{"caFile":"ca.pem"}}"""));
        Good(Smallest, Reader("""{"source":"llrps://reader:5085","tls":{"caFile":"ca.pem","certFile":"a","keyFile":"b"}}"""));
        Wrong(Smallest, Reader("""{"source":"llrps://10.0.0.7"}"""), ["$.readers[0].tls missing"]);
        Wrong(Smallest, Reader("""{"source":"llrp://10.0.0.7","tls":{"caFile":"ca.pem"}}"""), ["$.readers[0].tls bad-value"]);
        Wrong(Smallest, Reader("""{"source":"llrps://10.0.0.7","tls":{"caFile":"","certFile":"a"}}"""), ["$.readers[0].tls missing", "$.readers[0].tls.caFile bad-value"]);
    }

    [Fact]
    public void Reader_with_pins_tags_and_modes_is_checked()
    {
        Good(Smallest, Reader("""
            {"searchMode":"dual-target-b-to-a","protocol":"auto","reportContents":["phase","fine-rssi","tid"],"gpiPorts":[1,2],"startTrigger":{"port":2,"high":false},
             "antennas":[{"id":1,"referenceTag":"3034257bf7194e4000001a85"}]}
            """));
        Wrong(Smallest, Reader("""{"antennas":[{"id":1,"referenceTag":"303"},{"id":2,"referenceTag":""}]}"""),
            ["$.readers[0].antennas[0].referenceTag bad-value", "$.readers[0].antennas[1].referenceTag bad-value"]);
        Wrong(Smallest, Reader("""{"gpiPorts":[1,1,0],"startTrigger":{"port":3,"runSeconds":61}}"""),
            [
                "$.readers[0].gpiPorts duplicate", "$.readers[0].gpiPorts[2] out-of-range", "$.readers[0].startTrigger.port dangling",
                "$.readers[0].startTrigger.runSeconds out-of-range",
            ]);
        Wrong(Smallest, Reader("""{"reportContents":["phase","phase"]}"""), ["$.readers[0].reportContents duplicate"]);
    }

    [Theory]
    [InlineData("llrp://")]
    [InlineData("llrp://host:99999")]
    [InlineData("llrp://host:0")]
    [InlineData("llrp://two words")]
    public void Reader_at_an_address_that_is_none_is_refused(string source) =>
        Wrong(Smallest, root => root["readers"]![0]!["source"] = source, ["$.readers[0].source bad-value"]);

    /// <summary>Puts the keys of an object into the first reader.</summary>
    private static Action<JsonNode> Reader(string keys) => root =>
    {
        foreach ((string key, JsonNode? value) in JsonNode.Parse(keys)!.AsObject())
        {
            root["readers"]![0]![key] = value?.DeepClone();
        }
    };
}
