namespace EdgeAgent.Mqtt;

/// <summary>What became of a publish. 0 to 255 is the broker's own reason code (MQTT 5, 2.4); below zero the broker has not answered.</summary>
internal enum MqttReason
{
    /// <summary>No connection, or it was lost before the answer: the message may or may not have arrived.</summary>
    NoConnection = -1,

    /// <summary>No answer in time; the connection is given up.</summary>
    TimedOut = -2,

    /// <summary>The firewall of this box did not let it out.</summary>
    Withheld = -3,

    Success = 0,
    NoMatchingSubscribers = 0x10,
    UnsupportedProtocolVersion = 0x84,
    ClientIdNotValid = 0x85,
    BadUserNameOrPassword = 0x86,
    NotAuthorized = 0x87,
    SessionTakenOver = 0x8E,
    TopicNameInvalid = 0x90,
    PacketTooLarge = 0x95,
    QuotaExceeded = 0x97,
    PayloadFormatInvalid = 0x99,
}

internal static class MqttReasons
{
    public static bool IsSuccess(this MqttReason reason) => (int)reason is >= 0 and < 0x80;

    /// <summary>The broker answered, and said no.</summary>
    public static bool IsRefusal(this MqttReason reason) => (int)reason >= 0x80;

    /// <summary>The same message will be refused however often it is sent.</summary>
    public static bool IsFinal(this MqttReason reason) =>
        reason is MqttReason.PacketTooLarge or MqttReason.TopicNameInvalid or MqttReason.PayloadFormatInvalid;
}
