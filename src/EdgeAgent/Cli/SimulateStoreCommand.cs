using System.CommandLine;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Replay;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Cameras;
using EdgeAgent.Simulators.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent simulate store</c> and <c>simulate camera</c>: hardware for a running agent that a machine without any has.</summary>
internal static class SimulateStoreCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static Command CreateStore()
    {
        var output = new Option<string>("--out") { Description = "Folder for the configuration of the agent; made when it is not there.", HelpName = "FOLDER", DefaultValueFactory = _ => "simulated-store" };
        var command = new Command("store", "A whole store without hardware: an RTSP camera with a drawn shop, an LLRP reader with its gate, and a broker whose events are shown. Ctrl-C ends it.") { output };
        command.SetAction(async (result, cancel) =>
        {
            if (MosquittoBroker.Executable is null)
            {
                throw new BrokerException("A simulated store has a mosquitto of its own, which is not installed; install it with: apt-get install mosquitto");
            }
            string folder = Path.GetFullPath(result.GetRequiredValue(output));
            Terminal.Line("Drawing a store with seven visitors …");
            await using LiveStore store = await MakeAsync(() => LiveStore.OpenAsync(folder, TimeProvider.System, cancel));
            Terminal.Line($"Camera {store.Camera.Address}, reader llrp://127.0.0.1:{store.Reader.Port}, broker 127.0.0.1:{store.BrokerPort}.");
            Terminal.Line("Start the agent in another terminal:");
            Terminal.Line($"  edge-agent run {store.Config} --state {Path.Combine(folder, "state")} --allow-synthetic-models");
            Terminal.Line("");
            await ShowAsync(new BrokerConfig("127.0.0.1", store.BrokerPort), cancel);
            return ExitCode.Ok;
        });
        return command.WithExamples("edge-agent simulate store --out simulated-store");
    }

    public static Command CreateCamera()
    {
        var clip = new Argument<string>("CLIP") { Description = "Any video that ffmpeg reads; it is played over and over, in real time." };
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 takes any that is free.", DefaultValueFactory = _ => 8554 };
        var bind = new Option<string>("--bind") { Description = "Address to listen on; 0.0.0.0 lets other machines in.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var command = new Command("camera", "Plays a clip as an RTSP camera (H.264, RTP over the RTSP connection). Ctrl-C ends it.") { clip, port, bind };
        command.SetAction(async (result, cancel) =>
        {
            string file = result.GetRequiredValue(clip);
            if (!File.Exists(file))
            {
                throw new ScenarioException($"There is no clip {file}.");
            }
            (IPAddress address, int number) = ListenAddress.Parse(result.GetRequiredValue(bind), result.GetValue(port));
            await using RtspCamera camera = await MakeAsync(() => RtspCamera.StartAsync(file, address, number, cancel));
            Terminal.Line($"The camera is at {camera.Address}. Put this into an agent's configuration:");
            Terminal.Line($$"""  "cameras": [ { "id": "front", "source": "{{camera.Address}}", "doors": [ { "id": "entrance", "edge": "bottom" } ] } ]""");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return ExitCode.Ok;
        });
        return command.WithExamples("edge-agent simulate camera clip.mp4 --port 8554");
    }

    private static async Task<T> MakeAsync<T>(Func<Task<T>> make)
    {
        try
        {
            return await make();
        }
        catch (Win32Exception)
        {
            throw new ScenarioException("The simulated camera needs ffmpeg, which is not installed; install it with: apt-get install ffmpeg");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or SocketException)
        {
            throw new ScenarioException($"It cannot be simulated: {e.Message}");
        }
    }

    /// <summary>Each event as a subscriber receives it, until Ctrl-C.</summary>
    private static async Task ShowAsync(BrokerConfig broker, CancellationToken cancel)
    {
        var subscriber = new MqttLink(broker, "simulated-store", Randomness.System, TimeProvider.System, NullLogger<MqttLink>.Instance, inboundCapacity: 4096);
        subscriber.Subscribe("sst/v1/+/+/+/evt/#", (message, _) =>
        {
            if (!message.Topic.EndsWith("/batch", StringComparison.Ordinal))
            {
                Terminal.Line(EventLine.Describe(message.Payload));
            }
            return ValueTask.CompletedTask;
        });
        Task listening = subscriber.RunAsync(cancel);
        await subscriber.WaitUpAsync(cancel).WaitAsync(s_patience, TimeProvider.System, cancel);
        await listening;
    }
}
