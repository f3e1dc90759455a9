using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Core.Config;

/// <summary>The JSON Schema of a configuration, from the types: names, kinds, defaults, words and descriptions. Ranges stand in the descriptions.</summary>
public static class ConfigSchema
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Indented JSON with a final line break; <c>device-config/config.schema.json</c> is exactly this.</summary>
    public static string Text() => Text(ConfigJson.Default.DeviceConfig, "Configuration of an edge agent");

    /// <summary>That of a price list; <c>device-config/prices.schema.json</c> is exactly this.</summary>
    public static string PricesText() => Text(ConfigJson.Default.PriceList, "Price list of a store");

    private static string Text(JsonTypeInfo type, string title)
    {
        JsonObject schema = Node(type);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        return schema.ToJsonString(s_indented) + "\n";
    }

    internal static JsonObject Node(JsonTypeInfo type)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node),
        };
        return type.GetJsonSchemaAsNode(options).AsObject();
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.TypeInfo.Type == typeof(Point))
        {
            node = JsonNode.Parse("""{ "type": "array", "items": { "type": "number", "minimum": 0, "maximum": 1 }, "minItems": 2, "maxItems": 2 }""")!;
        }
        if (context.TypeInfo.ElementType == typeof(Point))
        {
            // Of a picture or, for a floor, of metres: the type does not say which.
            node["items"] = JsonNode.Parse("""{ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 }""");
        }
        if (node is JsonObject { } whole && whole["properties"] is JsonObject members)
        {
            // The exporter knows nothing of a moment with a default.
            foreach (JsonPropertyInfo moment in context.TypeInfo.Properties.Where(p => p.PropertyType == typeof(DateTimeOffset?)))
            {
                members[moment.Name] = JsonNode.Parse("""{ "type": [ "string", "null" ], "format": "date-time", "default": null }""");
                Explain(moment.AssociatedParameter?.AttributeProvider, members[moment.Name]!.AsObject());
            }
        }
        if (node is JsonObject schema)
        {
            Explain(context.PropertyInfo?.AssociatedParameter?.AttributeProvider, schema);
        }
        return node;
    }

    private static void Explain(ICustomAttributeProvider? attributes, JsonObject schema)
    {
        var description = (DescriptionAttribute?)attributes?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).FirstOrDefault();
        if (description is not null)
        {
            schema.Insert(0, "description", description.Description);
        }
    }
}
