using System.Threading.Channels;

namespace EdgeAgent.Mqtt;

/// <summary>
/// Messages that have arrived and wait for their handler. Bounded in number and in bytes; when full the newest is dropped and counted. What
/// cannot be meant for this box is not taken at all, and counted.
/// </summary>
/// <remarks>Written by the connection's thread, which has acknowledged the message to the broker: what is dropped here is lost.</remarks>
internal sealed class InboundQueue(int capacity)
{
    /// <summary>A whole configuration is at most 64 KiB; nothing that a box listens to is larger than this.</summary>
    public const int MaxPayloadBytes = 256 * 1024;

    private const long MaxBytes = 8 * 1024 * 1024;
    private const int MaxTopicLetters = 256;

    private readonly Channel<Inbound> _waiting = Channel.CreateBounded<Inbound>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private long _bytes;
    private long _dropped;
    private long _ignored;

    public long Dropped => Interlocked.Read(ref _dropped);
    public long Ignored => Interlocked.Read(ref _ignored);

    /// <summary>Looked at before the payload is copied.</summary>
    public static bool Takes(string topic, int payloadBytes) => IsPlausible(topic) && payloadBytes <= MaxPayloadBytes;

    public void CountIgnored() => Interlocked.Increment(ref _ignored);

    public void Add(Inbound message)
    {
        var bytes = message.Payload.Length;
        if (Interlocked.Add(ref _bytes, bytes) > MaxBytes || !_waiting.Writer.TryWrite(message))
        {
            Interlocked.Add(ref _bytes, -bytes);
            Interlocked.Increment(ref _dropped);
        }
    }

    public async IAsyncEnumerable<Inbound> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var message in _waiting.Reader.ReadAllAsync(ct))
        {
            Interlocked.Add(ref _bytes, -message.Payload.Length);
            yield return message;
        }
    }

    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>A broker's own topics ($SYS), wildcards and control characters are no names of messages (MQTT 5, 4.7).</summary>
    private static bool IsPlausible(string topic) =>
        topic.Length is > 0 and <= MaxTopicLetters && topic[0] != '$' && !topic.AsSpan().ContainsAny('+', '#') && !topic.Any(char.IsControl);
}
