using System.CommandLine;
using System.ComponentModel;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Replay;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Cli;

/// <summary>
/// <c>edge-agent demo</c>: a drawn store, a real broker, a subscriber that shows each event as it arrives, and what was found beside the truth.
/// </summary>
internal static class DemoCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var scenario = new Option<string?>("--scenario") { Description = "A scenario folder to show instead of the drawn store.", HelpName = "DIR" };
        var models = new Option<string?>("--models") { Description = "Folder of the model files, for scenarios with real models.", HelpName = "DIR" };
        var speed = new Option<string>("--speed") { Description = "max: as fast as the machine can; 1: at the speed of the scene.", DefaultValueFactory = _ => "max" };
        speed.AcceptOnlyFromAmong("max", "1");
        var keep = new Option<string?>("--keep") { Description = "Writes the drawn scenario (clip, LLRP bytes, truth) to this folder and leaves it there.", HelpName = "DIR" };
        var command = new Command("demo", "Shows the whole chain without any hardware: clip and LLRP bytes in, events out of a real MQTT broker.")
        {
            scenario, models, speed, keep,
        };
        command.SetAction((result, cancel) => RunAsync(
            result.GetValue(scenario), result.GetValue(keep), new ModelStore(result.GetValue(models)), result.GetValue(speed) == "1", cancel));
        return command;
    }

    private static async Task<int> RunAsync(string? folder, string? keep, ModelStore models, bool realTime, CancellationToken cancel)
    {
        if (MosquittoBroker.Executable is null)
        {
            throw new BrokerException("The demo starts a mosquitto of its own, which is not installed; install it with: apt-get install mosquitto");
        }
        string? temporary = null;
        try
        {
            if (folder is null)
            {
                folder = keep ?? (temporary = Directory.CreateTempSubdirectory("edge-agent-demo-").FullName);
                Terminal.Line("Drawing a store with seven visitors and writing what its camera and its exit gate would send …");
                await DrawAsync(folder, cancel);
            }
            return await ShowAsync(Scenario.Open(folder), models, realTime, cancel);
        }
        finally
        {
            if (temporary is not null)
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static async Task DrawAsync(string folder, CancellationToken cancel)
    {
        try
        {
            await ScenarioFolder.WriteDemoAsync(folder, cancel);
        }
        catch (Win32Exception)
        {
            throw new ScenarioException("The demo writes its clip with ffmpeg, which is not installed; install it with: apt-get install ffmpeg");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new ScenarioException($"The demo cannot be written to {folder}: {e.Message}");
        }
    }

    private static async Task<int> ShowAsync(Scenario scenario, ModelStore models, bool realTime, CancellationToken cancel)
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        var address = new BrokerConfig("127.0.0.1", broker.Port);
        Terminal.Line($"mosquitto listens on 127.0.0.1:{broker.Port}. {scenario.Story}");
        Terminal.Line("Each line below is an event as an MQTT subscriber received it:");
        Terminal.Line("");

        var topics = new Topics(scenario.Config.Store);
        Channel<ReadOnlyMemory<byte>> arrived = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
        var subscriber = new MqttLink(address, "demo-subscriber", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance, inboundCapacity: 4096);
        subscriber.Subscribe(topics.Full("evt") + "/#", (message, _) =>
        {
            Terminal.Line(EventLine.Describe(message.Payload));
            return arrived.Writer.WriteAsync(message.Payload.ToArray(), CancellationToken.None);
        });
        Task listening = subscriber.RunAsync(cancel);
        await subscriber.WaitUpAsync(cancel).WaitAsync(s_patience, TimeProvider.System, cancel);

        var score = new Score(scenario.Truth ?? new Truth());
        var sent = new HashSet<string>(StringComparer.Ordinal);
        byte[]? held = null;
        await new ReplayRun(scenario, models, new ReplayOptions(Broker: address, Speed: realTime ? 1 : null)).RunAsync(
            happening =>
            {
                score.Take(happening.Event);
                held ??= happening.Event is ShopEvent.ExitHeld ? EvidenceJson.Of(happening.Event, happening.Egress.Id, epc => EpcIdentity.Identify(epc).Gtin) : null;
                if (happening.Egress.Topic.StartsWith("evt/", StringComparison.Ordinal))
                {
                    sent.Add(Convert.ToHexString(happening.Egress.Envelope.Span));
                }
            },
            cancel);
        int total = sent.Count;
        await TakeAllAsync(arrived.Reader, sent, cancel);
        await subscriber.DisconnectAsync();
        await listening;

        Terminal.Line("");
        Terminal.Line(sent.Count == 0
            ? $"All {total} events arrived at the subscriber, byte for byte as they left."
            : $"{sent.Count} of {total} events did not arrive at the subscriber.");
        Terminal.Line("");
        ScoreTable.Print(score);
        if (held is not null)
        {
            Terminal.Line("");
            Terminal.Line("Why one of the bags is left to a person, as \"edge-agent explain EVENT-ID\" says it at the box:");
            Terminal.Line("");
            Terminal.Line(EvidencePage.Of(held));
        }
        bool right = sent.Count == 0 && score.Kinds().Values.All(k => k.Missed == 0 && k.Extra == 0);
        return right ? ExitCode.Ok : ExitCode.Different;
    }

    /// <summary>Strikes off what arrived, until nothing is left or the patience ends.</summary>
    private static async Task TakeAllAsync(ChannelReader<ReadOnlyMemory<byte>> arrived, HashSet<string> sent, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            while (sent.Count > 0)
            {
                sent.Remove(Convert.ToHexString((await arrived.ReadAsync(either.Token)).Span));
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }
    }
}
