using System.Text.Json.Nodes;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Contract;

/// <summary>The AsyncAPI 3.0 document: every channel of a box, up and down, with its parameters, operations and bindings. Schemas lie beside it.</summary>
public static class AsyncApi
{
    private static readonly (string Name, string Description)[] s_parameters =
    [
        ("tenant", "Who runs the store: 1 to 32 of a-z 0-9 -."), ("store", "The store: 1 to 32 of a-z 0-9 -."), ("box", "The box in the store: 1 to 32 of a-z 0-9 -."),
        ("kind", "camera, reader, output or gate."), ("id", "The device's name in the configuration."),
        ("client", "Who asked: 1 to 64 of A-Z a-z 0-9 . _ -. The access rules of the broker let each client read its own answers only."),
    ];

    /// <summary>Indented JSON with a final line break; <c>device-config/contract/asyncapi.json</c> is exactly this.</summary>
    public static string Text()
    {
        var channels = new JsonObject();
        var operations = new JsonObject();
        var messages = new JsonObject();
        foreach (ContractMessage message in ContractRegistry.Named)
        {
            channels[message.Name] = Channel(message.Name, message.Address, message.Summary);
            operations[message.Name] = Operation(message);
            messages[message.Name] = Message(message.Name, message.SchemaFile, message.Kind, message.Summary);
        }
        const string batched = "Several events of one lane in one message, when a backlog is sent and outbox.batch is on.";
        channels[ContractRegistry.BatchName] = Channel(ContractRegistry.BatchName, ContractRegistry.BatchAddress, batched);
        operations[ContractRegistry.BatchName] = Operation(ContractRegistry.BatchName, comes: false, "event", batched);
        messages[ContractRegistry.BatchName] = Message(ContractRegistry.BatchName, ContractRegistry.BatchName + ".v1.json", MessageKind.Event, batched, "application/cloudevents-batch+json");
        return ContractSchema.Write(new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["id"] = "urn:sst:contract:v1",
            ["info"] = new JsonObject
            {
                ["title"] = "Edge agent of a smart store", ["version"] = StatusMessages.Contract,
                ["description"] = "What a box says and takes on MQTT. MQTT 5 with a session of a day; MQTT 3.1.1 where a broker speaks nothing newer. Operations are those of the box.",
            },
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject
            {
                ["broker"] = new JsonObject
                {
                    ["host"] = "broker.example:8883", ["protocol"] = "secure-mqtt", ["protocolVersion"] = "5.0",
                    ["description"] = "The store's broker. Each box has a client certificate; its client id is the box.",
                },
            },
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new JsonObject
            {
                ["messages"] = messages,
                ["parameters"] = new JsonObject([.. s_parameters.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)new JsonObject { ["description"] = p.Description }))]),
                ["operationTraits"] = Traits(),
                ["messageTraits"] = new JsonObject
                {
                    ["cloudevent"] = new JsonObject { ["description"] = "CloudEvents 1.0, structured JSON; the same on MQTT 5 and 3.1.1." },
                    ["request"] = new JsonObject
                    {
                        ["description"] = "Never retained. MQTT 5: CorrelationData, ResponseTopic and MessageExpiryInterval; MQTT 3.1.1: requestId, replyTo and expiresAt in the payload. The expiry is mandatory.",
                        ["correlationId"] = new JsonObject { ["location"] = "$message.payload#/requestId" },
                    },
                    ["answer"] = new JsonObject { ["correlationId"] = new JsonObject { ["location"] = "$message.payload#/requestId" } },
                },
            },
        });
    }

    private static JsonObject Channel(string name, string address, string summary)
    {
        string full = "sst/v1/{tenant}/{store}/{box}/" + address;
        return new JsonObject
        {
            ["address"] = full,
            ["description"] = summary,
            ["messages"] = new JsonObject { [name] = Reference("components/messages/" + name) },
            ["parameters"] = new JsonObject(
                [.. s_parameters.Where(p => full.Contains($"{{{p.Name}}}", StringComparison.Ordinal)).Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Reference("components/parameters/" + p.Name)))]),
        };
    }

    private static JsonObject Operation(ContractMessage message)
    {
        string trait = message switch
        {
            { Kind: MessageKind.Command } => "command",
            { Qos: 0 } => "fleeting",
            { Retain: true } => "retained",
            _ => "event",
        };
        JsonObject operation = Operation(message.Name, message.Comes, trait, message.Summary);
        if (message.Kind == MessageKind.Command)
        {
            operation["reply"] = new JsonObject
            {
                ["address"] = new JsonObject { ["description"] = "R/rsp/{client} of this box, and nothing else; on MQTT 5 the ResponseTopic.", ["location"] = "$message.payload#/replyTo" },
                ["channel"] = Reference("channels/answer"),
                ["messages"] = new JsonArray(Reference("channels/answer/messages/answer")),
            };
        }
        return operation;
    }

    private static JsonObject Operation(string name, bool comes, string trait, string summary) => new()
    {
        ["action"] = comes ? "receive" : "send",
        ["channel"] = Reference("channels/" + name),
        ["summary"] = summary,
        ["messages"] = new JsonArray(Reference($"channels/{name}/messages/{name}")),
        ["traits"] = new JsonArray(Reference("components/operationTraits/" + trait)),
    };

    private static JsonObject Message(string name, string schema, MessageKind kind, string summary, string contentType = "application/json")
    {
        var message = new JsonObject
        {
            ["name"] = name, ["contentType"] = contentType, ["summary"] = summary, ["payload"] = new JsonObject { ["$ref"] = "./schemas/" + schema },
        };
        string? trait = kind switch { MessageKind.Event => "cloudevent", MessageKind.Command => "request", MessageKind.Answer => "answer", _ => null };
        if (trait is not null)
        {
            message["traits"] = new JsonArray(Reference("components/messageTraits/" + trait));
        }
        return message;
    }

    private static JsonObject Traits() => new()
    {
        ["event"] = Trait("At least once, in order within a lane; kept on disk until the broker has it.", 1, false),
        ["retained"] = Trait("The broker keeps the last one.", 1, true),
        ["fleeting"] = Trait("At most once.", 0, false),
        ["command"] = Trait("Never retained: a retained one is refused.", 1, false),
    };

    private static JsonObject Trait(string description, int qos, bool retain) => new()
    {
        ["description"] = description,
        ["bindings"] = new JsonObject { ["mqtt"] = new JsonObject { ["qos"] = qos, ["retain"] = retain, ["bindingVersion"] = "0.2.0" } },
    };

    private static JsonObject Reference(string path) => new() { ["$ref"] = "#/" + path };
}
