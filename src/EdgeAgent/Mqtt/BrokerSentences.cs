using EdgeAgent.Core.Config;

namespace EdgeAgent.Mqtt;

/// <summary>Why a broker cannot be used, in sentences that name it and say what to do.</summary>
internal static class BrokerSentences
{
    public static BrokerException Unreachable(BrokerConfig broker, string why, string remedy, Exception inner) =>
        new($"The MQTT broker at {broker.Host}:{broker.Port} cannot be reached: {why}. {remedy}", inner);

    /// <param name="first">What came instead of a good CONNACK; null when nothing came in time.</param>
    public static BrokerException NotConnected(BrokerConfig broker, string clientId, Signal? first, string? complaint)
    {
        var at = $"The MQTT broker at {broker.Host}:{broker.Port}";
        if (first is { Kind: SignalKind.ConnAck } refused)
        {
            // 1 to 5 are the return codes of 3.1.1, the rest reason codes of 5.
            return new BrokerException(refused.Code switch
            {
                4 or (int)MqttReason.BadUserNameOrPassword =>
                    $"{at} refused client '{clientId}': bad user name or password. Check broker.user and broker.passwordFile.",
                5 or (int)MqttReason.NotAuthorized =>
                    $"{at} refused client '{clientId}': not authorised. Check broker.user, broker.passwordFile and the broker's access rules.",
                2 or (int)MqttReason.ClientIdNotValid => $"{at} refused the client id '{clientId}'. Check store.box and the broker's rules for client ids.",
                1 or (int)MqttReason.UnsupportedProtocolVersion => $"{at} speaks neither MQTT 5 nor MQTT 3.1.1. Use another broker.",
                var code => $"{at} refused client '{clientId}': {(code < 0x80 ? $"return code {code}" : Libmosquitto.Words(code))}. Check the broker's log.",
            });
        }
        if (broker.Tls is { } tls)
        {
            return new BrokerException(
                $"TLS with the MQTT broker at {broker.Host}:{broker.Port} failed: {(complaint ?? (first is null ? "no answer" : Libmosquitto.Words(first.Value.Code))).TrimEnd('.')}. "
                + $"Check that {tls.CaFile} is the CA of the broker, that the broker's certificate names '{broker.Host}' and is in date, and that this box has the certificate it asks for.");
        }
        var why = first is null ? "did not answer" : $"closed the connection ({complaint ?? Libmosquitto.Words(first.Value.Code)})";
        return new BrokerException($"{at} {why}. If it expects TLS set broker.tls, else check that it is an MQTT broker.");
    }

    /// <summary>Why a connection that was up has ended.</summary>
    public static string Ended(int code, string? complaint) => code == Libmosquitto.Success ? "closed by this agent" : complaint ?? Libmosquitto.Words(code);
}
