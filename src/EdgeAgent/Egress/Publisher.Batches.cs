using System.Buffers;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Egress;

// Several events in one message, when so many wait that the broker's window times the round trip is the limit.
internal sealed partial class Publisher
{
    /// <summary>A lane in which fewer wait goes one event to a message.</summary>
    public const int BatchFrom = 200;

    // What a PUBLISH has beside topic and payload: header, length, packet id, properties. Generous.
    private const int PacketOverhead = 64;

    private static readonly MqttProperties s_batchProperties = new(ContentType: EventBatch.ContentType);

    private readonly BatchSizer _sizer = new();
    private bool _batchesRefused;
    private bool _mayBatch;

    private void BeginBatches(LinkUp connection)
    {
        // Over 3.1.1 a broker acknowledges and drops what its rules deny: a batch nobody may publish would be lost without a word.
        _mayBatch = Batch && connection.Protocol == 5 && !_batchesRefused;
        if (connection.MaximumPacketSize is { } packet)
        {
            _sizer.Limit(packet - PacketOverhead - (FullTopic(EventBatch.Topic)?.Length ?? 0));
        }
    }

    /// <summary>The event alone, or with those behind it in its lane. A retained one goes alone and keeps its place.</summary>
    private Outgoing Gather(SendQueue queue, WaitingEvent first)
    {
        if (!_mayBatch || first.Retain || _queues.Backlog(queue) < BatchFrom)
        {
            return new Outgoing([first], time.GetTimestamp());
        }
        var events = new List<WaitingEvent> { first };
        var bytes = EventBatch.Overhead(1) + first.Envelope.Length;
        while (events.Count < EventBatch.MostEvents && _queues.Next(queue) is { Retain: false } item && !_refusals.ContainsKey(item.Id)
            && bytes + 1 + item.Envelope.Length <= _sizer.Bytes)
        {
            bytes += 1 + item.Envelope.Length;
            events.Add(item);
            _queues.Take(queue);
        }
        return new Outgoing(events, time.GetTimestamp(), OfBacklog: true);
    }

    private ReadOnlyMemory<byte> BatchOf(IReadOnlyList<WaitingEvent> events)
    {
        _payload.ResetWrittenCount();
        for (var i = 0; i < events.Count; i++)
        {
            EventBatch.Separate(_payload, i);
            if (IsHistorical(events[i]))
            {
                Historical.WriteMarked(_payload, events[i].Envelope.Span);
            }
            else
            {
                _payload.Write(events[i].Envelope.Span);
            }
        }
        EventBatch.End(_payload);
        return _payload.WrittenMemory;
    }

    /// <summary>The events of a refused batch go again one by one: perhaps only the batch was too large, or its topic denied.</summary>
    private void TakeBatchRefusal(Outgoing batch, MqttReason reason)
    {
        Interlocked.Increment(ref _refused);
        if (reason == MqttReason.PacketTooLarge)
        {
            _sizer.Limit((batch.Events.Sum(item => (long)item.Envelope.Length) + EventBatch.Overhead(batch.Events.Count)) / 2);
        }
        else
        {
            (_batchesRefused, _mayBatch) = (true, false);
            LogBatchRefused(log, EventBatch.Topic, (int)reason);
        }
        _queues.PutBack(SendQueues.Of(batch.Events[0]), batch.Events);
    }
}
