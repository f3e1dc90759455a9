namespace EdgeAgent.Mqtt;

/// <summary>How a call of the MQTT library ended; the numbers of enum mosq_err_t. From 128 on a number is a reason code of the broker.</summary>
internal static class WireResult
{
    public const int Success = 0;
    public const int Protocol = 2;
    public const int NoConnection = 4;
    public const int ConnectionLost = 7;
    public const int Tls = 8;
    public const int PayloadSize = 9;
    public const int Errno = 14;
    public const int MalformedUtf8 = 18;
    public const int KeepAlive = 19;
    public const int MalformedPacket = 21;
    public const int OversizePacket = 25;
}
