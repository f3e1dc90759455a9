namespace EdgeAgent.Mqtt;

/// <summary>What must be installed beside the agent to reach a broker.</summary>
internal static class MqttLibrary
{
    public const string File = "libmosquitto.so.1";

    /// <summary>Of Debian.</summary>
    public const string Package = "libmosquitto1";

    /// <summary>False in a build whose MQTT client comes with the agent.</summary>
    public const bool IsNeeded = true;
}
