using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Contract;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Contract;

public class ContractRegistryTests
{
    [Theory]
    [InlineData(typeof(EgressJson))]
    [InlineData(typeof(AnswerJson))]
    [InlineData(typeof(OtaJson))]
    [InlineData(typeof(CommandJson))]
    public void Every_payload_that_can_be_written_or_read_stands_in_the_registry(Type context)
    {
        Type[] payloads = [.. context.GetCustomAttributesData().Where(a => a.AttributeType == typeof(JsonSerializableAttribute)).Select(a => (Type)a.ConstructorArguments[0].Value!)];
        HashSet<Type> known = [.. ContractRegistry.All.Select(message => message.Type.Type)];

        Assert.NotEmpty(payloads);
        Assert.All(payloads, payload => Assert.True(known.Contains(payload), $"{payload.Name} is in {context.Name} and not in ContractRegistry: add one line there."));
    }

    [Fact]
    public void Every_value_of_a_closed_list_is_a_word_and_never_its_number()
    {
        var seen = new HashSet<Type>();
        foreach (ContractMessage message in ContractRegistry.All)
        {
            Walk(message.Type, message.Name);
        }
        Assert.Contains(typeof(HoldReason), seen);

        void Walk(JsonTypeInfo type, string path)
        {
            if (!seen.Add(type.Type))
            {
                return;
            }
            Type bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
            if (bare.IsEnum)
            {
                string written = JsonSerializer.Serialize(Enum.GetValues(bare).GetValue(0), type);
                Assert.True(written.StartsWith('"'), $"{path} is of {bare.Name} and written as {written}: give it a WordConverter in the JSON context.");
            }
            if (type.ElementType is Type element)
            {
                Walk(type.Options.GetTypeInfo(element), path + "[]");
            }
            foreach (JsonPropertyInfo property in type.Properties)
            {
                Walk(type.Options.GetTypeInfo(property.PropertyType), $"{path}.{property.Name}");
            }
        }
    }

    [Fact]
    public void Every_command_and_every_topic_of_events_stands_in_the_registry()
    {
        Assert.Equal(CommandKind.All.Select(kind => "cmd/" + kind.Name), ContractRegistry.All.Where(m => m.Kind == MessageKind.Command).Select(m => m.Address));
        Assert.All(ContractRegistry.Events.Where(m => !m.Address.Contains('{', StringComparison.Ordinal)), m => Assert.Equal(m.Address, EgressTopics.NameOf(m.Address)));
        Assert.All(ContractRegistry.Events, m => Assert.NotEqual(EgressTopics.Other, EgressTopics.NameOf(m.Address)));
    }

    [Fact]
    public void Every_object_is_closed_and_every_text_and_list_has_an_end()
    {
        foreach ((string file, string text) in ContractSchema.Files().Where(f => f.Key is not ("cfg.desired.v1.json" or "ota.desired.v1.json")))
        {
            AssertBounded(JsonNode.Parse(text)!, file);
        }
    }

    [Theory]
    [InlineData("""{"a":"x","b":1,"c":["u"]}""", "")]
    [InlineData("""{"a":"x","b":1,"c":["u"],"d":1}""", "$.d: the contract knows no such member.")]
    [InlineData("""{"a":"x","c":["u"]}""", "$.b: it is missing.")]
    [InlineData("""{"a":"xxx","b":1,"c":["u"]}""", "$.a: \"xxx\" is longer than 2.")]
    [InlineData("""{"a":"x\n","b":1,"c":["u"]}""", "$.a: \"x\\n\" does not look like ^x+$.")]
    [InlineData("""{"a":1,"b":1,"c":["u"]}""", "$.a: 1 is not of the type \"string\".")]
    [InlineData("""{"a":"x","b":1.5,"c":["u"]}""", "$.b: 1.5 is not of the type [\"integer\",\"null\"].")]
    [InlineData("""{"a":"x","b":-1,"c":["u"]}""", "$.b: -1 is below 0.")]
    [InlineData("""{"a":"x","b":10,"c":["u"]}""", "$.b: 10 is above 9.")]
    [InlineData("""{"a":"x","b":null,"c":["w"]}""", "$.c[0]: \"w\" is none of the words allowed.")]
    [InlineData("""{"a":"x","b":1,"c":["u","u","v"]}""", "$.c: [\"u\",\"u\",\"v\"] has more than 2 elements.")]
    [InlineData("""{"a":"x","b":1,"c":[]}""", "$.c: [] has fewer than 1 elements.")]
    [InlineData("[]", "$: [] is not of the type \"object\".")]
    public void The_check_of_a_schema_finds_what_it_does_not_allow(string value, string fault)
    {
        JsonObject schema = JsonNode.Parse(
            """
            { "type": "object", "required": ["a", "b", "c"], "additionalProperties": false, "properties": {
                "a": { "type": "string", "maxLength": 2, "pattern": "^x+$" }, "b": { "type": ["integer", "null"], "minimum": 0, "maximum": 9 },
                "c": { "type": "array", "minItems": 1, "maxItems": 2, "items": { "enum": ["u", "v"] } } } }
            """)!.AsObject();
        var faults = new List<ContractFault>();

        new SchemaCheck().Check(JsonElement.Parse(value), schema, "$", faults);

        Assert.Equal(fault, string.Join(' ', faults.Select(f => $"{f.Path}: {f.Reason}")));
    }

    [Fact]
    public void A_word_of_JSON_Schema_that_the_check_does_not_know_is_not_passed_over() => Assert.Throws<InvalidOperationException>(
        () => new SchemaCheck().Check(JsonElement.Parse("1"), new JsonObject { ["multipleOf"] = 2 }, "$", []));

    private static void AssertBounded(JsonNode node, string at)
    {
        if (node is JsonArray several)
        {
            for (int i = 0; i < several.Count; i++)
            {
                AssertBounded(several[i] ?? new JsonObject(), $"{at}[{i}]");
            }
            return;
        }
        if (node is not JsonObject schema)
        {
            return;
        }
        if (Is(schema, "object"))
        {
            Assert.True(schema["additionalProperties"] is JsonObject ? schema["propertyNames"] is not null : schema["additionalProperties"]?.GetValue<bool>() == false, $"{at} is open.");
        }
        if (Is(schema, "string"))
        {
            Assert.True(schema["maxLength"] is not null && schema["pattern"] is not null, $"{at} is a text of any form.");
        }
        if (Is(schema, "array"))
        {
            Assert.True(schema["maxItems"] is not null && schema["items"] is not null, $"{at} is a list without an end.");
        }
        if (Is(schema, "integer") || Is(schema, "number"))
        {
            Assert.True(schema["description"] is not null, $"{at} is a number without a unit.");
        }
        foreach ((string name, JsonNode? inner) in schema.Where(member => member.Key is not ("enum" or "required" or "type")))
        {
            AssertBounded(inner ?? new JsonObject(), $"{at}.{name}");
        }
    }

    private static bool Is(JsonObject schema, string type) => schema["type"] switch
    {
        JsonValue one => one.GetValue<string>() == type,
        JsonArray several => several.Any(each => each!.GetValue<string>() == type),
        _ => false,
    };
}
