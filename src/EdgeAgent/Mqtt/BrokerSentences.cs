using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>Why a broker cannot be used, in sentences that name it and say what to do.</summary>
internal static class BrokerSentences
{
    public static BrokerException Unreachable(BrokerConfig broker, string why, string remedy, Exception inner, LinkError error = LinkError.Unreachable) =>
        new($"The MQTT broker at {broker.Host}:{broker.Port} cannot be reached: {why}. {remedy}", inner, error);

    /// <summary>A CONNACK that said no.</summary>
    public static BrokerException Refused(BrokerConfig broker, string clientId, int code)
    {
        var at = $"The MQTT broker at {broker.Host}:{broker.Port}";
        // 1 to 5 are the return codes of 3.1.1, the rest reason codes of 5.
        (LinkError error, string words) = code switch
        {
            4 or (int)MqttReason.BadUserNameOrPassword => (LinkError.BadCredentials,
                $"{at} refused client '{clientId}': bad user name or password. Check broker.user and broker.passwordFile."),
            5 or (int)MqttReason.NotAuthorized => (LinkError.NotAuthorized,
                $"{at} refused client '{clientId}': not authorised. Check broker.user, broker.passwordFile and the broker's access rules."),
            2 or (int)MqttReason.ClientIdNotValid => (LinkError.ClientIdRefused,
                $"{at} refused the client id '{clientId}'. Check store.box and the broker's rules for client ids."),
            1 or (int)MqttReason.UnsupportedProtocolVersion => (LinkError.Refused, $"{at} speaks neither MQTT 5 nor MQTT 3.1.1. Use another broker."),
            _ => (LinkError.Refused,
                $"{at} refused client '{clientId}': {(code < 0x80 ? $"return code {code}" : MqttConnection.Words(code))}. Check the broker's log."),
        };
        return new BrokerException(words, null, error);
    }

    /// <param name="finding">What a look at the broker's certificate found.</param>
    public static BrokerException TlsFailed(BrokerConfig broker, string? complaint, (LinkError Error, string Words) finding) =>
        new($"TLS with the MQTT broker at {broker.Host}:{broker.Port} failed: {finding.Words} ({(complaint ?? "no answer").TrimEnd('.')}). "
            + finding.Error switch
            {
                LinkError.OwnCertificateRefused =>
                    "Check that broker.tls.certFile is in date and of a CA that the broker trusts; without one, that the broker asks for none.",
                LinkError.TlsFailed => "Check that broker.port is the broker's TLS port, and its TLS versions.",
                LinkError.BrokerCertificateUntrusted => $"Check that {broker.Tls!.CaFile} is the CA of the broker.",
                LinkError.BrokerCertificateWrongHost => $"Give the broker a certificate that names '{broker.Host}', or call it in broker.host as its certificate does.",
                _ => "Renew the broker's certificate, or set the clock that is wrong.",
            },
            null, finding.Error);

    /// <param name="closed">The library's result when the connection was closed; null when nothing came in time.</param>
    public static BrokerException Mute(BrokerConfig broker, int? closed, string? complaint)
    {
        var why = closed is null ? "did not answer" : $"closed the connection ({complaint ?? MqttConnection.Words(closed.Value)})";
        return new BrokerException(
            $"The MQTT broker at {broker.Host}:{broker.Port} {why}. If it expects TLS set broker.tls, else check that it is an MQTT broker.", null,
            closed is null ? LinkError.NoAnswer : ErrorOf(closed.Value));
    }

    /// <summary>Why a connection that was up has ended.</summary>
    public static string Ended(int code, string? complaint) => code == WireResult.Success ? "closed by this agent" : complaint ?? MqttConnection.Words(code);

    /// <param name="code">A reason code of the broker's DISCONNECT, or the library's result.</param>
    public static LinkError ErrorOf(int code) => code switch
    {
        (int)MqttReason.SessionTakenOver => LinkError.TakenOver,
        (int)MqttReason.NotAuthorized => LinkError.NotAuthorized,
        >= 0x80 => LinkError.Refused,
        WireResult.KeepAlive => LinkError.Silent,
        WireResult.Tls => LinkError.TlsFailed,
        WireResult.Protocol or WireResult.MalformedUtf8 or WireResult.MalformedPacket or WireResult.OversizePacket => LinkError.ProtocolError,
        WireResult.ConnectionLost => LinkError.ClosedByBroker,
        _ => LinkError.Network,
    };
}
