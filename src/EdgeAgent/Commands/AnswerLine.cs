using System.Threading.Channels;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Commands;

/// <summary>
/// The way back: answers wait here for the broker, in order. Pipe: 256; when full the newest is dropped and counted. An answer that is lost
/// is given again when the sender asks again under the same name.
/// </summary>
internal sealed class AnswerLine(MqttLink link, Topics topics, TimeProvider time)
{
    public const int Capacity = 256;

    // As long as a sender that asked in time may still look.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Channel<Answer> _answers = Channel.CreateBounded<Answer>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private long _dropped;

    /// <summary>Looks at every answer before it leaves; null for a test without one.</summary>
    public EgressFirewall? Firewall { get; init; }

    /// <summary>Answers that found no room, or no broker in their time, or that the broker refused.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Send(Sender to, CommandAnswer answer) => Send(to, answer.For(to.Client, to.RequestId).Payload);

    /// <param name="payload">Made by a <see cref="CommandAnswer"/>, now or before.</param>
    public void Send(Sender to, ReadOnlyMemory<byte> payload)
    {
        if (Firewall?.Look("rsp/" + to.Client, payload) is not null || !_answers.Writer.TryWrite(new Answer(topics.Full("rsp/" + to.Client), to.Correlation, payload, time.GetTimestamp())))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>No answer comes any more: those that wait are sent, and <see cref="RunAsync"/> ends.</summary>
    public void Complete() => _answers.Writer.TryComplete();

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (Answer answer in _answers.Reader.ReadAllAsync(stop))
            {
                while (!await TrySendAsync(answer, stop))
                {
                    await Task.Delay(s_pause, time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>False when it is worth another try.</summary>
    private async Task<bool> TrySendAsync(Answer answer, CancellationToken stop)
    {
        bool late = time.GetElapsedTime(answer.Since) > s_patience;
        MqttReason reason = link.Current is null
            ? MqttReason.NoConnection
            : await link.PublishAsync(answer.Topic, answer.Payload, 1, false, new MqttProperties(answer.Correlation, ContentType: "application/json"), stop);
        if (reason.IsSuccess())
        {
            return true;
        }
        if (reason.IsRefusal() || late)
        {
            Interlocked.Increment(ref _dropped);
            return true;
        }
        return false;
    }

    private sealed record Answer(string Topic, byte[]? Correlation, ReadOnlyMemory<byte> Payload, long Since);
}
