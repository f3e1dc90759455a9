using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Core.Contract;

/// <summary>What a message is to the one who reads it.</summary>
internal enum MessageKind
{
    /// <summary>A CloudEvents envelope; kept in the outbox until the broker has it.</summary>
    Event,

    /// <summary>A document without an envelope, sent at once or not at all.</summary>
    Status,

    /// <summary>A document for the box.</summary>
    Desired,

    /// <summary>A request to the box.</summary>
    Command,

    /// <summary>What a request was answered.</summary>
    Answer,
}

/// <summary>One kind of message on MQTT.</summary>
/// <param name="Name">Also the name of its schema: <c>exit.settled</c> is described by <c>exit.settled.v1.json</c>.</param>
/// <param name="Address">Its topic below the box's root; {parameters} in braces.</param>
/// <param name="Type">What stands in it; for an event, in its <c>data</c>. Not looked at where <see cref="Schema"/> is given.</param>
internal sealed record ContractMessage(
    string Name, string Address, MessageKind Kind, JsonTypeInfo Type, string Summary, int Qos = 1, bool Retain = false)
{
    /// <summary>The schema of a message that is read by hand; null takes it from <see cref="Type"/>.</summary>
    public Func<JsonObject>? Schema { get; init; }

    /// <summary>A member of the type that this event always has, though others of the same type have not.</summary>
    public string? Always { get; init; }

    /// <summary>A member of the type that this event never has.</summary>
    public string? Never { get; init; }

    /// <summary>The longest that it may be as it leaves.</summary>
    public int MaxBytes { get; init; } = Kind == MessageKind.Event ? 4 * 1024 : 256 * 1024;

    public string SchemaFile => Name + ".v1.json";

    /// <summary>From the box's point of view.</summary>
    public bool Comes => Kind is MessageKind.Command or MessageKind.Desired;
}
