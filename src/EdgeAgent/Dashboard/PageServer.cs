using System.Net;
using EdgeAgent.Core.Config;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EdgeAgent.Dashboard;

/// <summary>
/// The one socket on which an agent listens, and the end of every request: nothing that this page is asked changes the shop. Limits keep a curious
/// neighbour from costing the shop anything.
/// </summary>
internal sealed class PageServer : IAsyncDisposable
{
    private const int MostConnections = 64;
    private const int LongestBody = 64 * 1024;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop;

    private PageServer(WebApplication app, CancellationTokenSource stop, int port)
    {
        _app = app;
        _stop = stop;
        Port = port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <exception cref="IOException">The address or the port cannot be had; says why.</exception>
    public static async Task<PageServer> StartAsync(DashboardConfig config, PageSources sources, string token, TimeProvider time, ILogger log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(IPAddress.Parse(config.Listen), config.Port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        WebApplication app = builder.Build();
        var stop = new CancellationTokenSource();
        try
        {
            int port = config.Port;
            var desk = new PageDesk(sources, config, token, () => port, time, log, stop.Token);
            app.Run(desk.AnswerAsync);
            await app.StartAsync(CancellationToken.None);
            string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            port = new Uri(address).Port;
            return new PageServer(app, stop, port);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            stop.Dispose();
            throw new IOException($"The page cannot listen on {config.Listen}:{config.Port}: {(e.InnerException ?? e).Message} Correct dashboard.listen and dashboard.port.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _stop.Dispose();
    }
}
