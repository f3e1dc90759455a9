using System.Buffers.Binary;

namespace EdgeAgent.Rfid.Llrp;

/// <summary>Answer to a connection attempt (LLRP 1.0.1 section 16.2.7.6.11).</summary>
internal enum ConnectionAttempt : ushort
{
    Success = 0,
    FailedReaderInitiatedExists = 1,
    FailedClientInitiatedExists = 2,
    FailedOtherReason = 3,

    /// <summary>Comes on a live session: somebody else has just tried to connect.</summary>
    AnotherAttempted = 4,
}

[Flags]
internal enum NotificationKinds
{
    None = 0,
    ConnectionAttempt = 1 << 0,
    ConnectionClose = 1 << 1,
    Gpi = 1 << 2,
    RoSpec = 1 << 3,
    BufferWarning = 1 << 4,
    BufferOverflow = 1 << 5,
    Exception = 1 << 6,
    Antenna = 1 << 7,
    UtcTime = 1 << 8,
    Uptime = 1 << 9,
}

/// <summary>
/// One READER_EVENT_NOTIFICATION (LLRP 1.0.1 section 16.1.33, data 16.2.7.6). A value counts only when its flag is in <see cref="Kinds"/>.
/// </summary>
internal struct ReaderNotification
{
    public NotificationKinds Kinds;

    /// <summary>Microseconds: since 1970 with UtcTime, since the reader's start with Uptime.</summary>
    public ulong ReaderTimeUs;

    public ConnectionAttempt Attempt;
    public ushort GpiPort;
    public bool GpiHigh;

    /// <summary>0 start, 1 end, 2 preemption of the ROSpec.</summary>
    public byte RoSpecEventType;
    public uint RoSpecId;

    /// <summary>How full the reader's report buffer is, percent.</summary>
    public byte BufferPercent;
    public ushort Antenna;
    public bool AntennaConnected;

    public readonly bool Has(NotificationKinds kind) => (Kinds & kind) == kind;

    /// <param name="body">What follows the message header.</param>
    /// <returns>False for a damaged message or one without ReaderEventNotificationData.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReaderNotification notification)
    {
        notification = default;
        bool found = false;
        var outer = new ParameterReader(body);
        while (outer.TryNext(out LlrpParameter data))
        {
            if (data.Type != ParameterType.ReaderEventNotificationData)
            {
                continue;
            }
            found = true;
            var inner = new ParameterReader(data.Value);
            while (inner.TryNext(out LlrpParameter parameter))
            {
                if (!notification.TryTake(parameter))
                {
                    return false;
                }
            }
            if (inner.Damaged)
            {
                return false;
            }
        }
        return found && !outer.Damaged;
    }

    /// <summary>
    /// <code>
    /// UTCTimestamp, Uptime   us:64
    /// GPIEvent               port:16 | high:1 reserved:7
    /// ROSpecEvent            type:8 | ROSpec:32 | preempting ROSpec:32
    /// BufferLevelWarning     percent:8          BufferOverflow, ConnectionClose   empty
    /// ReaderException        n:16 | n bytes UTF-8 | optional ids
    /// AntennaEvent           type:8 (0 disconnected, 1 connected) | antenna:16
    /// ConnectionAttempt      status:16
    /// </code>
    /// </summary>
    private bool TryTake(in LlrpParameter parameter)
    {
        ReadOnlySpan<byte> v = parameter.Value;
        switch (parameter.Type)
        {
            case ParameterType.UtcTimestamp when v.Length == 8:
                ReaderTimeUs = BinaryPrimitives.ReadUInt64BigEndian(v);
                Kinds |= NotificationKinds.UtcTime;
                return true;
            case ParameterType.Uptime when v.Length == 8:
                ReaderTimeUs = BinaryPrimitives.ReadUInt64BigEndian(v);
                Kinds |= NotificationKinds.Uptime;
                return true;
            case ParameterType.GpiEvent when v.Length == 3:
                GpiPort = BinaryPrimitives.ReadUInt16BigEndian(v);
                GpiHigh = (v[2] & 0x80) != 0;
                Kinds |= NotificationKinds.Gpi;
                return true;
            case ParameterType.RoSpecEvent when v.Length == 9:
                RoSpecEventType = v[0];
                RoSpecId = BinaryPrimitives.ReadUInt32BigEndian(v[1..]);
                Kinds |= NotificationKinds.RoSpec;
                return true;
            case ParameterType.ReportBufferLevelWarning when v.Length == 1:
                BufferPercent = v[0];
                Kinds |= NotificationKinds.BufferWarning;
                return true;
            case ParameterType.ReportBufferOverflow when v.IsEmpty:
                Kinds |= NotificationKinds.BufferOverflow;
                return true;
            case ParameterType.ReaderExceptionEvent when v.Length >= 2 && v.Length >= 2 + BinaryPrimitives.ReadUInt16BigEndian(v):
                Kinds |= NotificationKinds.Exception;
                return true;
            case ParameterType.AntennaEvent when v.Length == 3:
                AntennaConnected = v[0] == 1;
                Antenna = BinaryPrimitives.ReadUInt16BigEndian(v[1..]);
                Kinds |= NotificationKinds.Antenna;
                return true;
            case ParameterType.ConnectionAttemptEvent when v.Length == 2:
                Attempt = (ConnectionAttempt)BinaryPrimitives.ReadUInt16BigEndian(v);
                Kinds |= NotificationKinds.ConnectionAttempt;
                return true;
            case ParameterType.ConnectionCloseEvent when v.IsEmpty:
                Kinds |= NotificationKinds.ConnectionClose;
                return true;
            case ParameterType.UtcTimestamp or ParameterType.Uptime or ParameterType.GpiEvent or ParameterType.RoSpecEvent
                or ParameterType.ReportBufferLevelWarning or ParameterType.ReportBufferOverflow or ParameterType.ReaderExceptionEvent
                or ParameterType.AntennaEvent or ParameterType.ConnectionAttemptEvent or ParameterType.ConnectionCloseEvent:
                return false; // a length that the parameter cannot have
            default:
                return true;
        }
    }

    /// <summary>The text of the ReaderExceptionEvent, or an empty string. Apart from <see cref="TryRead"/>, for it allocates.</summary>
    public static string ExceptionText(ReadOnlySpan<byte> body)
    {
        var outer = new ParameterReader(body);
        while (outer.TryNext(out LlrpParameter data))
        {
            var inner = new ParameterReader(data.Value);
            while (data.Type == ParameterType.ReaderEventNotificationData && inner.TryNext(out LlrpParameter parameter))
            {
                if (parameter.Type == ParameterType.ReaderExceptionEvent && parameter.Value.Length >= 2)
                {
                    int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(parameter.Value), parameter.Value.Length - 2);
                    return LlrpStatus.ReadableText(parameter.Value.Slice(2, length));
                }
            }
        }
        return "";
    }
}
