using System.Globalization;
using System.Text.RegularExpressions;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Dashboard;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Dashboard;

public partial class MetricsTests
{
    [Fact]
    public async Task Every_line_is_prometheus_text_and_every_name_is_used_once()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        using var logs = new LogCounts();
        string text = PrometheusText.Write(Metrics.Collect(new PageSources { Board = page.Board, Config = () => page.Config, Logs = logs }, TimeProvider.System.GetUtcNow()));

        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        string[] series = [.. lines.Where(line => line[0] != '#').Select(line => line[..line.LastIndexOf(' ')])];
        Assert.Equal(series.Length, series.Distinct().Count());
        string[] typed = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))];
        Assert.Equal(typed.Length, typed.Select(t => t.Split(' ')[2]).Distinct().Count());
        Assert.All(typed, t => Assert.Equal(t.EndsWith(" counter", StringComparison.Ordinal), t.Split(' ')[2].EndsWith("_total", StringComparison.Ordinal)));
        Assert.Contains("edge_agent_bags_today_total{gate=\"gate-1\",decision=\"settled\"} 1", lines);
        Assert.Contains("edge_agent_decision_seconds_count 1", lines);
    }

    [Fact]
    public async Task Families_do_not_come_and_go_with_what_is_switched_on()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        var plain = new HealthData(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, [], []) { Link = new LinkHealth(LinkState.Up, "5", 0, 1, LinkError.None, 0, CertificateDays: null) };

        Assert.Equal(Names(plain), Names(plain with { Link = plain.Link with { CertificateDays = 30 }, Members = new MemberHealth(1, 0, 0) }));

        IEnumerable<string> Names(HealthData health) =>
            Metrics.Collect(new PageSources { Board = page.Board, Config = () => page.Config, Health = () => health }, TimeProvider.System.GetUtcNow()).Select(m => m.Name);
    }

    [Fact]
    public void A_label_cannot_break_out_of_its_quotes() => Assert.Equal(
        "# HELP x a\\\\b\\nc\n# TYPE x gauge\nx{l=\"a\\\\b\\\"c\\nd\"} 0.5\n",
        PrometheusText.Write([new Metric("x", MetricKind.Gauge, "a\\b\nc", [new Sample(0.5, "", ("l", "a\\b\"c\nd"))])]));

    [Fact]
    public void Every_warning_counts_from_zero_also_one_in_the_log_of_the_room_above()
    {
        using var counts = new LogCounts();
        Assert.Equal(LogCounts.Known().Order(), counts.Counts.Select(c => (c.Level, c.Name)).Order());
        Assert.All(counts.Counts, c => Assert.Equal(0, c.Count));
        using ILoggerFactory logs = LoggerFactory.Create(builder => builder.AddProvider(counts));

        Write("EdgeAgent.Agent", LogLevel.Warning, "LogSensorBad");
        Write("EdgeAgent.Agent", LogLevel.Warning, "LogSensorBad");
        Write("EdgeAgent.Ota.OtaRoom", LogLevel.Warning, "LogWentBack"); // written down in ModelExchange
        Write("EdgeAgent.Agent", LogLevel.Information, "LogSensorGood");

        Assert.Equal(
            [(LogLevel.Warning, "Agent.SensorBad", 2L), (LogLevel.Warning, "ModelExchange.WentBack", 1L)],
            counts.Counts.Where(c => c.Count > 0));

        void Write(string room, LogLevel level, string name) => logs.CreateLogger(room).Log(level, new EventId(1, name), "", null, (_, _) => "");
    }

    [Fact]
    public async Task A_stuck_shop_or_a_bad_disk_is_ill_and_a_broker_that_is_away_is_not()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        DateTimeOffset last = page.Inputs[^1].At;
        PageHealth Look(TimeSpan later, AgentState state, params DegradedReason[] reasons) =>
            PageHealth.Of(new PageSources { Board = page.Board, Config = () => page.Config, IsLive = true, State = () => (state, reasons) }, page.Board.View(page.Config), last + later);

        Assert.Equal((true, 0), (Look(TimeSpan.FromSeconds(1), AgentState.Ready).Ok, Look(TimeSpan.FromSeconds(1), AgentState.Ready).Reasons.Count));
        Assert.Equal(["shop-stuck"], Look(TimeSpan.FromSeconds(6), AgentState.Ready).Reasons);
        Assert.Equal(["starting"], Look(TimeSpan.FromSeconds(60), AgentState.Init).Reasons);
        PageHealth early = PageHealth.Of(
            new PageSources { Board = page.Board, Config = () => page.Config, IsLive = true, State = () => (AgentState.Ready, []) }, page.Board.View(page.Config) with { At = default }, last);
        Assert.Equal(["starting"], early.Reasons); // the page is there, and no step of the shop was heard of
        Assert.Equal(["storage", "safe-mode"], Look(TimeSpan.Zero, AgentState.Degraded, DegradedReason.Storage, DegradedReason.SafeMode).Reasons);
        PageHealth clone = Look(TimeSpan.Zero, AgentState.Degraded, DegradedReason.Clone);
        Assert.Equal((true, "clone"), (clone.Ok, Assert.Single(clone.Warnings)));
    }

    [Fact]
    public void A_dashboard_for_grafana_asks_only_for_what_there_is()
    {
        string dashboard = File.ReadAllText(Repo.File("device-config/grafana/edge-agent.json"));
        string source = string.Join('\n', Repo.Files("src/EdgeAgent/Dashboard", "Metrics.cs").Select(f => File.ReadAllText(Repo.File(f))));
        string[] asked = [.. Name().Matches(dashboard).Select(m => m.Value).Distinct()];

        Assert.True(asked.Length > 15);
        Assert.All(asked, name => Assert.Contains($"\"{Regex.Replace(name["edge_agent_".Length..], "_(bucket|sum|count)$", "")}\"", source, StringComparison.Ordinal));
        System.Text.Json.JsonElement.Parse(dashboard);
    }

    [GeneratedRegex(@"edge_agent_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{[a-z]+=""[^""]*""(,[a-z]+=""[^""]*"")*\})? (-?[0-9.]+(E[+-]?[0-9]+)?|NaN))$")]
    private static partial Regex Line();
}
