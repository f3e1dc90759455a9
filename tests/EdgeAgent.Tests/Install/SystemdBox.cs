using System.Diagnostics;
using System.Text;

namespace EdgeAgent.Tests.Install;

/// <summary>
/// A box to install on: a real systemd with process numbers, mounts and control groups of its own, on this machine's files, of which it writes only
/// a copy in memory. It has this machine's network, and no right to set its clock.
/// </summary>
internal sealed class SystemdBox : IDisposable
{
    // Debian's own units and generators stay away: the box runs what the test installs and nothing else.
    private const string Boot = """
        set -eu
        mount -t tmpfs none "$1"
        mkdir "$1/upper" "$1/work" "$1/root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
        cd "$1/root"
        rm -rf usr/lib/systemd/system/* usr/lib/systemd/system-generators/* etc/systemd/system/* opt/edge-agent etc/edge-agent var/lib/edge-agent usr/local/bin/edge-agent
        mount -t proc proc proc
        mount -t sysfs -o ro sysfs sys
        mount -t tmpfs none run
        mount --rbind /dev dev
        mount -t tmpfs none dev/shm
        mount -t tmpfs none sys/fs/cgroup
        mkdir sys/fs/cgroup/unified sys/fs/cgroup/systemd
        mount -t cgroup2 none sys/fs/cgroup/unified
        mount -t cgroup -o none,name=systemd none sys/fs/cgroup/systemd
        for target in box sysinit basic network-online multi-user shutdown; do
            printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' $target > usr/lib/systemd/system/$target.target
        done
        exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . \
            setpriv --bounding-set=-sys_time,-sys_module,-sys_boot /lib/systemd/systemd --system --unit=box.target --show-status=no --log-target=console --log-level=warning
        """;

    /// <summary>In the box: what `./dev publish` would give for this machine.</summary>
    public const string Published = "/srv/published";

    // The build's own output, but for the native libraries of other systems.
    private static readonly string s_publish =
        $"mkdir {Published} && tar -c -C {Repo.File("src/EdgeAgent/bin")}/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/{new DirectoryInfo(AppContext.BaseDirectory).Name}"
        + $" --exclude './linux-*' --exclude './runtimes/[!l]*' --exclude './runtimes/linux-[!ax]*' . | tar -x -C {Published}";

    private readonly TestFolder _folder = new();
    private readonly Process _boot;
    private readonly StringBuilder _said = new();
    private string _first = ""; // the box's process 1, by the number it has outside

    private SystemdBox()
    {
        var start = new ProcessStartInfo("unshare", ["--pid", "--mount", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child", "sh", "-c", Boot, "sh", _folder.Root])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _boot = Process.Start(start)!;
        _boot.OutputDataReceived += Note;
        _boot.ErrorDataReceived += Note;
        _boot.BeginOutputReadLine();
        _boot.BeginErrorReadLine();
    }

    public static async Task<SystemdBox> StartAsync()
    {
        var box = new SystemdBox();
        try
        {
            await Wait.UntilAsync(() =>
            {
                Assert.False(box._boot.HasExited, $"The box did not start. {box.Said()}");
                return box.IsUp();
            });
            await box.AskAsync(s_publish);
            return box;
        }
        catch
        {
            box.Dispose();
            throw;
        }
    }

    /// <summary>A file or folder of the box, as this process reaches it.</summary>
    public string this[string path] => $"/proc/{_first}/root{path}";

    /// <summary>Runs a program in the box, as root. A version counts as running after three seconds, so that the tests need not wait for ten.</summary>
    public async Task<Ended> RunAsync(params string[] program)
    {
        var start = new ProcessStartInfo("nsenter", ["-t", _first, "-m", "-p", "-u", "-i", "-C", "-r", "-w", "--", "env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "EDGE_AGENT_SETTLE_SECONDS=3", .. program])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> said = process.StandardOutput.ReadToEndAsync(), complained = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        await process.WaitForExitAsync(patience.Token);
        return new Ended(process.ExitCode, await said, await complained);
    }

    /// <summary>What a line of shell prints; it has to end well.</summary>
    public async Task<string> AskAsync(string line)
    {
        Ended ended = await RunAsync("sh", "-c", line);
        Assert.True(ended.ExitCode == 0, $"{line}: {ended.ExitCode} {ended.Out}{ended.Error}{Said()}");
        return ended.Out.Trim();
    }

    public void Dispose()
    {
        if (_first.Length > 0)
        {
            // The end of process 1 is the end of all others in the box, and of its mounts.
            using Process first = Process.GetProcessById(int.Parse(_first, System.Globalization.CultureInfo.InvariantCulture));
            first.Kill();
        }
        else
        {
            _boot.Kill(entireProcessTree: true);
        }
        _boot.WaitForExit();
        _boot.Dispose();
        _folder.Dispose();
    }

    private bool IsUp()
    {
        string children = $"/proc/{_boot.Id}/task/{_boot.Id}/children";
        string first = File.Exists(children) ? File.ReadAllText(children).Trim() : "";
        if (first.Length == 0 || !File.Exists($"/proc/{first}/root/run/systemd/private"))
        {
            return false;
        }
        _first = first;
        return true;
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            _said.Append(line.Data).Append('\n');
        }
    }

    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }
}

/// <summary>A test that installs on a box with a systemd of its own; skipped with a sentence where there cannot be one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BoxFactAttribute : FactAttribute
{
    private static readonly string? s_why = Why();

    public BoxFactAttribute() => Skip = s_why ?? Missing.Mosquitto;

    private static string? Why()
    {
        if (Environment.UserName != "root")
        {
            return "Only root can start a systemd of its own, on which install.sh is tried.";
        }
        string[] needed = ["/usr/bin/unshare", "/usr/bin/nsenter", "/usr/bin/setpriv", "/lib/systemd/systemd", "/usr/bin/dotnet"];
        if (Array.Find(needed, program => !File.Exists(program)) is string missing)
        {
            return $"install.sh is tried on a systemd of its own, for which {missing} is missing (Debian: apt-get install systemd util-linux; the .NET runtime at /usr/bin/dotnet).";
        }
        using Process tried = Process.Start(new ProcessStartInfo("unshare", ["--pid", "--mount", "--uts", "--ipc", "--cgroup", "--fork", "sh", "-c", "mount -t tmpfs none /mnt && cd /mnt && mkdir upper work root one two && mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work root && mount -t cgroup2 none one && mount -t cgroup -o none,name=systemd none two"])
        {
            RedirectStandardError = true,
        })!;
        tried.StandardError.ReadToEnd();
        tried.WaitForExit();
        return tried.ExitCode == 0 ? null : "This kernel or container gives no control groups and mounts of one's own, so no systemd can be started to try install.sh on.";
    }
}
