namespace EdgeAgent.Mqtt;

/// <summary>A message that came from the broker.</summary>
/// <param name="Retained">Kept by the broker from before the subscription; a retained command is refused.</param>
/// <param name="ResponseTopic">Where the answer belongs; null on MQTT 3.1.1, as all that follows.</param>
/// <param name="MessageExpirySeconds">What is left of its life when the broker sent it; null when it does not expire.</param>
/// <param name="ContentType">What the payload is, by the sender's word; null when it says nothing.</param>
/// <param name="Qos">With which it was sent to this client: the lower of the sender's and the subscription's.</param>
internal sealed record Inbound(
    string Topic, ReadOnlyMemory<byte> Payload, bool Retained, string? ResponseTopic, byte[]? CorrelationData, uint? MessageExpirySeconds, int Qos,
    string? ContentType = null);

/// <summary>What MQTT 5 carries beside a payload. On 3.1.1 it is left out without a word: there the payload must say the same.</summary>
/// <param name="CorrelationData">At most 65,535 bytes; an answer repeats those of its request.</param>
/// <param name="MessageExpirySeconds">The broker throws the message away when it waited longer.</param>
internal sealed record MqttProperties(byte[]? CorrelationData = null, uint? MessageExpirySeconds = null, string? ContentType = null, string? ResponseTopic = null);

/// <summary>What the broker says, retained, when this client is gone without a goodbye for <paramref name="DelaySeconds"/> (MQTT 5; at once on 3.1.1).</summary>
internal sealed record Will(string Topic, ReadOnlyMemory<byte> Payload, uint DelaySeconds = 30);

/// <summary>What a CONNACK of MQTT 5 says that the broker takes.</summary>
/// <param name="ReceiveMaximum">QoS 1 messages without an answer at one time; 65,535 when the broker does not say.</param>
/// <param name="MaximumPacketSize">Largest packet in bytes, its header included; null when the broker sets no limit.</param>
internal sealed record BrokerLimits(int ReceiveMaximum, long? MaximumPacketSize);

internal enum SignalKind { ConnAck, PubAck, SubAck, Closed }

/// <summary>What the broker or the wire said. Id is the packet id, Code a reason code or, for Closed, the library's result.</summary>
/// <param name="Limits">Of a CONNACK on MQTT 5.</param>
internal readonly record struct Signal(SignalKind Kind, int Id, int Code, bool SessionPresent, BrokerLimits? Limits = null);
