using System.Net.Sockets;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>What is looked at before the library is asked, because it blocks for minutes or says less about it.</summary>
internal static class BrokerProbe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens and closes a TCP connection, so that a dead host costs five seconds and not the kernel's two minutes.</summary>
    public static async Task ReachAsync(BrokerConfig broker, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(broker.Host, broker.Port, either.Token);
        }
        catch (SocketException e)
        {
            throw e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => BrokerSentences.Unreachable(broker, "nothing listens there", "Start the broker, or correct broker.host and broker.port.", e),
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                    BrokerSentences.Unreachable(broker, "the name is not known", "Correct broker.host, or check the name server.", e, LinkError.NameUnknown),
                _ => BrokerSentences.Unreachable(broker, e.Message, "Check the network.", e),
            };
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw BrokerSentences.Unreachable(broker, $"no answer within {s_patience.TotalSeconds} s", "Check the network and the firewall.", e);
        }
    }

    /// <summary>Makes the connection with the files as they are now: a renewed certificate or password is used at the next try.</summary>
    public static MqttConnection Prepare(BrokerConfig broker, Func<string?, MqttConnection> make)
    {
        Exists(broker, broker.Tls?.CaFile, "broker.tls.caFile");
        Exists(broker, broker.Tls?.CertFile, "broker.tls.certFile");
        Exists(broker, broker.Tls?.KeyFile, "broker.tls.keyFile");
        try
        {
            return make(broker.PasswordFile is null ? null : File.ReadAllText(broker.PasswordFile).TrimEnd('\r', '\n'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"The password for the MQTT broker at {broker.Host}:{broker.Port} cannot be read: {e.Message.TrimEnd('.')}. Check broker.passwordFile.", e, LinkError.Files);
        }
        catch (DllNotFoundException e)
        {
            throw new BrokerException($"The MQTT broker at {broker.Host}:{broker.Port} cannot be called: {MqttLibrary.File} is not installed. Run apt-get install {MqttLibrary.Package}.", e, LinkError.Files);
        }
    }

    private static void Exists(BrokerConfig broker, string? file, string path)
    {
        if (file is not null && !File.Exists(file))
        {
            throw new BrokerException($"TLS with the MQTT broker at {broker.Host}:{broker.Port} is not possible: {path} names {file}, which does not exist.", null, LinkError.Files);
        }
    }
}
