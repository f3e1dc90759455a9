using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Contract;

/// <summary>
/// JSON Schema 2020-12 of each message, from its type: closed objects, closed words, a pattern and a length for each text. What a schema
/// lets through is what the contract allows, and no more.
/// </summary>
public static class ContractSchema
{
    private const long LargestExact = 9_007_199_254_740_991;
    private const int MostBatched = 500;

    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Indented JSON with a final line break, by file name.</summary>
    public static IReadOnlyDictionary<string, string> Files() =>
        ContractRegistry.Named.Select(message => (message.SchemaFile, Of(message)))
            .Append((ContractRegistry.BatchName + ".v1.json", Batch()))
            .OrderBy(file => file.Item1, StringComparer.Ordinal)
            .ToDictionary(file => file.Item1, file => Write(file.Item2));

    /// <summary>The schema of a whole message: for an event its envelope, for an answer all that may be answered.</summary>
    internal static JsonObject Of(ContractMessage message)
    {
        JsonObject body = message.Kind switch
        {
            MessageKind.Event => Envelope(message),
            MessageKind.Answer => Answer(),
            _ => message.Schema?.Invoke() ?? Body(message.Type, message.Comes),
        };
        return Headed(message.SchemaFile, message.Summary, body);
    }

    /// <summary>A moment in a document for the box.</summary>
    internal static JsonObject Moment(string description) => Text(MemberForms.TakenTime, description);

    /// <summary>A text of the form that members of that name have.</summary>
    internal static JsonObject Word(string member, string description) => Text(MemberForms.Text("", member), description);

    internal static string Write(JsonNode node) => node.ToJsonString(s_indented) + "\n";

    private static JsonObject Headed(string file, string description, JsonObject body)
    {
        body.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        body.Insert(1, "$id", "urn:sst:schema:" + file);
        body.Insert(2, "description", description);
        return body;
    }

    private static JsonObject Batch() => Headed(
        ContractRegistry.BatchName + ".v1.json", "Several events in one message, each as it would be alone, in their order.", new JsonObject
        {
            ["type"] = "array", ["minItems"] = 1, ["maxItems"] = MostBatched,
            ["items"] = new JsonObject { ["anyOf"] = new JsonArray([.. ContractRegistry.Events.Select(Envelope)]) },
        });

    /// <summary>CloudEvents 1.0, with the attributes that every event of a box has.</summary>
    private static JsonObject Envelope(ContractMessage message) => Closed(
        ("specversion", Const("1.0")), ("id", Text(MemberForms.EventId, "The same however often the event is sent: drop duplicates by it.")),
        ("source", Text(MemberForms.Source, "/{tenant}/{store}/{box}.")), ("type", Const($"sst.{message.Name}.v1")),
        ("time", Text(MemberForms.SentTime, "When the shop decided.")), ("datacontenttype", Const("application/json")),
        ("dataschema", Const("urn:sst:schema:" + message.SchemaFile)), ("epoch", Whole(1, "Boot counter of the box.")),
        ("seq", Whole(1, "Number within the epoch, without gaps.")), ("historical", new JsonObject { ["type"] = "boolean", ["description"] = "It waited while the broker could not be reached, or is sent again." }),
        ("clockquality", Text(MemberForms.Text("", "clockQuality"), "How far the clock can be trusted.")), ("configversion", Whole(1, "Version of the configuration in use.")),
        ("modelset", Text(MemberForms.Text("", "modelSet"), "Digest over the models in use.")), ("subject", Text(MemberForms.Subject, "What it is about.")),
        ("data", Data(message)));

    private static JsonObject Data(ContractMessage message)
    {
        JsonObject data = Body(message.Type, comes: false);
        if (message.Never is not null)
        {
            data["properties"]!.AsObject().Remove(message.Never);
        }
        if (message.Always is not null)
        {
            data["required"]!.AsArray().Add(message.Always);
        }
        return data;
    }

    private static JsonObject Answer() => Closed(
        ("requestId", Text(MemberForms.RequestId, "As in the request.")),
        ("status", new JsonObject { ["enum"] = new JsonArray([.. Enum.GetValues<AnswerWord>().Select(word => word.Status()).Distinct().Order().Select(status => (JsonNode)status)]) }),
        ("message", new JsonObject { ["enum"] = new JsonArray([.. Enum.GetValues<AnswerWord>().Select(word => (JsonNode)word.Sentence())]) }),
        ("data", new JsonObject { ["anyOf"] = new JsonArray([new JsonObject { ["type"] = "null" }, .. ContractRegistry.Answers.Select(answer => Body(answer.Type, comes: false))]) }));

    private static JsonObject Body(JsonTypeInfo type, bool comes)
    {
        JsonObject schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Refine(context, node, comes),
        }).AsObject();
        Unfold(schema, schema);
        return schema;
    }

    /// <summary>The exporter writes a type that it has met before as a reference, which would point nowhere once the schema stands within another.</summary>
    private static void Unfold(JsonNode? node, JsonObject root)
    {
        if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue reference)
            {
                JsonNode target = root;
                foreach (string step in reference.GetValue<string>().Split('/').Skip(1))
                {
                    target = (target is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : target[step])!;
                }
                schema.Remove("$ref");
                foreach ((string name, JsonNode? value) in target.AsObject().Where(member => !schema.ContainsKey(member.Key)).ToList())
                {
                    schema[name] = value?.DeepClone();
                }
            }
            foreach ((_, JsonNode? inner) in schema.ToList())
            {
                Unfold(inner, root);
            }
        }
        else if (node is JsonArray several)
        {
            foreach (JsonNode? inner in several.ToList())
            {
                Unfold(inner, root);
            }
        }
    }

    private static JsonNode Refine(JsonSchemaExporterContext context, JsonNode node, bool comes)
    {
        string member = context.PropertyInfo?.Name ?? "";
        string type = context.PropertyInfo?.DeclaringType.Name ?? "";
        if (context.TypeInfo.Type == typeof(DateTimeOffset) || context.TypeInfo.Type == typeof(DateTimeOffset?))
        {
            node = Text(comes ? MemberForms.TakenTime : MemberForms.SentTime, null, context.TypeInfo.Type == typeof(DateTimeOffset?));
        }
        if (node is not JsonObject schema)
        {
            return node;
        }
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Dictionary)
        {
            TextForm key = MemberForms.Text(type, member);
            schema["propertyNames"] = new JsonObject { ["maxLength"] = key.MaxLength, ["pattern"] = key.Pattern };
            schema["maxProperties"] = MemberForms.MostItems(type, member);
        }
        else if (Is(schema, "object"))
        {
            Close(schema, context.TypeInfo, comes);
        }
        else if (Is(schema, "array"))
        {
            schema["maxItems"] = MemberForms.MostItems(type, member);
            if (schema["items"] is JsonObject items && Is(items, "string") && items["enum"] is null)
            {
                schema["items"] = Text(MemberForms.Text(type, member), null);
            }
        }
        else if (Is(schema, "string") && schema["pattern"] is null && member.Length > 0)
        {
            schema = Text(MemberForms.Text(type, member), null, Is(schema, "null"));
        }
        else if (Is(schema, "integer") || Is(schema, "number"))
        {
            Bound(schema, member);
        }
        Describe(context, schema, type, member);
        return schema;
    }

    /// <summary>Nothing but what the type knows. What the box sends is always there, but for members that are left out when they are null.</summary>
    private static void Close(JsonObject schema, JsonTypeInfo type, bool comes)
    {
        schema["additionalProperties"] = false;
        foreach (JsonPropertyInfo property in type.Properties.Where(p => p.PropertyType == typeof(DateTimeOffset?)))
        {
            // The exporter knows nothing of a moment with a default.
            if (schema["properties"]?[property.Name] is JsonObject unknown && unknown["type"] is null)
            {
                string? description = property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).OfType<DescriptionAttribute>().FirstOrDefault()?.Description;
                schema["properties"]![property.Name] = Text(comes ? MemberForms.TakenTime : MemberForms.SentTime, description, orNull: true);
            }
        }
        if (comes)
        {
            return;
        }
        string[] always = [.. type.Properties.Where(p => !IsLeftOut(p)).Select(p => p.Name)];
        schema["required"] = new JsonArray([.. always.Select(name => (JsonNode)name)]);
        foreach (JsonObject member in type.Properties.Where(IsLeftOut).Select(p => schema["properties"]?[p.Name]).OfType<JsonObject>())
        {
            if (member["type"] is JsonArray types && types.FirstOrDefault(t => t!.GetValue<string>() == "null") is JsonNode none)
            {
                types.Remove(none);
                member["type"] = types.Count == 1 ? types[0]!.DeepClone() : types.DeepClone();
            }
            member.Remove("default");
        }
    }

    private static bool IsLeftOut(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).OfType<JsonIgnoreAttribute>().Any(ignore => ignore.Condition == JsonIgnoreCondition.WhenWritingNull) ?? false;

    private static void Bound(JsonObject schema, string member)
    {
        if (!MemberForms.MayBeNegative(member))
        {
            schema["minimum"] = 0;
        }
        if (MemberForms.IsProbability(member))
        {
            schema["maximum"] = 1;
        }
        else if (Is(schema, "integer"))
        {
            schema["maximum"] = LargestExact;
        }
    }

    private static void Describe(JsonSchemaExporterContext context, JsonObject schema, string type, string member)
    {
        var given = (DescriptionAttribute?)context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).FirstOrDefault();
        string? description = given?.Description ?? (member.Length == 0 ? null : MemberForms.Description(type, member, Is(schema, "integer") || Is(schema, "number")));
        if (description is not null && !schema.ContainsKey("description"))
        {
            schema.Insert(0, "description", description);
        }
    }

    /// <summary>Whether the schema takes values of that JSON type, among others.</summary>
    private static bool Is(JsonObject schema, string type) => schema["type"] switch
    {
        JsonValue one => one.GetValue<string>() == type,
        JsonArray several => several.Any(each => each!.GetValue<string>() == type),
        _ => false,
    };

    private static JsonObject Closed(params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach ((string name, JsonObject schema) in members)
        {
            properties[name] = schema;
            required.Add(name);
        }
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
    }

    private static JsonObject Const(string value) => new() { ["const"] = value };

    private static JsonObject Whole(int minimum, string description) =>
        new() { ["description"] = description, ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = LargestExact };

    private static JsonObject Text(TextForm form, string? description, bool orNull = false)
    {
        var schema = new JsonObject { ["type"] = orNull ? new JsonArray("string", "null") : "string", ["maxLength"] = form.MaxLength, ["pattern"] = form.Pattern };
        if (description is not null)
        {
            schema.Insert(0, "description", description);
        }
        if (form.Format is not null)
        {
            schema["format"] = form.Format;
        }
        return schema;
    }
}
