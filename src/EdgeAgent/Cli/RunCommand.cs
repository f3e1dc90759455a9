using System.CommandLine;
using EdgeAgent.Config;
using EdgeAgent.Core.Config;
using EdgeAgent.Dashboard;
using EdgeAgent.Egress;
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
        var trust = new Option<string?>("--trust")
        {
            Description = "Folder of the public keys (*.pem) whose remote documents are believed; trust in the state folder. Without keys nobody is.", HelpName = "DIR",
        };
        var privacy = new Option<string?>("--privacy")
        {
            Description = "The most that a remote configuration may switch on about people; privacy.json beside CONFIG, and without it what CONFIG has on.", HelpName = "FILE",
        };
        var command = new Command("run", "Runs the agent on live cameras and readers until Ctrl-C or SIGTERM; then drains and says \"stopped\".")
        {
            config, state, models, synthetic, trust, privacy,
        };
        command.SetAction((result, cancel) =>
        {
            string file = result.GetRequiredValue(config);
            string folder = result.GetRequiredValue(state);
            ActiveConfig local = ConfigFile.LoadActive(file);
            CheckLive(local.Config);
            return RunAsync(
                new AgentSetup(
                    local, CeilingFile.Load(result.GetValue(privacy), file, local.Config), new ModelStore(result.GetValue(models)), result.GetValue(synthetic), folder,
                    result.GetValue(trust) ?? Path.Combine(folder, "trust")),
                cancel);
        });
        return command.WithExamples(
            """
            edge-agent run /etc/edge-agent/store.json --state /var/lib/edge-agent --models /var/lib/edge-agent/models
            Under systemd (Type=notify) it reports readiness and, with WatchdogSec, its heartbeat.
            """);
    }

    private static void CheckLive(DeviceConfig config)
    {
        var errors = new List<ConfigError>();
        LiveRules.Check(config, errors);
        if ((errors.FirstOrDefault()?.Message ?? config.Cameras.Select(CameraPassword.Fault).FirstOrDefault(fault => fault is not null)) is string fault)
        {
            throw new ConfigFileException(fault);
        }
    }

    private static async Task<int> RunAsync(AgentSetup setup, CancellationToken cancel)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        var time = new SteadyTime(TimeProvider.System);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Logging.ClearProviders().AddConsole(console =>
        {
            console.FormatterName = "lines";
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // whoever reads the log may stop reading: that stops no shop
        }).AddConsoleFormatter<LogLines, ConsoleFormatterOptions>();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        var counts = new LogCounts();
        builder.Logging.AddProvider(counts);
        var wall = new LogFirewall(setup.StateFolder);
        builder.Services.AddSingleton(wall);
        setup = setup with { LogCounts = counts, LogWall = wall };
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        var starts = new StartCount(setup.StateFolder, TimeProvider.System);
        int badStarts = starts.Begin();
        builder.Services.AddSingleton(starts);
        builder.Services.AddSingleton(services => new Agent(setup, time, services.GetRequiredService<ILoggerFactory>(), badStarts));
        builder.Services.AddHostedService<AgentService>();
        using IHost host = builder.Build();
        // Built here, so that a missing model or an unusable outbox is a sentence and an exit code, not a failed service. The host disposes it.
        try
        {
            _ = host.Services.GetRequiredService<Agent>();
        }
        catch (OutboxException)
        {
            starts.Forget();
            throw;
        }
        await host.RunAsync(cancel);
        return Environment.ExitCode;
    }
}
