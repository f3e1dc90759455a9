using System.Runtime.InteropServices;

namespace EdgeAgent.Mqtt;

/// <summary>
/// The calls of libmosquitto 2.0 that this room uses, and nothing else: mosquitto.h and mqtt_protocol.h of
/// https://github.com/eclipse/mosquitto, tag v2.0.11. Calls are thread safe after <see cref="ThreadedSet"/>, but not during <see cref="Destroy"/>.
/// </summary>
internal static unsafe partial class Libmosquitto
{
    private const string Library = MqttLibrary.File;

    // enum mosq_opt_t
    public const int OptionProtocolVersion = 1;
    public const int OptionSendMaximum = 5;
    public const int OptionTcpNodelay = 11;

    // enum mqtt5_property
    public const int PropertyMessageExpiryInterval = 2;
    public const int PropertyContentType = 3;
    public const int PropertyResponseTopic = 8;
    public const int PropertyCorrelationData = 9;
    public const int PropertySessionExpiryInterval = 17;
    public const int PropertyWillDelayInterval = 24;
    public const int PropertyReceiveMaximum = 33;
    public const int PropertyMaximumPacketSize = 39;

    // enum mqtt5_sub_options
    public const int OptionRetainAsPublished = 8;

    // MOSQ_LOG_*
    public const int LogWarning = 4;
    public const int LogError = 8;

    /// <summary>Must run once before anything else, and not on two threads.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_lib_init")]
    public static partial int Init();

    [LibraryImport(Library, EntryPoint = "mosquitto_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint New(string id, [MarshalAs(UnmanagedType.U1)] bool cleanSession, nint context);

    [LibraryImport(Library, EntryPoint = "mosquitto_destroy")]
    public static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "mosquitto_threaded_set")]
    public static partial int ThreadedSet(nint client, [MarshalAs(UnmanagedType.U1)] bool threaded);

    [LibraryImport(Library, EntryPoint = "mosquitto_int_option")]
    public static partial int IntOption(nint client, int option, int value);

    [LibraryImport(Library, EntryPoint = "mosquitto_username_pw_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UserPasswordSet(nint client, string user, string? password);

    [LibraryImport(Library, EntryPoint = "mosquitto_tls_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TlsSet(nint client, string caFile, string? caPath, string? certFile, string? keyFile, nint passwordCallback);

    /// <param name="verifyPeer">1 = the broker's certificate must be good; 0 = never.</param>
    /// <param name="version">"tlsv1.2" means 1.2 or newer.</param>
    [LibraryImport(Library, EntryPoint = "mosquitto_tls_opts_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TlsOptionsSet(nint client, int verifyPeer, string version, string? ciphers);

    /// <summary>On success the library owns <paramref name="properties"/>.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_will_set_v5", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int WillSet(nint client, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    /// <summary>Blocks for the name look-up and the TCP handshake. Does not own <paramref name="properties"/>.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_connect_bind_v5", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Connect(nint client, string host, int port, int keepaliveSeconds, string? bindAddress, nint properties);

    /// <summary>-1 when there is none.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_socket")]
    public static partial int Socket(nint client);

    [LibraryImport(Library, EntryPoint = "mosquitto_disconnect_v5")]
    public static partial int Disconnect(nint client, int reason, nint properties);

    /// <summary>Waits for the network for at most <paramref name="timeoutMs"/>, reads, writes, and calls the callbacks on this thread.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_loop")]
    public static partial int Loop(nint client, int timeoutMs, int maxPackets);

    /// <summary>Copies <paramref name="properties"/>, which must be 0 on MQTT 3.1.1.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_publish_v5", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Publish(
        nint client, int* id, string topic, int length, byte* payload, int qos, [MarshalAs(UnmanagedType.U1)] bool retain, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_subscribe_v5", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Subscribe(nint client, int* id, string filter, int qos, int options, nint properties);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_int32")]
    public static partial int PropertyAdd(nint* properties, int identifier, uint value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PropertyAddString(nint* properties, int identifier, string value);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_add_binary")]
    public static partial int PropertyAddBinary(nint* properties, int identifier, byte* value, ushort length);

    [LibraryImport(Library, EntryPoint = "mosquitto_property_free_all")]
    public static partial void PropertyFreeAll(nint* properties);

    /// <summary>0 when the property is absent. The text must be released with <see cref="NativeMemory.Free"/>.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_string")]
    public static partial nint PropertyReadString(nint properties, int identifier, byte** value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    /// <summary>0 when the property is absent. The bytes must be released with <see cref="NativeMemory.Free"/>.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_binary")]
    public static partial nint PropertyReadBinary(nint properties, int identifier, byte** value, ushort* length, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    /// <summary>0 when the property is absent.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_int16")]
    public static partial nint PropertyReadInt16(nint properties, int identifier, ushort* value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    /// <summary>0 when the property is absent.</summary>
    [LibraryImport(Library, EntryPoint = "mosquitto_property_read_int32")]
    public static partial nint PropertyReadInt32(nint properties, int identifier, uint* value, [MarshalAs(UnmanagedType.U1)] bool skipFirst);

    [LibraryImport(Library, EntryPoint = "mosquitto_connect_v5_callback_set")]
    public static partial void OnConnect(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_disconnect_v5_callback_set")]
    public static partial void OnDisconnect(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_publish_v5_callback_set")]
    public static partial void OnPublish(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_subscribe_v5_callback_set")]
    public static partial void OnSubscribe(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, int, int*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_message_v5_callback_set")]
    public static partial void OnMessage(nint client, delegate* unmanaged[Cdecl]<nint, nint, Message*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_log_callback_set")]
    public static partial void OnLog(nint client, delegate* unmanaged[Cdecl]<nint, nint, int, byte*, void> callback);

    [LibraryImport(Library, EntryPoint = "mosquitto_strerror")]
    private static partial byte* ErrorText(int code);

    [LibraryImport(Library, EntryPoint = "mosquitto_reason_string")]
    private static partial byte* ReasonText(int code);

    /// <summary>The library's words for a result below 128 or a reason code of the broker.</summary>
    public static string Words(int code) => Marshal.PtrToStringUTF8((nint)(code >= 128 ? ReasonText(code) : ErrorText(code))) ?? $"code {code}";

    /// <summary>struct mosquitto_message; lives only during the callback.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public int Id;
        public byte* Topic;
        public byte* Payload;
        public int Length;
        public int Qos;
        public byte Retain;
    }
}
