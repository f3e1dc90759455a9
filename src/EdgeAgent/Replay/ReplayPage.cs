using System.Collections.Concurrent;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Dashboard;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Overlay;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Replay;

/// <summary>The local page of a replayed shop, on this machine only.</summary>
internal sealed class ReplayPage : IAsyncDisposable
{
    private readonly PageBoard _board = new(TimeZoneInfo.Utc) { IsOn = true };
    private readonly ConcurrentDictionary<string, VeiledView> _views = new(StringComparer.Ordinal);
    private volatile DeviceConfig _config;
    private PageServer? _server;
    private string _address = "";

    private ReplayPage(DeviceConfig config) => _config = config;

    /// <exception cref="ScenarioException">The port is none.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ReplayPage> OpenAsync(DeviceConfig config, ModelStore models, int port)
    {
        if (port is < 0 or > 65_535)
        {
            throw new ScenarioException($"--dashboard {port} is no port; give one from 1 to 65535, or 0 for a free one.");
        }
        var page = new ReplayPage(config);
        IReadOnlyList<ModelEntry> chosen = config.Cameras.Any(c => c.Source.StartsWith("clip:", StringComparison.Ordinal)) ? models.Chosen(config, allowSynthetic: true) : [];
        string token = PageToken.Make(Randomness.System);
        var listen = new DashboardConfig(Port: port);
        var sources = new PageSources
        {
            Board = page._board, Config = () => page._config, Models = () => chosen, View = id => page._views.GetValueOrDefault(id)?.Ask(),
        };
        page._server = await PageServer.StartAsync(listen, sources, token, TimeProvider.System, NullLogger.Instance);
        page._address = PageRoom.Address(listen.Listen, page._server.Port, token);
        await Console.Error.WriteLineAsync($"The page is at {page._address}");
        return page;
    }

    /// <summary>One input and all that it made happen.</summary>
    public void Take(ShopInput input, IReadOnlyList<ShopEvent> events)
    {
        if (input is ShopInput.ConfigChanged changed)
        {
            _config = changed.Config;
        }
        _board.Take(input, events);
    }

    public void Show(string camera, VeiledView view) => _views[camera] = view;

    /// <summary>The replay is over, the page is not.</summary>
    public async Task StayAsync(CancellationToken cancel)
    {
        await Console.Error.WriteLineAsync($"The replay is over; its page stays at {_address} until Ctrl-C.");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        }
        catch (OperationCanceledException)
        {
            // That was Ctrl-C.
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
