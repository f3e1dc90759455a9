namespace EdgeAgent.Mqtt;

/// <summary>What must be installed beside the agent to reach a broker.</summary>
internal static class MqttLibrary
{
    public const string File = "libmosquitto.so.1";

    /// <summary>Of Debian.</summary>
    public const string Package = "libmosquitto1";
}
