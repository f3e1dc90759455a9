using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAgent.Dashboard;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Dashboard;

/// <summary>The page of a running agent: a child process, a real broker, a reader on TCP.</summary>
public sealed class DashboardRunTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [MosquittoFact]
    public async Task A_running_agent_shows_its_bag_its_outbox_its_health_and_sends_its_numbers_to_a_collector()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        Task<string> exported = FirstExportAsync(collector);
        using EdgeAgentProcess agent = Start(broker, reader, $$"""{ "port": 0, "otlp": "http://127.0.0.1:{{((IPEndPoint)collector.LocalEndpoint).Port}}", "otlpSeconds": 5 }""");
        Uri address = Address(await agent.LineAsync("The local page is at "));
        Assert.Equal(File.ReadAllText(_folder["state/" + PageToken.FileName]).Trim(), address.Query["?token=".Length..]);
        using HttpClient page = Enter(address);

        JsonElement now = await UntilAsync(page, view => view.GetProperty("day").GetProperty("held").GetInt32() == 1 && view.GetProperty("lastAcknowledged").ValueKind == JsonValueKind.Object);

        JsonElement gate = now.GetProperty("day").GetProperty("gates")[0];
        Assert.Equal(("NoShopper", 258), (gate.GetProperty("bags")[0].GetProperty("reasons")[0].GetString(), gate.GetProperty("bags")[0].GetProperty("total").GetInt32()));
        Assert.Equal(("Ready", "Online"), (now.GetProperty("state").GetString(), now.GetProperty("day").GetProperty("readers")[0].GetProperty("state").GetString()));
        Assert.True(now.GetProperty("canSave").GetBoolean());
        Assert.Equal("Up", now.GetProperty("health").GetProperty("link").GetProperty("state").GetString());
        string metrics = await page.GetStringAsync("/metrics");
        Assert.Contains("edge_agent_broker_up 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edge_agent_log_messages_total{level=\"warning\",message=\"Agent.SensorBad\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edge_agent_reads_total{reader=\"exit-reader\"} ", metrics, StringComparison.Ordinal);
        Assert.Contains("\"ok\":true", await page.GetStringAsync("/healthz"), StringComparison.Ordinal);

        string export = await exported.WaitAsync(Wait.Patience, TimeProvider.System);
        Assert.StartsWith("POST /v1/metrics HTTP/1.1", export, StringComparison.Ordinal);
        Assert.Contains("edge_agent_broker_up", export, StringComparison.Ordinal);
        Assert.Contains("exit-reader", export, StringComparison.Ordinal);

        // The line is cut: a warning, no reason for a restart.
        broker.Kill();
        await UntilAsync(page, view => view.GetProperty("health").GetProperty("link").GetProperty("state").GetString() == "Down");
        using HttpResponseMessage health = await page.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Contains("broker-down", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Wait.UntilAsync(async cancel => Regex.IsMatch(await page.GetStringAsync("/metrics", cancel), "message=\"MqttLink\\.[A-Za-z]+\"} [1-9]")); // the link is down first, then it says so

        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
    }

    [MosquittoFact]
    public async Task A_page_whose_port_is_taken_closes_no_shop_and_without_a_section_nothing_listens()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using (EdgeAgentProcess agent = Start(broker, reader, $$"""{ "port": {{port}} }"""))
        {
            await agent.LineAsync($"The page cannot listen on 127.0.0.1:{port}");
            await agent.LineAsync("Reader exit-reader is online");
            agent.Terminate();
            (await agent.EndAsync()).AssertOk();
        }
        using (EdgeAgentProcess agent = Start(broker, reader, "null"))
        {
            await agent.LineAsync("Reader exit-reader is online");
            Assert.Empty(Listening(agent));
            agent.Terminate();
            (await agent.EndAsync()).AssertOk();
        }
    }

    private EdgeAgentProcess Start(MosquittoBroker broker, LlrpReaderSimulator reader, string dashboard)
    {
        string config = RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}").Replace("\"checkout\":", $"\"dashboard\": {dashboard}, \"checkout\":", StringComparison.Ordinal);
        return EdgeAgentProcess.Start("run", _folder.Write("store.json", config), "--state", _folder["state"]);
    }

    private static Uri Address(string line) => new(line[line.IndexOf("http", StringComparison.Ordinal)..line.IndexOf(';', StringComparison.Ordinal)]);

    private static HttpClient Enter(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority)) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", address.Query["?token=".Length..]);
        return client;
    }

    private static async Task<JsonElement> UntilAsync(HttpClient page, Func<JsonElement, bool> enough)
    {
        JsonElement now = default;
        await Wait.UntilAsync(async cancel => enough(now = JsonElement.Parse(await page.GetStringAsync("/api/now", cancel))));
        return now;
    }

    /// <summary>A collector that answers 200 to the first export and gives what it said.</summary>
    private static async Task<string> FirstExportAsync(TcpListener collector)
    {
        using TcpClient client = await collector.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        var said = new StringBuilder();
        byte[] buffer = new byte[65_536];
        int length = -1;
        while (length < 0 || said.Length < length)
        {
            int read = await stream.ReadAsync(buffer);
            said.Append(Encoding.Latin1.GetString(buffer, 0, read));
            string text = said.ToString();
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end > 0 && Regex.Match(text[..end], @"(?i)content-length: (\d+)") is { Success: true } match)
            {
                length = end + 4 + int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            }
            if (read == 0)
            {
                break;
            }
        }
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        return said.ToString();
    }

    /// <summary>Listening TCP sockets of a process, from /proc.</summary>
    private static string[] Listening(EdgeAgentProcess agent)
    {
        HashSet<string> own = [.. agent.Sockets()];
        return [.. ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length > 9 && cells[3] == "0A" && own.Contains(cells[9])).Select(cells => cells[1])];
    }
}
