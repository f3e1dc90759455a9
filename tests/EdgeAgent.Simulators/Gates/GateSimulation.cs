using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// Plays a scene on virtual time: which antenna reads which tag when, and what the photo-eyes show. The same scene and seed give the same
/// signals, in order of time, as fast as they are asked for.
/// </summary>
public sealed class GateSimulation(GateScene scene, ulong? seed = null)
{
    private readonly ulong _seed = seed ?? scene.Seed;

    /// <summary>Tag reads and photo-eye edges of the whole scene; at the same instant edges come first. Each enumeration plays anew.</summary>
    public IEnumerable<GateSignal> Signals()
    {
        IReadOnlyList<EyeEdge> edges = Edges();
        int next = 0;
        foreach (SimulatedRead read in Reads())
        {
            for (; next < edges.Count && edges[next].At <= read.At; next++)
            {
                yield return new GateSignal(edges[next]);
            }
            yield return new GateSignal(read);
        }
        for (; next < edges.Count; next++)
        {
            yield return new GateSignal(edges[next]);
        }
    }

    /// <summary>What the photo-eyes show, in order of time; all are whole at the start unless a fault says otherwise.</summary>
    public IReadOnlyList<EyeEdge> Edges() => PhotoEyes.Edges(scene);

    /// <summary>The tag reads in order of time.</summary>
    public IEnumerable<SimulatedRead> Reads()
    {
        var dice = new Dice(_seed);
        Slots[] readers = MakeReaders();
        int antennas = readers.Sum(r => r.Antennas.Length);
        List<TagGroup> groups = new TagGroups(scene, antennas, dice).All();
        groups.Sort(static (a, b) => a.From.CompareTo(b.From));
        var active = new List<TagGroup>();
        int nextGroup = 0;
        var turn = new AntennaTurn(dice);
        // Turns of different readers overlap: a read waits here until no turn can give an earlier one.
        var waiting = new PriorityQueue<SimulatedRead, (TimeSpan, int)>();
        int number = 0;
        while (true)
        {
            Slots reader = readers[0];
            foreach (Slots other in readers)
            {
                reader = other.Now < reader.Now ? other : reader;
            }
            double t = reader.Now;
            TimeSpan due = Time(Math.Min(t, scene.Seconds));
            while (waiting.TryPeek(out SimulatedRead first, out _) && first.At <= due)
            {
                yield return waiting.Dequeue();
            }
            if (t >= scene.Seconds)
            {
                yield break;
            }
            for (; nextGroup < groups.Count && groups[nextGroup].From <= t; nextGroup++)
            {
                active.Add(groups[nextGroup]);
            }
            active.RemoveAll(g => g.Until <= t);
            foreach (SimulatedRead read in turn.Take(reader, active))
            {
                waiting.Enqueue(read, (read.At, number++));
            }
            reader.Advance();
        }
    }

    /// <summary>Whole microseconds, as LLRP reports them.</summary>
    internal static TimeSpan Time(double seconds) => TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));

    private Slots[] MakeReaders()
    {
        int first = 0;
        var readers = new List<Slots>();
        foreach (SceneReader reader in scene.Readers)
        {
            readers.Add(new Slots(reader, first));
            first += reader.Antennas.Count;
        }
        return [.. readers];
    }
}

/// <summary>One reader's antennas in their turn.</summary>
internal sealed class Slots(SceneReader reader, int firstLink)
{
    private int _next;

    public SceneReader Reader => reader;

    public AntennaSlot[] Antennas { get; } =
        [.. reader.Antennas.Select((a, i) => new AntennaSlot(a, a.TxPowerDbm ?? reader.TxPowerDbm, 1 / a.Towards.Length * a.Towards, firstLink + i))];

    /// <summary>When the next turn begins, seconds.</summary>
    public double Now { get; private set; }

    public AntennaSlot Antenna => Antennas[_next];

    public void Advance()
    {
        Now += Antenna.Antenna.CycleMs / 1000;
        _next = (_next + 1) % Antennas.Length;
    }
}

/// <param name="Towards">Of length 1.</param>
/// <param name="Link">Which of a tag's links is this antenna's.</param>
internal sealed record AntennaSlot(SceneAntenna Antenna, double TxPowerDbm, Place Towards, int Link);
