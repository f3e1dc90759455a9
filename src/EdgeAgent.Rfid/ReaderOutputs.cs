using System.Collections.Concurrent;
using System.Threading.Channels;

namespace EdgeAgent.Rfid;

/// <summary>One thing to tell the reader outside the order of setting up. Port 0: ask it whether it is there.</summary>
/// <param name="Mode">Not the level: whether it is a pulse that ends by itself.</param>
internal readonly record struct ReaderCommand(int Port, bool On, bool Mode = false)
{
    public static ReaderCommand Probe { get; }
}

/// <summary>
/// Lamps and buzzers at a reader's output pins. Anyone may switch; the session sends. At most 64 switchings wait, more are not sent and
/// counted. While no session runs only the last wanted level of each pin is kept; a session begins with setting those. Keeps what was
/// asked until it is answered.
/// </summary>
internal sealed class ReaderOutputs
{
    private const int Capacity = 64;

    /// <summary>More pins than any reader has: a wrong number must not grow a table for months. All of them fit among the waiting.</summary>
    private const int MaxPins = Capacity;

    private readonly ReaderCounters _counters;
    private readonly Channel<ReaderCommand> _waiting = Channel.CreateBounded<ReaderCommand>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    // Under it: what is wanted, whether a session takes it, and the order in which both become commands.
    private readonly Lock _switching = new();
    private readonly Dictionary<int, bool> _wanted = [];
    private bool _connected;

    // Touched by the session's two tasks.
    private readonly ConcurrentDictionary<uint, (ReaderCommand Command, long SentAt)> _asked = new();

    /// <param name="lamps">Pins that are off until somebody wants them on: what an agent that was killed left on does not stay on.</param>
    public ReaderOutputs(ReaderCounters counters, IReadOnlyList<int> lamps)
    {
        _counters = counters;
        foreach (int port in lamps)
        {
            _wanted[port] = false;
        }
    }

    public ChannelReader<ReaderCommand> Waiting => _waiting.Reader;

    /// <summary>Every pin that is configured or was ever switched.</summary>
    public int[] Pins
    {
        get
        {
            lock (_switching)
            {
                return [.. _wanted.Keys];
            }
        }
    }

    /// <returns>False when too many wait; then the lamp keeps its level until it is switched again, or a session begins.</returns>
    public bool Set(int port, bool on)
    {
        lock (_switching)
        {
            bool known = _wanted.Count < MaxPins || _wanted.ContainsKey(port);
            if (known)
            {
                _wanted[port] = on;
            }
            if (known && (!_connected || _waiting.Writer.TryWrite(new ReaderCommand(port, on))))
            {
                return true;
            }
        }
        _counters.OutputDropped();
        return false;
    }

    /// <summary>The link is silent: ask whether the reader is there. When commands wait, they are question enough.</summary>
    public void Probe() => _waiting.Writer.TryWrite(ReaderCommand.Probe);

    /// <summary>A session begins: nothing is asked there yet, and only the last wanted levels count.</summary>
    public void Connected()
    {
        _asked.Clear();
        lock (_switching)
        {
            _connected = true;
            while (_waiting.Reader.TryRead(out _))
            {
            }
            foreach ((int port, bool on) in _wanted)
            {
                _waiting.Writer.TryWrite(new ReaderCommand(port, on));
            }
        }
    }

    /// <summary>The session is over: nobody takes commands until the next.</summary>
    public void Disconnected()
    {
        lock (_switching)
        {
            _connected = false;
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
