using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAgent.Mqtt;

/// <summary>What the library calls on the connection's own thread: each only writes to a channel.</summary>
internal sealed unsafe partial class MqttConnection
{
    // The signal channel has no bound of its own: at most one answer per message in flight, and one each for connect and close.
    private static MqttConnection Of(nint context) => (MqttConnection)GCHandle.FromIntPtr(context).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Connected(nint client, nint context, int reason, int flags, nint properties)
    {
        var self = Of(context);
        self._signals.TryWrite(new Signal(SignalKind.ConnAck, 0, reason, (flags & 1) != 0, self._protocol == 5 ? Limits(properties) : null));
    }

    private static BrokerLimits Limits(nint properties)
    {
        // MQTT 5, 3.2.2.3: the defaults of what a CONNACK leaves out.
        ushort receiveMaximum = ushort.MaxValue;
        uint packetSize = 0;
        if (properties != 0)
        {
            _ = Libmosquitto.PropertyReadInt16(properties, Libmosquitto.PropertyReceiveMaximum, &receiveMaximum, false);
            _ = Libmosquitto.PropertyReadInt32(properties, Libmosquitto.PropertyMaximumPacketSize, &packetSize, false);
        }
        return new BrokerLimits(receiveMaximum, packetSize == 0 ? null : packetSize);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Disconnected(nint client, nint context, int reason, nint properties)
    {
        // A DISCONNECT of the broker carries a reason; the end itself is signalled when the loop returns.
        if (reason >= 0x80)
        {
            Of(context)._signals.TryWrite(new Signal(SignalKind.Closed, 0, reason, false));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Published(nint client, nint context, int id, int reason, nint properties) =>
        Of(context)._signals.TryWrite(new Signal(SignalKind.PubAck, id, reason, false));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Subscribed(nint client, nint context, int id, int count, int* granted, nint properties) =>
        Of(context)._signals.TryWrite(new Signal(SignalKind.SubAck, id, count > 0 ? granted[0] : 0x80, false));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Arrived(nint client, nint context, Libmosquitto.Message* message, nint properties)
    {
        var self = Of(context);
        var topic = Marshal.PtrToStringUTF8((nint)message->Topic) ?? "";
        if (!InboundQueue.Takes(topic, message->Length))
        {
            self._inbound.CountIgnored();
            return;
        }
        byte* value;
        ushort length;
        uint seconds;
        string? responseTopic = null;
        string? contentType = null;
        byte[]? correlation = null;
        uint? expiry = null;
        if (properties != 0 && Libmosquitto.PropertyReadString(properties, Libmosquitto.PropertyResponseTopic, &value, false) != 0)
        {
            responseTopic = Marshal.PtrToStringUTF8((nint)value);
            NativeMemory.Free(value);
        }
        if (properties != 0 && Libmosquitto.PropertyReadString(properties, Libmosquitto.PropertyContentType, &value, false) != 0)
        {
            contentType = Marshal.PtrToStringUTF8((nint)value);
            NativeMemory.Free(value);
        }
        if (properties != 0 && Libmosquitto.PropertyReadBinary(properties, Libmosquitto.PropertyCorrelationData, &value, &length, false) != 0)
        {
            correlation = new ReadOnlySpan<byte>(value, length).ToArray();
            NativeMemory.Free(value);
        }
        if (properties != 0 && Libmosquitto.PropertyReadInt32(properties, Libmosquitto.PropertyMessageExpiryInterval, &seconds, false) != 0)
        {
            expiry = seconds;
        }
        self._inbound.Add(new Inbound(
            topic, new ReadOnlySpan<byte>(message->Payload, message->Length).ToArray(), message->Retain != 0, responseTopic, correlation, expiry, message->Qos, contentType));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Logged(nint client, nint context, int level, byte* text)
    {
        // The library writes such a line for each packet that it has read whole.
        if (MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text).IndexOf(" received "u8) >= 0)
        {
            Of(context)._packets++;
        }
        if ((level & (Libmosquitto.LogWarning | Libmosquitto.LogError)) != 0)
        {
            Of(context)._complaint = Marshal.PtrToStringUTF8((nint)text);
        }
    }
}
