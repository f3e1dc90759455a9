using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAgent.Core.Contract;

/// <summary>
/// Holds recorded messages against the contract. A record is an envelope, a batch of them, or <c>{"topic", "payload"}</c> with the payload as
/// JSON or as the text of it.
/// </summary>
public sealed class ContractCheck
{
    private const int RootLevels = 5; // sst/v1/{tenant}/{store}/{box}

    private readonly SchemaCheck _check = new();
    private readonly Dictionary<string, JsonObject> _schemas = [];

    /// <summary>What is wrong with one record; nothing when it keeps the contract.</summary>
    public IReadOnlyList<ContractFault> Record(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("topic", out JsonElement topic) && root.TryGetProperty("payload", out JsonElement payload))
            {
                return topic.ValueKind != JsonValueKind.String
                    ? [new ContractFault("$.topic", "a topic is a text.")]
                    : Message(topic.GetString()!, payload.ValueKind == JsonValueKind.String ? JsonElement.Parse(payload.GetString()!) : payload);
            }
            return root.ValueKind == JsonValueKind.Array ? Batch(root) : Envelope(root, null);
        }
        catch (JsonException e)
        {
            return [new ContractFault("$", $"it is not readable as JSON: {e.Message}")];
        }
    }

    /// <summary>What is wrong with a payload that came on a topic.</summary>
    public IReadOnlyList<ContractFault> Message(string topic, JsonElement payload)
    {
        string[] levels = topic.Split('/');
        if (levels.Length <= RootLevels || levels[0] != "sst" || levels[1] != "v1")
        {
            return [new ContractFault("$.topic", $"'{topic}' does not lie below sst/v1/{{tenant}}/{{store}}/{{box}}.")];
        }
        string below = string.Join('/', levels[RootLevels..]);
        if (below == ContractRegistry.BatchAddress)
        {
            return Batch(payload);
        }
        if (ContractRegistry.Named.FirstOrDefault(message => ContractRegistry.Matches(message.Address, below)) is not ContractMessage known)
        {
            return [new ContractFault("$.topic", $"the contract has no topic {below}.")];
        }
        return known.Kind == MessageKind.Event ? Envelope(payload, known) : Against(known, payload);
    }

    private List<ContractFault> Batch(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Array)
        {
            return [new ContractFault("$", "a batch is a list of events.")];
        }
        return [.. payload.EnumerateArray().SelectMany((each, index) => Envelope(each, null).Select(fault => fault with { Path = $"$[{index}]{fault.Path[1..]}" }))];
    }

    /// <param name="expected">The event of the topic; null when there is no topic that says.</param>
    private IReadOnlyList<ContractFault> Envelope(JsonElement envelope, ContractMessage? expected)
    {
        string? type = envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty("type", out JsonElement given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        ContractMessage? known = expected ?? ContractRegistry.Events.FirstOrDefault(message => type == $"sst.{message.Name}.v1");
        return known is null
            ? [new ContractFault("$.type", type is null ? "it is missing, so this is no event." : $"the contract has no event '{(type.Length > 60 ? type[..60] : type)}'.")]
            : Against(known, envelope);
    }

    private List<ContractFault> Against(ContractMessage message, JsonElement value)
    {
        if (!_schemas.TryGetValue(message.Name, out JsonObject? schema))
        {
            _schemas[message.Name] = schema = ContractSchema.Of(message);
        }
        var faults = new List<ContractFault>();
        _check.Check(value, schema, "$", faults);
        return faults;
    }
}
