using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Faults;

/// <summary>Row 12 of the fault table: a second box with the same name.</summary>
public sealed class CloneTests
{
    [Fact]
    public async Task A_box_that_the_broker_says_is_taken_over_tells_it_and_does_not_call_back_at_once()
    {
        await using var broker = new FakeBroker();
        await using Watched box = new Watched(new BrokerConfig("127.0.0.1", broker.Port)).Run();
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        FakeSession session = await broker.NextAsync(patience.Token);
        await box.Link.WaitUpAsync(patience.Token);

        await session.SendAsync([0xE0, 1, 0x8E]);

        await Wait.UntilAsync(() => box.Link.TakenOver == 1);
        box.Watch.Look();
        var told = Assert.IsType<ShopInput.RivalSeen>(Assert.Single(box.Told()));
        Assert.Equal(RivalEvidence.TakenOver, told.Evidence);
        Assert.Equal(LinkError.TakenOver, box.Link.LastErrorCode);
        Assert.Equal([DegradedReason.Clone], box.Watch.Reasons());
        // It waits for at least a minute, so nobody calls now.
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => broker.NextAsync(moment.Token));
    }

    [MosquittoFact]
    public async Task Two_links_with_one_name_at_a_real_broker_do_not_throw_each_other_out_for_ever()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Watched first = await new Watched(Line.To(broker)).UpAsync();
        await using Watched second = new Watched(Line.To(broker));
        // What the agent does when it hears a birth that is not its own; this broker only closes the socket.
        first.Watch.ForeignBirth();
        second.Run();
        await Wait.UntilAsync(() => first.Link.TakenOver == 1);
        first.Watch.Look();
        Assert.Contains(first.Told(), input => input is ShopInput.RivalSeen);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        Assert.NotNull(second.Link.Current);
        Assert.Equal((1, 1), (first.Link.Connects, second.Link.Connects));
    }
}
