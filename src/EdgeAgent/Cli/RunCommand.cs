using System.CommandLine;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;
using Microsoft.Extensions.Logging.Console;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent run CONFIG</c>: the worker service.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = new Argument<string>("CONFIG") { Description = "The device configuration." };
        var state = new Option<string>("--state")
        {
            Description = "Folder for the outbox; kept over restarts and upgrades.", HelpName = "DIR", DefaultValueFactory = _ => "state",
        };
        var models = new Option<string?>("--models") { Description = "Folder of the model files; $EDGE_MODELS, else ./models.", HelpName = "DIR" };
        var synthetic = new Option<bool>("--allow-synthetic-models") { Description = "Run with the models of the demo, which see nothing in a real shop." };
        var command = new Command("run", "Runs the agent on live cameras and readers until Ctrl-C or SIGTERM; then drains and says \"stopped\".")
        {
            config, state, models, synthetic,
        };
        command.SetAction((result, cancel) => RunAsync(
            ConfigFile.Load(result.GetRequiredValue(config)), new ModelStore(result.GetValue(models)), result.GetValue(synthetic),
            result.GetRequiredValue(state), cancel));
        return command.WithExamples(
            """
            edge-agent run /etc/edge-agent/store.json --state /var/lib/edge-agent --models /var/lib/edge-agent/models
            Under systemd (Type=notify) it reports readiness and, with WatchdogSec, its heartbeat.
            """);
    }

    private static async Task<int> RunAsync(DeviceConfig config, ModelStore models, bool allowSynthetic, string state, CancellationToken cancel)
    {
        if (config.Broker is not BrokerConfig broker)
        {
            throw new ConfigFileException("The configuration names no broker; add \"broker\": {\"host\": …, \"port\": …}.");
        }
        if (config.Cameras.FirstOrDefault(c => c.Source.StartsWith("clip:", StringComparison.Ordinal)) is CameraConfig clip)
        {
            throw new ConfigFileException($"Camera {clip.Id} plays a clip; `run` takes live sources, `replay` takes recordings.");
        }
        if (config.Readers.FirstOrDefault(r => !r.Source.StartsWith("llrp://", StringComparison.Ordinal) && !r.Source.StartsWith("llrps://", StringComparison.Ordinal)) is ReaderConfig recording)
        {
            throw new ConfigFileException($"Reader {recording.Id} plays a recording; `run` takes llrp://HOST, `replay` takes recordings.");
        }
        if (config.Cameras.Select(CameraPassword.Fault).FirstOrDefault(fault => fault is not null) is string password)
        {
            throw new ConfigFileException(password);
        }
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        var time = new SteadyTime(TimeProvider.System);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Logging.ClearProviders().AddConsole(console => console.FormatterName = "lines").AddConsoleFormatter<LogLines, ConsoleFormatterOptions>();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddSingleton(services => new Agent(
            config, broker, models, allowSynthetic, state, time, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService<AgentService>();
        using IHost host = builder.Build();
        // Built here, so that a missing model or an unusable outbox is a sentence and an exit code, not a failed service. The host disposes it.
        _ = host.Services.GetRequiredService<Agent>();
        await host.RunAsync(cancel);
        return Environment.ExitCode;
    }
}
