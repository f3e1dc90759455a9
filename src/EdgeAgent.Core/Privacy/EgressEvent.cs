namespace EdgeAgent.Core.Privacy;

/// <summary>
/// What may leave the box, ready to send. Only <see cref="PrivacyGate"/> can make one, and only these enter the outbox.
/// </summary>
public sealed class EgressEvent
{
    internal EgressEvent(Guid id, long seq, DateTimeOffset time, string type, string topic, Lane lane, bool retain, byte[] envelope)
    {
        Id = id;
        Seq = seq;
        Time = time;
        Type = type;
        Topic = topic;
        Lane = lane;
        Retain = retain;
        Envelope = envelope;
    }

    /// <summary>UUIDv7, the same however often the event is sent: consumers drop duplicates by it.</summary>
    public Guid Id { get; }

    /// <summary>Number within the epoch, from 1 without gaps.</summary>
    public long Seq { get; }

    public DateTimeOffset Time { get; }

    /// <summary>For example <c>sst.exit.settled.v1</c>.</summary>
    public string Type { get; }

    /// <summary>Below the box's root, for example <c>evt/exit/settled</c>.</summary>
    public string Topic { get; }

    public Lane Lane { get; }

    public bool Retain { get; }

    /// <summary>Of a bag that was settled or held: the application may acknowledge it by this name instead of <see cref="Id"/>.</summary>
    public string? SettlementKey { get; internal init; }

    /// <summary>Of a bag that was settled, held or corrected: the cart that it used up, and what it changed in the sum of a mandate. Kept on disk with it.</summary>
    public string? Cart { get; internal init; }

    public MandateCharge? Charged { get; internal init; }

    /// <summary>CloudEvents 1.0 structured JSON in UTF-8 with <c>"historical":false</c>; see docs/mqtt.md.</summary>
    public ReadOnlyMemory<byte> Envelope { get; }
}

/// <summary>A mandate was charged with so many minor units, or less than was thought.</summary>
/// <param name="On">On which day, in UTC.</param>
/// <param name="Back">The amount is taken off the sum of that day again.</param>
public sealed record MandateCharge(string Mandate, long Amount, DateTimeOffset On, bool Back = false);

/// <summary>A status document (state, info, health): sent at once or not at all, never queued on disk. Made only in this folder.</summary>
public sealed class EgressStatus
{
    internal EgressStatus(string topic, byte qos, bool retain, byte[] payload)
    {
        Topic = topic;
        Qos = qos;
        Retain = retain;
        Payload = payload;
    }

    public string Topic { get; }
    public byte Qos { get; }
    public bool Retain { get; }
    public ReadOnlyMemory<byte> Payload { get; }
}

/// <summary>Lanes of the outbox in order of worth: a full outbox sheds the last first, and sends the first first.</summary>
public enum Lane { Settlement = 0, Visit = 1, Observation = 2 }
