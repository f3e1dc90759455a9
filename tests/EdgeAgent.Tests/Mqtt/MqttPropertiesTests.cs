using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;

namespace EdgeAgent.Tests.Mqtt;

public sealed class MqttPropertiesTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly byte[] s_body = "{}"u8.ToArray();

    [MosquittoFact]
    public async Task A_request_carries_where_its_answer_belongs_and_the_answer_comes_back_with_the_same_data()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        byte[] correlation = [0, 1, 254, 255];
        await using var box = new Line(Line.To(broker), "b1");
        box.Link.Subscribe("sst/b1/cmd/+", async (request, ct) => Assert.True((await box.Link.PublishAsync(
            request.ResponseTopic!, s_body, 1, false, new MqttProperties(request.CorrelationData, 30, "application/json"), ct)).IsSuccess()));
        var answers = new TaskCompletionSource<Inbound>();
        var requests = new TaskCompletionSource<Inbound>();
        await using var caller = new Line(Line.To(broker), "caller");
        caller.Link.Subscribe("sst/b1/rsp/+", (answer, _) => Took(answers, answer));
        caller.Link.Subscribe("sst/b1/cmd/+", (request, _) => Took(requests, request));
        await box.UpAsync();
        await caller.UpAsync();

        await caller.Link.PublishAsync(
            "sst/b1/cmd/selftest", s_body, 1, false, new MqttProperties(correlation, MessageExpirySeconds: 60, ResponseTopic: "sst/b1/rsp/caller"), s_none);

        Inbound answer = await answers.Task.WaitAsync(Wait.Patience);
        Assert.Equal(correlation, answer.CorrelationData);
        Assert.Equal(1, answer.Qos);
        Assert.InRange(answer.MessageExpirySeconds!.Value, 1u, 30u);
        Inbound request = await requests.Task.WaitAsync(Wait.Patience);
        Assert.Equal("sst/b1/rsp/caller", request.ResponseTopic);
        Assert.InRange(request.MessageExpirySeconds!.Value, 1u, 60u);
        Assert.False(request.Retained);
    }

    [MosquittoFact]
    public async Task A_message_without_properties_arrives_without_any()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var listener = await Listener.StartAsync(Line.To(broker));
        await using var line = await new Line(Line.To(broker), "b1").UpAsync();
        await line.Link.PublishAsync("sst/x", s_body, 0, false, s_none);
        await listener.UntilAsync(heard => heard.Count == 1);
        Assert.Equal((null, null, null, 0), (listener.Heard[0].ResponseTopic, listener.Heard[0].CorrelationData, listener.Heard[0].MessageExpirySeconds, listener.Heard[0].Qos));
    }

    [MosquittoFact]
    public async Task Correlation_data_beyond_what_the_protocol_takes_is_refused_and_the_link_stays()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using var line = await new Line(Line.To(broker), "b1").UpAsync();
        Assert.Equal(MqttReason.PacketTooLarge, await line.Link.PublishAsync("sst/x", s_body, 1, false, new MqttProperties(new byte[65_536]), s_none));
        Assert.True((await line.Link.PublishAsync("sst/x", s_body, 1, false, new MqttProperties(new byte[65_535]), s_none)).IsSuccess());
    }

    [MosquittoFact]
    public async Task The_link_says_what_the_broker_takes()
    {
        using var broker = new MosquittoBroker(false, "max_packet_size 5000", "max_inflight_messages 7");
        broker.Start();
        await using var line = await new Line(Line.To(broker), "b1").UpAsync();
        Assert.Equal(7, line.Link.Current!.ReceiveMaximum);
        Assert.Equal(5000, line.Link.Current.MaximumPacketSize);
    }

    [MosquittoFact]
    public async Task A_handler_that_throws_ends_the_link_instead_of_making_it_deaf()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        var line = new Line(Line.To(broker), "b1");
        line.Link.Subscribe("sst/x", (_, _) => throw new InvalidDataException("a bug"));
        await line.UpAsync();
        await line.Link.PublishAsync("sst/x", s_body, 1, false, s_none);
        await Assert.ThrowsAsync<InvalidDataException>(() => line.Running.WaitAsync(Wait.Patience));
    }

    private static ValueTask Took(TaskCompletionSource<Inbound> where, Inbound message)
    {
        where.TrySetResult(message);
        return ValueTask.CompletedTask;
    }
}
