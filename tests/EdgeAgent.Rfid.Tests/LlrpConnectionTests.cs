using System.Net;
using System.Net.Sockets;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class LlrpConnectionTests
{
    [Fact]
    public async Task Patience_that_ends_in_the_moment_a_message_comes_is_silence_and_no_bug()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new HeldTimers();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using LlrpConnection link = await LlrpConnection.OpenAsync("127.0.0.1", port, time, CancellationToken.None);
        using Socket reader = await listener.AcceptSocketAsync();
        await reader.SendAsync(ReaderMessages.Keepalive(1));
        Assert.False((await link.ReadAsync()).IsEmpty);

        // The timer had begun to fire before the read could stop it.
        time.FireLast();

        Assert.Equal(SensorReason.Silent, (await Assert.ThrowsAsync<ReaderFaultException>(
            async () => await link.SendAsync(GateRequests.KeepaliveAck(1)))).Reason);
        Assert.Equal(SensorReason.Silent, (await Assert.ThrowsAsync<ReaderFaultException>(async () => await link.ReadAsync())).Reason);
    }

    /// <summary>Timers that fire when the test says so, armed or not.</summary>
    private sealed class HeldTimers : TimeProvider
    {
        private Action _last = static () => { };

        public void FireLast() => _last();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _last = () => callback(state);
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
