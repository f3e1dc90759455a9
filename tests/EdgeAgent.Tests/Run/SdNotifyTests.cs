using System.Net.Sockets;

namespace EdgeAgent.Tests.Running;

public class SdNotifyTests
{
    [Fact]
    public async Task Each_state_is_one_datagram()
    {
        await using var systemd = new FakeSystemd();
        using var notify = new SdNotify(systemd.Path, null);

        notify.Ready();
        notify.Watchdog();
        notify.Stopping();

        Assert.Equal(["READY=1", "WATCHDOG=1", "STOPPING=1"], await systemd.UntilAsync("STOPPING=1"));
    }

    [Theory]
    [InlineData("60000000", 30)]
    [InlineData("3000000", 1.5)]
    public async Task The_heartbeat_comes_twice_within_systemd_s_time_out(string microseconds, double seconds)
    {
        await using var systemd = new FakeSystemd();
        using var notify = new SdNotify(systemd.Path, microseconds);

        Assert.Equal(TimeSpan.FromSeconds(seconds), notify.WatchdogPeriod);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("soon")]
    public async Task Without_a_time_out_there_is_no_heartbeat(string? microseconds)
    {
        await using var systemd = new FakeSystemd();
        using var notify = new SdNotify(systemd.Path, microseconds);

        Assert.Null(notify.WatchdogPeriod);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/notify")]
    [InlineData("@edge-agent-nobody-listens-here")]
    public void Without_a_listener_it_is_silent(string? socket)
    {
        using var notify = new SdNotify(socket, null);

        notify.Ready();
        notify.Stopping();
    }

    [Fact]
    public void A_service_manager_that_does_not_read_holds_nothing_up()
    {
        using var folder = new TestFolder();
        using var deaf = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        deaf.Bind(new UnixDomainSocketEndPoint(folder["notify"]));
        using var notify = new SdNotify(folder["notify"], null);

        // Far more than the queue of a datagram socket takes.
        for (int i = 0; i < 10_000; i++)
        {
            notify.Watchdog();
        }
    }

    [Fact]
    public async Task The_watchdog_gets_no_food_when_the_loop_makes_no_progress()
    {
        await using var systemd = new FakeSystemd();
        using var notify = new SdNotify(systemd.Path, "2000");
        using var stop = new CancellationTokenSource();
        var looks = 0;
        var lookedOften = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Progress at the first three looks, and at the seventh; then stuck.
        Task heartbeat = AgentService.HeartbeatAsync(
            notify,
            () =>
            {
                looks++;
                if (looks == 20)
                {
                    lookedOften.SetResult();
                }
                return looks < 4 ? looks : looks < 7 ? 3 : 4;
            },
            TimeProvider.System, stop.Token);
        await lookedOften.Task.WaitAsync(Wait.Patience, TimeProvider.System);
        await stop.CancelAsync();
        await heartbeat;
        notify.Stopping();

        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"], await systemd.UntilAsync("STOPPING=1"));
    }
}
