using System.Net;
using System.Net.Sockets;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class LlrpConnectionTests
{
    [Fact]
    public async Task Patience_that_ends_in_the_moment_a_message_comes_ends_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new HeldTimers();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using LlrpConnection link = await LlrpConnection.OpenAsync("127.0.0.1", port, tls: null, time, CancellationToken.None);
        using Socket reader = await listener.AcceptSocketAsync();
        await reader.SendAsync(ReaderMessages.Keepalive(1));
        Assert.False((await link.ReadAsync()).IsEmpty);

        // The timer had begun to fire before the read could stop it.
        time.FireFirst();

        await link.SendAsync(GateRequests.KeepaliveAck(1));
        await reader.SendAsync(ReaderMessages.Keepalive(2));
        Assert.False((await link.ReadAsync()).IsEmpty);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_more_ends_the_link_and_not_the_agent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new HeldTimers();
        using LlrpConnection link = await LlrpConnection.OpenAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, tls: null, time, CancellationToken.None);
        using Socket reader = await listener.AcceptSocketAsync();

        // Nobody reads at the other end: at some time the sockets are full.
        Task sending = Task.Run(async () =>
        {
            while (true)
            {
                await link.SendAsync(new byte[1 << 20]);
            }
        });
        while (!sending.IsCompleted)
        {
            time.FireLast();
            await Task.Yield();
        }

        Assert.Equal(SensorReason.Silent, (await Assert.ThrowsAsync<ReaderFaultException>(() => sending)).Reason);
    }

    /// <summary>Timers that fire when the test says so, armed or not.</summary>
    private sealed class HeldTimers : TimeProvider
    {
        private volatile Action _last = static () => { };
        private Action? _first;

        public void FireLast() => _last();

        /// <summary>The connection's own: the one of the connecting is over.</summary>
        public void FireFirst() => _first!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _last = () => callback(state);
            _first = state is LlrpConnection ? _first ?? _last : _first;
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
