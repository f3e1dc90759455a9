using System.Runtime.InteropServices;

namespace EdgeAgent.Tests.Install;

/// <summary>What a program may do that the unit starts: the agent's own ExecStart is exchanged for a script that tries.</summary>
public sealed class SandboxTests
{
    [BoxFact]
    public async Task Whoever_got_into_the_agent_writes_its_state_and_nothing_else_starts_nothing_there_and_sets_no_clock()
    {
        // clock_adjtime(2), which libc's adjtimex asks: modes 0 is a question, modes 1 sets.
        int adjust = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 266 : 305;
        string script = $$"""
            try() { if eval "$2" 2> /dev/null; then echo "$1: yes"; else echo "$1: no"; fi; }
            ask() { perl -e 'my $timex = pack("L", shift) . "\0" x 204; exit(syscall({{adjust}}, 0, $timex) < 0 ? 1 : 0)' "$1"; }
            try "write its state" 'touch /var/lib/edge-agent/file'
            try "write its own /tmp" 'touch /tmp/file'
            try "write memory files" 'touch /dev/shm/file'
            try "ask the clock" 'ask 0'
            try "set the clock" 'ask 1'
            try "write /etc" 'touch /etc/edge-agent/file'
            try "write its program" 'touch /opt/edge-agent/current/file'
            try "see homes" 'ls /root'
            try "start what lies in its state" 'cp /bin/true /var/lib/edge-agent/true && /var/lib/edge-agent/true'
            try "read the kernel log" 'head -c 1 /dev/kmsg'
            try "see other users" 'test -e /proc/1/status'
            try "open a raw socket" 'perl -MSocket -e "socket(my \$s, 17, SOCK_RAW, 0) or exit 1"'
            try "make a namespace" 'unshare --user true'
            umask
            """;
        using SystemdBox box = await SystemdBox.StartAsync();
        await box.AskAsync($"{SystemdBox.Published}/install.sh install && mkdir /etc/systemd/system/edge-agent.service.d && chmod 0777 /etc/edge-agent /opt/edge-agent/current/");
        await File.WriteAllTextAsync(box["/opt/try.sh"], script);
        await File.WriteAllTextAsync(box["/etc/systemd/system/edge-agent.service.d/try.conf"], """
            [Service]
            Type=oneshot
            Restart=no
            ExecStart=
            ExecStart=/bin/sh /opt/try.sh
            StandardOutput=file:/var/log/try
            """);

        await box.AskAsync("systemctl daemon-reload && systemctl start edge-agent");

        string[] may = ["write its state", "write its own /tmp", "write memory files", "ask the clock"];
        string[] said = (await box.AskAsync("cat /var/log/try")).Split('\n');
        Assert.Equal(may, said.Where(line => line.EndsWith(": yes", StringComparison.Ordinal)).Select(line => line[..^5]));
        Assert.Equal(9, said.Count(line => line.EndsWith(": no", StringComparison.Ordinal)));
        Assert.Equal("0077", said[^1]);
    }
}
