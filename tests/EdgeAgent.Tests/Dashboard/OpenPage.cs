using System.Net;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Dashboard;
using EdgeAgent.Replay;
using EdgeAgent.Tests.Replays;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Dashboard;

/// <summary>A page on a free port of this machine, over a shop that two visitors with one bag have been in.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    public const string Token = "the-right-token-of-test";

    private readonly TestFolder _folder = new();
    private readonly PageServer _server;

    private OpenPage(PageServer server, TestFolder folder, PageBoard board, DeviceConfig config, IReadOnlyList<Happening> happenings, IReadOnlyList<ShopInput> inputs)
    {
        (_server, _folder, Board, Config, Happenings, Inputs) = (server, folder, board, config, happenings, inputs);
        Client = NewClient();
    }

    public PageBoard Board { get; }
    public DeviceConfig Config { get; }
    public IReadOnlyList<Happening> Happenings { get; }
    public IReadOnlyList<ShopInput> Inputs { get; }
    public int Port => _server.Port;

    /// <summary>Follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    public string Drafts => _folder["drafts"];

    public string Origin => $"http://127.0.0.1:{Port}";

    public static async Task<OpenPage> StartAsync(DashboardConfig? dashboard = null, TimeProvider? time = null)
    {
        var folder = new TestFolder();
        var board = new PageBoard(TimeZoneInfo.Utc) { IsOn = true };
        Scenario scenario = Scenario.Open(Replayed.TwoVisitors);
        var happenings = new List<Happening>();
        var inputs = new List<ShopInput>();
        var replayer = new Replayer(scenario.Config, "none", 1, (input, events) =>
        {
            inputs.Add(input);
            board.Take(input, events);
        });
        await replayer.RunAsync(
            Replayer.ReadRecorded(scenario.Inputs!, CancellationToken.None),
            happening =>
            {
                happenings.Add(happening);
                return ValueTask.CompletedTask;
            },
            null, CancellationToken.None);
        dashboard ??= new DashboardConfig(Port: 0);
        var sources = new PageSources { Board = board, Config = () => scenario.Config, DraftFolder = folder["drafts"] };
        PageServer server = await PageServer.StartAsync(dashboard, sources, Token, time ?? TimeProvider.System, NullLogger.Instance);
        return new OpenPage(server, folder, board, scenario.Config, happenings, inputs);
    }

    /// <summary>As somebody who has the token.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path) => await Client.SendAsync(WithToken(HttpMethod.Get, path));

    public async Task<HttpResponseMessage> PostAsync(string path, string body, string? origin = null)
    {
        HttpRequestMessage request = WithToken(HttpMethod.Post, path);
        request.Content = new StringContent(body);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        return await Client.SendAsync(request);
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(Origin) };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static HttpRequestMessage WithToken(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", Token);
        return request;
    }
}
