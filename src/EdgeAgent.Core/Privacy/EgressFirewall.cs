using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Contract;

namespace EdgeAgent.Core.Privacy;

/// <summary>What was refused since start, by the first reason found.</summary>
/// <param name="Refused">Messages in all.</param>
/// <param name="Names">A name that the configuration does not have, or a member whom the box does not know.</param>
/// <param name="Forms">Something that the closed schema does not allow.</param>
/// <param name="Sizes">Longer than messages of that kind are.</param>
/// <param name="LogWithheld">Places in the log that were not written because of their look.</param>
public sealed record FirewallHealth(long Refused, long Images, long Vectors, long Encoded, long Epcs, long Names, long Forms, long Sizes, long LogWithheld = 0);

/// <summary>Why a message may not leave.</summary>
public enum FirewallReason { Image, Vector, Encoded, Epc, Name, Form, Size }

/// <summary>
/// The last look at what leaves, after it was written: size, signs of pictures, vectors and encoded bytes, the closed schema of its kind, and whether each name is one
/// of the configuration. Whoever made the message is not asked. What is refused is counted and goes nowhere.
/// </summary>
/// <remarks>For any thread.</remarks>
public sealed class EgressFirewall
{
    // Members whose text is a name of the configuration.
    private static readonly FrozenSet<string> s_named =
        new[] { "camera", "door", "zone", "line", "gate", "region", "cabinet", "room", "cameras", "readers", "gates", "id", "scene", "items" }.ToFrozenSet(StringComparer.Ordinal);

    // Given back to the very sender, or made of digits by design.
    private static readonly FrozenSet<string> s_unsigned = new[] { "requestId", "agent" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Lock _turn = new();
    private readonly SchemaCheck _check = new();
    private readonly Dictionary<string, JsonObject> _schemas = [];
    private readonly List<ContractFault> _faults = [];
    private readonly Func<string, bool>? _isMember;
    private readonly long[] _refused = new long[Enum.GetValues<FirewallReason>().Length];
    private FrozenSet<string> _names;
    private FrozenSet<string> _before;

    /// <param name="isMember">Whether the box knows a member of that reference; null where members are not known by name, as in a replay of recorded inputs.</param>
    public EgressFirewall(DeviceConfig config, Func<string, bool>? isMember = null)
    {
        _names = _before = NamesOf(config);
        _isMember = isMember;
    }

    public FirewallHealth Health
    {
        get
        {
            lock (_turn)
            {
                return new FirewallHealth(
                    _refused.Sum(), Of(FirewallReason.Image), Of(FirewallReason.Vector), Of(FirewallReason.Encoded), Of(FirewallReason.Epc), Of(FirewallReason.Name), Of(FirewallReason.Form),
                    Of(FirewallReason.Size));
            }

            long Of(FirewallReason reason) => _refused[(int)reason];
        }
    }

    /// <summary>Names of the configuration before this one still pass: what it decided is still on its way.</summary>
    public void Use(DeviceConfig config)
    {
        lock (_turn)
        {
            (_before, _names) = (_names, NamesOf(config));
        }
    }

    /// <summary>Whether the contract has this topic below the box's root.</summary>
    public static bool IsTopic(string topic) => ContractRegistry.At(topic) is not null;

    /// <summary>Whether it is a name of this configuration or of the one before.</summary>
    public bool Knows(string name)
    {
        lock (_turn)
        {
            return IsKnown(name);
        }
    }

    /// <summary>Null when it may leave; counts it otherwise.</summary>
    public FirewallReason? Look(EgressEvent leaving) => Look(leaving.Topic, leaving.Envelope);

    /// <summary>Null when it may leave; counts it otherwise.</summary>
    public FirewallReason? Look(EgressStatus leaving) => Look(leaving.Topic, leaving.Payload);

    /// <param name="topic">Below the box's root.</param>
    public FirewallReason? Look(string topic, ReadOnlyMemory<byte> payload)
    {
        lock (_turn)
        {
            FirewallReason? reason = Judge(topic, payload);
            if (reason is FirewallReason refused)
            {
                _refused[(int)refused]++;
            }
            return reason;
        }
    }

    private FirewallReason? Judge(string topic, ReadOnlyMemory<byte> payload)
    {
        if (ContractRegistry.At(topic) is not ContractMessage known)
        {
            return FirewallReason.Form;
        }
        if (payload.Length > known.MaxBytes)
        {
            return FirewallReason.Size;
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
            JsonElement root = document.RootElement;
            if (Signs(root, "") is FirewallReason sign)
            {
                return sign;
            }
            if (!_schemas.TryGetValue(known.Name, out JsonObject? schema))
            {
                _schemas[known.Name] = schema = ContractSchema.Of(known);
            }
            _faults.Clear();
            _check.Check(root, schema, "$", _faults);
            return _faults.Count > 0 ? FirewallReason.Form : Names(root, "", "");
        }
        catch (JsonException)
        {
            return FirewallReason.Form;
        }
    }

    /// <summary>Pictures, vectors, encoded bytes and raw EPCs, wherever they stand, names of members included.</summary>
    private static FirewallReason? Signs(JsonElement value, string member)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return s_unsigned.Contains(member) ? null : LeakSigns.Of(value.GetString()!) switch
                {
                    LeakKind.Image => FirewallReason.Image,
                    LeakKind.Vector => FirewallReason.Vector,
                    LeakKind.Epc => FirewallReason.Epc,
                    LeakKind.Encoded => FirewallReason.Encoded,
                    _ => null,
                };
            case JsonValueKind.Array:
                int numbers = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    numbers += item.ValueKind == JsonValueKind.Number ? 1 : 0;
                    if (numbers > LeakSigns.MostNumbers)
                    {
                        return FirewallReason.Vector;
                    }
                    if (Signs(item, member) is FirewallReason inItem)
                    {
                        return inItem;
                    }
                }
                return null;
            case JsonValueKind.Object:
                foreach (JsonProperty each in value.EnumerateObject())
                {
                    if (Signs(each.Value, each.Name) is FirewallReason inMember)
                    {
                        return inMember;
                    }
                }
                return null;
            default:
                return null;
        }
    }

    /// <summary>What the schema cannot know: whether a name is one of this store.</summary>
    private FirewallReason? Names(JsonElement value, string member, string owner)
    {
        bool right = true;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                right = IsRight(value.GetString()!, member, owner);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    right &= Names(item, member, owner) is null;
                }
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty each in value.EnumerateObject())
                {
                    right &= (member != "sections" || ConfigSections.Names.Contains(each.Name)) && Names(each.Value, each.Name, member) is null;
                }
                break;
            default:
                break;
        }
        return right ? null : FirewallReason.Name;
    }

    private bool IsRight(string text, string member, string owner) => member switch
    {
        "id" when owner is "party" or "" => true, // random bits, and of the envelope
        "member" => _isMember?.Invoke(text) ?? true,
        "gtin" => Gtin.IsValid14(text),
        "source" => text.Split('/').Skip(1).All(IsKnown),
        "subject" => text.IndexOf('/') is var slash && (slash < 0 || IsKnown(text[(slash + 1)..])),
        "path" => ConfigPaths.IsTold(text),
        "message" when owner == "errors" => ConfigReport.IsSentence(text),
        "code" when owner == "errors" => ConfigReport.Codes.Contains(text) || CommandAnswer.IsFault(text),
        _ => !s_named.Contains(member) || IsKnown(text),
    };

    private bool IsKnown(string name) => _names.Contains(name) || _before.Contains(name);

    private static FrozenSet<string> NamesOf(DeviceConfig config)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { config.Store.Tenant, config.Store.Store, config.Store.Box };
        foreach (CameraConfig camera in config.Cameras)
        {
            names.Add(camera.Id);
            names.UnionWith(camera.Doors.Select(d => d.Id));
            names.UnionWith(camera.Lines.Select(l => l.Id));
            names.UnionWith(camera.Zones.Select(z => z.Id));
            names.UnionWith(camera.Regions.Select(r => r.Id));
        }
        names.UnionWith(config.Readers.Select(r => r.Id));
        names.UnionWith(config.Gates.Select(g => g.Id));
        names.UnionWith(config.Cabinets.Select(c => c.Id));
        names.UnionWith(config.FittingRooms.Select(r => r.Id));
        names.UnionWith(config.Scenes?.Items.Select(i => i.Id) ?? []);
        names.UnionWith(config.Scenes?.Labels.Select(l => l.Id) ?? []);
        return names.ToFrozenSet(StringComparer.Ordinal);
    }
}
