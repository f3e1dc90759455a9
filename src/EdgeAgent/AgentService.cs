namespace EdgeAgent;

/// <summary>The agent as a hosted service: starts it, tells systemd how it is, stops it in order.</summary>
internal sealed partial class AgentService(Agent agent, StartCount starts, IHostApplicationLifetime lifetime, ILogger<AgentService> log, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var systemd = SdNotify.FromEnvironment();
        systemd.Ready();
        LogStarted(AgentVersion.Text);
        Task heartbeat = HeartbeatAsync(systemd, () => agent.Progress, time, stoppingToken);
        try
        {
            using CancellationTokenRegistration stopping = stoppingToken.Register(systemd.Stopping);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            using ITimer good = time.CreateTimer(_ => IsGood(stop), null, StartCount.Window, Timeout.InfiniteTimeSpan);
            bool kept = await agent.RunAsync(stop.Token);
            starts.Good();
            if (kept)
            {
                LogStopped();
            }
            else
            {
                LogStoppedWithLoss();
            }
        }
        catch (Exception e)
        {
            // A bug in a room: hot restarts hide it, a dead service shows it. The service manager starts the agent anew.
            LogBroken(e);
            Environment.ExitCode = Cli.ExitCode.Bug;
        }
        finally
        {
            lifetime.StopApplication();
            await heartbeat;
        }
    }

    /// <summary>Ran for ten minutes: earlier bad ends count no more. In safe mode it is time to try the whole shop again.</summary>
    private void IsGood(CancellationTokenSource stop)
    {
        starts.Good();
        if (agent.IsSafeMode)
        {
            stop.Cancel();
        }
    }

    /// <summary>A heartbeat is sent only when the shop has taken in something since the last one: a stuck loop stops the watchdog's food.</summary>
    internal static async Task HeartbeatAsync(SdNotify systemd, Func<long> progress, TimeProvider time, CancellationToken stop)
    {
        if (systemd.WatchdogPeriod is not TimeSpan period)
        {
            return;
        }
        using var timer = new PeriodicTimer(period, time);
        long before = -1;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                long now = progress();
                if (now != before)
                {
                    systemd.Watchdog();
                }
                before = now;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Edge agent {Version} started.")]
    private partial void LogStarted(string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Edge agent stopped; everything that was taken in is sent or on disk.")]
    private partial void LogStopped();

    [LoggerMessage(Level = LogLevel.Information, Message = "Edge agent stopped; what was in memory only is lost, and the errors beside this line say how much.")]
    private partial void LogStoppedWithLoss();

    [LoggerMessage(Level = LogLevel.Critical, Message = "A room of the agent broke; the agent stops and wants to be started anew.")]
    private partial void LogBroken(Exception e);
}
