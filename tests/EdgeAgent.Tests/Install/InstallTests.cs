using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Install;

/// <summary>device-config/install.sh as it is, on a box with a real systemd and the real unit, with a broker and a reader to talk to.</summary>
public sealed class InstallTests
{
    private const string Unit = "/etc/systemd/system/edge-agent.service";
    private const string Config = "/etc/edge-agent/store.json";

    [BoxFact]
    public async Task A_box_gets_the_agent_another_version_the_first_one_back_and_is_rid_of_it_with_its_state_kept_until_the_purge()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        await using Subscriber consumer = await Subscriber.StartAsync(broker);
        using SystemdBox box = await SystemdBox.StartAsync();

        // On an empty box: everything in place, nothing started, for the example is nobody's store.
        string said = await InstallAsync(box, SystemdBox.Published);
        Assert.Contains("NOT started: /etc/edge-agent/store.json is still the example", said, StringComparison.Ordinal);
        Assert.Equal("750 root:edge-agent", await box.AskAsync("stat -c '%a %U:%G' /etc/edge-agent"));
        Assert.Equal("640 root:edge-agent", await box.AskAsync($"stat -c '%a %U:%G' {Config}"));
        Assert.Equal("700 edge-agent:edge-agent", await box.AskAsync("stat -c '%a %U:%G' /var/lib/edge-agent"));
        Assert.Equal("", await box.AskAsync("find /opt/edge-agent ! -type l ! -user root -o ! -type l -perm /022"));
        Assert.Equal("enabled inactive", await box.AskAsync("echo $(systemctl is-enabled edge-agent) $(systemctl is-active edge-agent)"));
        Assert.Equal(AgentVersion.Text, (await box.AskAsync("edge-agent --version")).Split('+')[0]);

        // With a store's configuration it runs, in its sandbox, and the exit is settled at the broker.
        string config = RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}");
        await File.WriteAllTextAsync(box[Config], config);
        Assert.Contains("ready, and running", await InstallAsync(box, SystemdBox.Published), StringComparison.Ordinal);
        await consumer.UntilAsync(heard => heard.Any(message => message.Topic.Contains("/evt/exit/", StringComparison.Ordinal)));
        string status = await box.AskAsync("cat /proc/$(systemctl show -P MainPID edge-agent)/status");
        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Equal("edge-agent", await box.AskAsync("stat -c %U /var/lib/edge-agent/outbox.db"));
        Assert.Equal("", await box.AskAsync("find /var/lib/edge-agent -perm /077"));

        // The same folder again changes nothing, not even the process.
        string process = await ProcessAsync(box), first = await VersionAsync(box, "current"), outbox = await box.AskAsync("stat -c %i /var/lib/edge-agent/outbox.db");
        Assert.Contains("runs already", await InstallAsync(box, SystemdBox.Published), StringComparison.Ordinal);
        Assert.Equal(process, await ProcessAsync(box));

        // Another version: state and configuration stay, the version before too.
        await NextVersionAsync(box, "echo better > notes.txt");
        await InstallAsync(box, "/root/next");
        string second = await VersionAsync(box, "current");
        Assert.NotEqual(first, second);
        Assert.Equal((first, "active"), (await VersionAsync(box, "previous"), await box.AskAsync("systemctl is-active edge-agent")));
        Assert.NotEqual(process, await ProcessAsync(box));
        Assert.Equal(config, await File.ReadAllTextAsync(box[Config]));
        Assert.Equal(outbox, await box.AskAsync("stat -c %i /var/lib/edge-agent/outbox.db"));

        // And back.
        (await box.RunAsync($"{SystemdBox.Published}/install.sh", "rollback")).AssertOk();
        Assert.Equal((first, second, "active"), (await VersionAsync(box, "current"), await VersionAsync(box, "previous"), await box.AskAsync("systemctl is-active edge-agent")));

        // Gone, with its state kept; then that too.
        (await box.RunAsync($"{SystemdBox.Published}/install.sh", "uninstall")).AssertOk();
        Assert.All(["/opt/edge-agent", Unit, "/usr/local/bin/edge-agent"], path => Assert.False(Path.Exists(box[path])));
        Assert.Equal("", await box.AskAsync("pgrep -u edge-agent || true"));
        Assert.Equal((config, outbox), (await File.ReadAllTextAsync(box[Config]), await box.AskAsync("stat -c %i /var/lib/edge-agent/outbox.db")));
        (await box.RunAsync($"{SystemdBox.Published}/install.sh", "uninstall", "--purge")).AssertOk();
        Assert.All(["/etc/edge-agent", "/var/lib/edge-agent"], path => Assert.False(Path.Exists(box[path])));
        Assert.Equal(2, (await box.RunAsync("getent", "passwd", "edge-agent")).ExitCode);
    }

    [BoxFact]
    public async Task A_version_that_does_not_become_ready_or_does_not_stay_makes_way_for_the_one_before()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        using SystemdBox box = await SystemdBox.StartAsync();
        await box.AskAsync("mkdir /etc/edge-agent");
        await File.WriteAllTextAsync(box[Config], RunningStore.Config(broker.Port, $"llrp://127.0.0.1:{reader.Port}"));
        await InstallAsync(box, SystemdBox.Published);
        string good = await VersionAsync(box, "current"), unit = await File.ReadAllTextAsync(box[Unit]);

        // Its outbox has no library: it never says that it is ready.
        await NextVersionAsync(box, "find . -name libe_sqlite3.so -delete");
        Ended broken = await box.RunAsync("/root/next/install.sh", "upgrade");
        broken.AssertFailed(3, $"{good} runs again");
        Assert.Equal((good, "active"), (await VersionAsync(box, "current"), await box.AskAsync("systemctl is-active edge-agent")));

        // It says that it is ready and ends a second later; it came with a unit of its own, which goes with it.
        await NextVersionAsync(box, "sed -i 's/^TimeoutStopSec=.*/RuntimeMaxSec=1/' device-config/edge-agent.service");
        (await box.RunAsync("/root/next/install.sh", "upgrade")).AssertFailed(3, $"{good} runs again");
        Assert.Equal((good, "active"), (await VersionAsync(box, "current"), await box.AskAsync("systemctl is-active edge-agent")));
        Assert.Equal(unit, await File.ReadAllTextAsync(box[Unit]));

        // It does not take the configuration of this box: not tried at all.
        string process = await ProcessAsync(box);
        await File.WriteAllTextAsync(box[Config], "{}");
        await NextVersionAsync(box, "echo better > notes.txt");
        (await box.RunAsync("/root/next/install.sh", "upgrade")).AssertFailed(2, "$.store", "Nothing was changed");
        Assert.Equal((good, process), (await VersionAsync(box, "current"), await ProcessAsync(box)));
    }

    [BoxFact]
    public async Task What_is_missing_or_wrong_is_said_at_once_with_its_remedy_and_nothing_is_changed()
    {
        using SystemdBox box = await SystemdBox.StartAsync();
        string install = $"{SystemdBox.Published}/install.sh";

        (await box.RunAsync("setpriv", "--reuid=nobody", "--clear-groups", install, "install")).AssertFailed(1, "sudo");
        (await box.RunAsync(install, "dance")).AssertFailed(1, "install.sh uninstall [--purge]");
        (await box.RunAsync(install, "rollback")).AssertFailed(2, "no version before");

        await NextVersionAsync(box, "printf '\\267' | dd of=libonnxruntime.so bs=1 seek=18 conv=notrunc 2> /dev/null && uname -m | grep -q x86_64 || printf '\\076' | dd of=libonnxruntime.so bs=1 seek=18 conv=notrunc");
        (await box.RunAsync("/root/next/install.sh", "install")).AssertFailed(2, "another processor", "./dev publish");

        await box.AskAsync("for library in $(ldconfig -p | grep -E 'libmosquitto.so.1|libzbar.so.0' | sed 's/.*=> //'); do rm -f $(readlink -f $library) $library; done; rm -f $(which ffmpeg) /usr/bin/dotnet; ldconfig");
        (await box.RunAsync(install, "install")).AssertFailed(2, "aspnetcore-runtime-10.0", "apt-get install ffmpeg libmosquitto1 libzbar0", "Nothing was changed");
        await box.AskAsync("printf '#!/bin/sh\\necho Microsoft.NETCore.App 10.0.1' > /usr/bin/dotnet; chmod +x /usr/bin/dotnet");
        (await box.RunAsync(install, "install")).AssertFailed(2, "without the ASP.NET Core runtime 10");

        Assert.Equal("", await box.AskAsync("ls -d /opt/edge-agent /etc/edge-agent /var/lib/edge-agent 2> /dev/null; getent passwd edge-agent || true"));
    }

    [BoxFact]
    public async Task Where_systemd_does_not_run_everything_is_put_in_place_and_nothing_started()
    {
        using SystemdBox box = await SystemdBox.StartAsync();

        string said = await box.AskAsync($"unshare --mount sh -c 'mount -t tmpfs none /run/systemd && {SystemdBox.Published}/install.sh install'");

        Assert.Contains("systemd does not run here", said, StringComparison.Ordinal);
        Assert.Equal("enabled inactive", await box.AskAsync("systemctl daemon-reload; echo $(systemctl is-enabled edge-agent) $(systemctl is-active edge-agent)"));
        await box.AskAsync($"unshare --mount sh -c 'mount -t tmpfs none /run/systemd && {SystemdBox.Published}/install.sh uninstall --purge'");
        Assert.Equal("", await box.AskAsync("ls -d /opt/edge-agent /etc/edge-agent /var/lib/edge-agent /etc/systemd/system/*/edge-agent.service 2> /dev/null || true"));
    }

    /// <summary>The published folder as /root/next, changed by a line of shell.</summary>
    internal static Task NextVersionAsync(SystemdBox box, string change) => box.AskAsync($"rm -rf /root/next && cp -a {SystemdBox.Published} /root/next && cd /root/next && {change}");

    private static async Task<string> InstallAsync(SystemdBox box, string folder)
    {
        Ended ended = await box.RunAsync($"{folder}/install.sh", "install");
        ended.AssertOk();
        return ended.Out;
    }

    private static Task<string> VersionAsync(SystemdBox box, string link) => box.AskAsync($"basename $(readlink /opt/edge-agent/{link})");

    private static Task<string> ProcessAsync(SystemdBox box) => box.AskAsync("systemctl show -P MainPID edge-agent");
}
