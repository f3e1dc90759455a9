using System.Collections.Concurrent;
using System.Threading.Channels;

namespace EdgeAgent.Rfid;

/// <summary>One thing to tell the reader outside the order of setting up. Port 0: ask it whether it is there.</summary>
internal readonly record struct ReaderCommand(int Port, bool On)
{
    public static ReaderCommand Probe { get; }
}

/// <summary>
/// Lamps and buzzers at a reader's output pins. Anyone may switch; the session sends. At most 64 switchings wait, more are refused and
/// counted. After a reconnect the last wanted level of each pin is set again, and nothing older. Keeps what was asked until it is answered.
/// </summary>
internal sealed class ReaderOutputs(ReaderCounters counters)
{
    private const int Capacity = 64;

    /// <summary>More pins than any reader has: a wrong number must not grow a table for months.</summary>
    private const int MaxPins = 64;

    private readonly Channel<ReaderCommand> _waiting = Channel.CreateBounded<ReaderCommand>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConcurrentDictionary<int, bool> _wanted = new();

    // Touched by the session's two tasks.
    private readonly ConcurrentDictionary<uint, (ReaderCommand Command, long SentAt)> _asked = new();

    public ChannelReader<ReaderCommand> Waiting => _waiting.Reader;

    /// <returns>False when too many wait; then the lamp keeps its level.</returns>
    public bool Set(int port, bool on)
    {
        if ((_wanted.Count >= MaxPins && !_wanted.ContainsKey(port)) || !_waiting.Writer.TryWrite(new ReaderCommand(port, on)))
        {
            counters.OutputDropped();
            return false;
        }
        _wanted[port] = on;
        return true;
    }

    /// <summary>The link is silent: ask whether the reader is there. When commands wait, they are question enough.</summary>
    public void Probe() => _waiting.Writer.TryWrite(ReaderCommand.Probe);

    /// <summary>A connection begins: nothing is asked there yet, and only the last wanted levels count.</summary>
    public void Connected()
    {
        _asked.Clear();
        while (_waiting.Reader.TryRead(out _))
        {
        }
        foreach ((int port, bool on) in _wanted)
        {
            _waiting.Writer.TryWrite(new ReaderCommand(port, on));
        }
    }

    public void Asked(uint id, ReaderCommand command, long at) => _asked[id] = (command, at);

    /// <summary>What the answer with this id is about.</summary>
    public bool TryAnswered(uint id, out ReaderCommand command)
    {
        bool found = _asked.TryRemove(id, out (ReaderCommand Command, long) asked);
        command = asked.Command;
        return found;
    }

    /// <summary>What was asked first of all that wait: for readers that do not repeat the id.</summary>
    public bool TryOldest(out uint id, out long sentAt)
    {
        id = 0;
        sentAt = long.MaxValue;
        foreach ((uint key, (_, long at)) in _asked)
        {
            if (at < sentAt || (at == sentAt && key < id))
            {
                (id, sentAt) = (key, at);
            }
        }
        return sentAt != long.MaxValue;
    }
}
