namespace EdgeAgent.Mqtt;

internal sealed partial class MqttLink
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the MQTT broker at {Host}:{Port} in MQTT {Protocol}; session present: {SessionPresent}.")]
    private static partial void LogUp(ILogger logger, string host, int port, string protocol, bool sessionPresent);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to the MQTT broker at {Host}:{Port} ended: {Reason}. It is opened again; events wait in the outbox.")]
    private static partial void LogDown(ILogger logger, string host, int port, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Trying again; events wait in the outbox.")]
    private static partial void LogNotConnected(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Another client took over the name '{ClientId}' at the broker. Two boxes must not share a name: correct store.box of one. Trying again later, and less and less often.")]
    private static partial void LogTakenOver(ILogger logger, string clientId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The broker refused the subscription to {Filter} with reason {Reason}: what arrives there is not seen. Check the broker's access rules.")]
    private static partial void LogSubscriptionRefused(ILogger logger, string filter, int reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The MQTT broker at {Host}:{Port} speaks 3.1.1 only: it acknowledges and drops what it refuses, and nobody is told. The state is degraded until it speaks MQTT 5.")]
    private static partial void LogOldProtocol(ILogger logger, string host, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection to the MQTT broker at {Host}:{Port} is opened anew, for the certificate's files have changed.")]
    private static partial void LogRenewing(ILogger logger, string host, int port);
}
