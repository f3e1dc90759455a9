using EdgeAgent.Core.Config;

namespace EdgeAgent.Dashboard;

/// <summary>
/// Keeps the page open as the configuration says, anew when that changes. A page that cannot listen is no reason to close a shop: it is said and
/// tried again.
/// </summary>
internal sealed partial class PageRoom(PageSources sources, Func<string> token, TimeProvider time, ILogger<PageRoom> log)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                DashboardConfig? config = sources.Config().Dashboard;
                sources.Board.IsOn = config is not null;
                if (config is null)
                {
                    await UntilChangedAsync(config, null, stop);
                    continue;
                }
                await OpenAsync(config, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task OpenAsync(DashboardConfig config, CancellationToken stop)
    {
        await using OtlpExport? export = OtlpExport.Start(config, sources, time);
        try
        {
            string word = token();
            await using PageServer server = await PageServer.StartAsync(config, sources, word, time, log);
            LogOpen(Address(config.Listen, server.Port, word));
            await UntilChangedAsync(config, null, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogClosed(e.Message);
            await UntilChangedAsync(config, s_again, stop);
        }
    }

    /// <summary>What a person types, with the token in it.</summary>
    public static string Address(string listen, int port, string token) =>
        $"http://{(listen is "0.0.0.0" or "::" ? "localhost" : listen.Contains(':', StringComparison.Ordinal) ? $"[{listen}]" : listen)}:{port}/?token={token}";

    private async Task UntilChangedAsync(DashboardConfig? config, TimeSpan? patience, CancellationToken stop)
    {
        long began = time.GetTimestamp();
        while (ConfigSections.Same(sources.Config().Dashboard, config) && (patience is null || time.GetElapsedTime(began) < patience))
        {
            await Task.Delay(s_look, time, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The local page is at {Address}; whoever has this address sees it.")]
    private partial void LogOpen(string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} The shop goes on without its page, which is tried again in half a minute.")]
    private partial void LogClosed(string reason);
}
