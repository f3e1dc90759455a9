using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Doctor;

/// <summary>
/// The broker: reached, lets this box in, permits its topics; and how long the box's certificate lasts. It goes by a name of its own, so that a
/// running agent is not thrown out, and publishes one empty answer to a client that does not exist.
/// </summary>
internal sealed class BrokerCheck(DeviceConfig config, TimeProvider time)
{
    private const int SoonDays = 30;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancel)
    {
        if (config.Broker is not BrokerConfig broker)
        {
            return [new Finding("broker", "", Verdict.Failed, "The configuration names no broker: events stay on the box.", "Add the section broker.")];
        }
        var found = new List<Finding>();
        if (Certificate(broker) is Finding certificate)
        {
            found.Add(certificate);
        }
        found.Add(await ConnectAsync(broker, cancel));
        return found;
    }

    private Finding? Certificate(BrokerConfig broker)
    {
        try
        {
            if (BoxCertificate.Read(broker) is not BoxCertificate mine)
            {
                return null;
            }
            int days = (int)Math.Floor((mine.NotAfter - time.GetUtcNow()).TotalDays);
            string file = broker.Tls!.CertFile!;
            return !mine.Is(config.Store) ? new Finding("certificate", "", Verdict.Failed, BoxCertificate.OtherBox(broker, mine, config.Store), "Each box has a certificate of its own.")
                : time.GetUtcNow() < mine.NotBefore ? new Finding("certificate", "", Verdict.Failed, $"{file} is valid from {mine.NotBefore:yyyy-MM-dd} only", "Set the clock, or wait until then.")
                : days < 0 ? new Finding("certificate", "", Verdict.Failed, $"{file} ended on {mine.NotAfter:yyyy-MM-dd}", "Put a new certificate and key in its place; no restart is needed.")
                : days < SoonDays ? new Finding("certificate", "", Verdict.Warning, $"{file} ends in {days} days", "Renew it; put the new files in place, no restart is needed.")
                : new Finding("certificate", "", Verdict.Ok, $"{days} days left");
        }
        catch (BrokerException e)
        {
            return new Finding("certificate", "", Verdict.Failed, e.Message, "Make both files anew; docs/broker.md says how.");
        }
    }

    private async Task<Finding> ConnectAsync(BrokerConfig broker, CancellationToken cancel)
    {
        string where = $"{broker.Host}:{broker.Port}";
        using var link = new MqttLink(broker, config.Store.Box + "-doctor", Randomness.System, time, NullLogger<MqttLink>.Instance) { Temporary = true };
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        Task? running = null;
        try
        {
            // First a try by itself, for its sentence; then a connection to publish with.
            await link.TryConnectOnceAsync(either.Token);
            running = link.RunAsync(CancellationToken.None);
            LinkUp up = await link.WaitUpAsync(either.Token);
            string topic = new Topics(config.Store).Full("rsp/doctor");
            MqttReason answer = await link.PublishAsync(topic, ReadOnlyMemory<byte>.Empty, qos: 1, retain: false, either.Token);
            return answer.IsRefusal() ? new Finding("broker", where, Verdict.Failed, $"lets this box in and refuses it {topic} ({answer})", "Give this box its topics in the broker's access list; docs/broker.md has an example.")
                : !answer.IsSuccess() ? new Finding("broker", where, Verdict.Failed, $"did not acknowledge a message ({answer})", "Look at the broker's log.")
                : up.Protocol < 5 ? new Finding("broker", where, Verdict.Warning, "works, with MQTT 3.1.1: what it refuses it drops without a word", "Use a broker that speaks MQTT 5.")
                : new Finding("broker", where, Verdict.Ok, $"lets this box in and takes its messages{(broker.Tls is null ? ", without TLS" : "")}");
        }
        catch (BrokerException e)
        {
            return new Finding("broker", where, Verdict.Failed, e.Message, "See what the sentence says; docs/broker.md sets up a broker step by step.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Finding("broker", where, Verdict.Failed, link.LastError ?? $"no answer within {s_patience.TotalSeconds:0} s", "Look at the broker's log and at the network.");
        }
        finally
        {
            await link.DisconnectAsync();
            await (running ?? Task.CompletedTask);
        }
    }
}
