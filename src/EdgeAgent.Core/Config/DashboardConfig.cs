using System.ComponentModel;
using System.Text.Json.Serialization;

namespace EdgeAgent.Core.Config;

/// <summary>The local page, with metrics and health.</summary>
public sealed record DashboardConfig(
    [Description("IP address to listen on. Another one than loopback shows the page to the shop's network, in the clear.")] string Listen = "127.0.0.1",
    [Description("TCP port, 0 to 65535; 0 takes a free one and says it in the log.")] int Port = 8330,
    [Description("/metrics answers without the token.")] bool OpenMetrics = false,
    [Description("OTLP collector that gets the metrics too, http://HOST:4318 or https://…; null for none.")] string? Otlp = null,
    [Description("Between two exports to the collector. Seconds, 5 to 3600.")] double OtlpSeconds = 60)
{
    /// <summary>Whether only this box can reach the page.</summary>
    [JsonIgnore]
    public bool IsLocal =>
        IsAddress(Listen) && Uri.TryCreate($"http://{(Listen.Contains(':', StringComparison.Ordinal) ? $"[{Listen}]" : Listen)}", UriKind.Absolute, out Uri? uri) && uri.IsLoopback;

    /// <summary>A name is none: it would be looked up, and could be another machine's tomorrow.</summary>
    internal static bool IsAddress(string listen) => Uri.CheckHostName(listen) is UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
