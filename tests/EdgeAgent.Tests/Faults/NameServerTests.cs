using System.Net;
using System.Net.Sockets;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Faults;

/// <summary>Row 24 of the fault table: a name server that never answers.</summary>
public sealed class NameServerTests
{
    // Loopback addresses are ours alone; a name server has port 53.
    private static readonly IPEndPoint s_silent = new(IPAddress.Parse("127.0.0.77"), 53);

    [RootFact]
    public async Task Row_24_a_silent_name_server_holds_nothing_up()
    {
        using var folder = new TestFolder();
        using var authority = new Authority();
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(s_silent);
        string resolv = folder.Write("resolv.conf", $"nameserver {s_silent.Address}\n");
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        await using var systemd = new FakeSystemd();
        string config = folder.Write("store.json", RunningStore.Config(8883, $"llrp://127.0.0.1:{reader.Port}").Replace(
            "\"host\": \"127.0.0.1\"", $$"""
            "host": "broker.shop.example", "tls": { "caFile": "{{authority.CaFile}}" }
            """, StringComparison.Ordinal));
        using EdgeAgentProcess agent = EdgeAgentProcess.StartUnder(
            ["unshare", "-m", "sh", "-c", $"mount --bind {resolv} /etc/resolv.conf && exec \"$0\" \"$@\""],
            new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = systemd.Path, ["WATCHDOG_USEC"] = "400000" },
            "run", config, "--state", folder["state"]);

        await agent.LineAsync("broker.shop.example:8883 cannot be reached");

        Assert.True(silent.Available > 0, "The name server was not asked.");
        // Each heartbeat is sent only after the shop has taken something in, and the reader's bag was decided meanwhile.
        for (int beats = 0; beats < 5; beats++)
        {
            await systemd.UntilAsync("WATCHDOG=1");
        }
        agent.Terminate();
        Ended ended = await agent.EndAsync();
        ended.AssertOk();
    }
}

/// <summary>A fact that mounts a file of its own in a name space of its own; skipped with a sentence where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Environment.UserName != "root" || !File.Exists("/usr/bin/unshare") || !File.Exists("/etc/resolv.conf"))
        {
            Skip = "Only root may give a process a name server of its own (unshare -m, mount --bind).";
        }
    }
}
