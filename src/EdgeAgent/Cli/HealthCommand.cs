using System.CommandLine;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Dashboard;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent health CONFIG</c>: asks the agent that runs on this box how it is, for containers and scripts that have no curl.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var config = new Argument<string>("CONFIG") { Description = "The device configuration of the running agent; it needs a dashboard, whose /healthz is asked." };
        var command = new Command("health", "Asks the agent that runs on this box whether it does its work; for the health check of a container.") { config };
        command.SetAction((result, cancel) => AskAsync(result.GetRequiredValue(config), cancel));
        return command.WithExamples(
            """
            edge-agent health /etc/edge-agent/store.json
            edge-agent health /etc/edge-agent/store.json || systemctl status edge-agent
            """);
    }

    private static async Task<int> AskAsync(string file, CancellationToken cancel)
    {
        DashboardConfig page = ConfigFile.Load(file).Dashboard is { Port: > 0 } at
            ? at
            : throw new ConfigFileException($"{file} has no dashboard with a port of its own, so nobody can be asked. Add \"dashboard\": {{ \"port\": 8330 }}.");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_patience };
        var address = new Uri(PageRoom.Address(page.Listen, page.Port, ""));
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(address, "/healthz"), cancel);
            using JsonDocument health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
            bool ok = health.RootElement.GetProperty("ok").GetBoolean();
            Terminal.Line(string.Join('\n', [ok ? "well" : "not well", .. Words(health, "reasons"), .. Words(health, "warnings")]));
            return ok ? ExitCode.Ok : ExitCode.Doctor;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            Terminal.Error($"No agent answers at {address.GetLeftPart(UriPartial.Authority)}: {e.Message} Is it running? Its log says where the page is.");
            return ExitCode.Doctor;
        }
    }

    private static IEnumerable<string> Words(JsonDocument health, string name) =>
        health.RootElement.GetProperty(name).EnumerateArray().Select(word => $"  {name[..^1]}: {word.GetString()}");
}
