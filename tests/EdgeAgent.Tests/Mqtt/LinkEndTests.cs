using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;

namespace EdgeAgent.Tests.Mqtt;

/// <summary>How a connection is left: for good, or for another broker.</summary>
public sealed class LinkEndTests
{
    [Fact]
    public async Task Whoever_has_said_goodbye_does_not_come_back_to_leave_without_one()
    {
        await using var broker = new FakeBroker();
        var again = new TaskCompletionSource();
        var line = new Line(To(broker.Port), "b1", number =>
        {
            if (number > 1)
            {
                again.TrySetResult();
            }
            return null;
        });
        await using (await line.UpAsync())
        {
            // Whoever asked for the goodbye gets no turn for a while, as on a machine that stalls.
            var stall = new Stall();
            Task goodbye = stall.Begin(line.Link.DisconnectAsync);
            Assert.Same(line.Running, await Task.WhenAny(line.Running, again.Task).WaitAsync(Wait.Patience));
            stall.End();
            await goodbye.WaitAsync(Wait.Patience);
        }
    }

    [Fact]
    public async Task Another_broker_is_called_at_its_first_node()
    {
        await using var before = new FakeBroker();
        await using var first = new FakeBroker();
        await using var second = new FakeBroker();
        await using Line line = await new Line(To(before.Port), "b1").UpAsync();
        FakeSession left = await before.NextAsync(CancellationToken.None);

        line.Link.Use(To(first.Port) with { FallbackHosts = [$"127.0.0.1:{second.Port}"] });

        using var patience = new CancellationTokenSource(Wait.Patience);
        Task<FakeSession> called = first.NextAsync(patience.Token);
        Assert.Same(called, await Task.WhenAny(called, second.NextAsync(patience.Token)));
        await left.Ended.WaitAsync(Wait.Patience);
        Assert.Null(line.Link.LastError);
        await patience.CancelAsync();
    }

    [Fact]
    public async Task Another_broker_that_is_named_while_the_first_one_still_answers_is_the_one_that_counts()
    {
        using var slow = new TcpListener(IPAddress.Loopback, 0);
        slow.Start();
        await using var other = new FakeBroker();
        await using Line line = new Line(To(((IPEndPoint)slow.LocalEndpoint).Port), "b1").Run();
        (await slow.AcceptTcpClientAsync()).Dispose(); // the probe
        using TcpClient client = await slow.AcceptTcpClientAsync();
        Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1024])); // CONNECT

        line.Link.Use(To(other.Port));
        await client.GetStream().WriteAsync(new byte[] { 0x20, 3, 0, 0, 0 });

        Assert.Equal(2, (await line.Link.WaitUpAsync(CancellationToken.None).WaitAsync(Wait.Patience)).Number);
        Assert.Equal(1, line.Link.Connects);
    }

    private static BrokerConfig To(int port) => new("127.0.0.1", port);

    /// <summary>Somebody whose next steps wait until the stall is over.</summary>
    private sealed class Stall : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Step, object? State)> _waiting = new();
        private volatile bool _over;

        public Task Begin(Func<Task> work)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                return work();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public override void Post(SendOrPostCallback d, object? state)
        {
            _waiting.Enqueue((d, state));
            if (_over)
            {
                End();
            }
        }

        public void End()
        {
            _over = true;
            while (_waiting.TryDequeue(out (SendOrPostCallback Step, object? State) next))
            {
                next.Step(next.State);
            }
        }
    }
}
