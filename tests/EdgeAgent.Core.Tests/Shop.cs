using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Tests;

/// <summary>
/// A small shop that reads like one. The camera looks at the floor: people come in through the left edge of the picture ("entrance") and
/// leave through the right one ("exit"), where the gate stands. Plan what happens, in seconds since opening, then let time pass with
/// <see cref="After"/>: ten pictures, reports and ticks a second.
/// </summary>
internal sealed class Shop
{
    public const ushort Inside = 1, Gate = 2, Outside = 3;

    public static readonly DateTimeOffset Opening = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Point> s_places = new()
    {
        ["entrance"] = new(-0.06f, 0.8f), ["exit"] = new(1.06f, 0.8f), ["shelf"] = new(0.5f, 0.7f), ["gate"] = new(0.85f, 0.8f),
        ["street"] = new(0.4f, 0.95f), ["hall"] = new(0.4f, 0.55f),
    };

    private readonly ShopFloor _floor;
    private readonly List<Walk> _walks = [];
    private readonly List<(string Person, double From, double To)> _hidden = [];
    private readonly List<(double From, double To)> _stalls = [];
    private readonly List<(double At, Box Box)> _ghosts = [];
    private readonly List<(double Arrives, TagRead Read)> _reads = [];
    private readonly Dictionary<string, Func<Appearance>> _looks = [];
    private readonly List<ShopInput> _inputs = [];
    private int _step;

    private Shop(DeviceConfig config, int seed, IEnumerable<SoldItem>? sold = null, IEnumerable<OpenDecision>? open = null, IEnumerable<UndecidedPassage>? undecided = null)
    {
        Config = config;
        _floor = new ShopFloor(config, Stock.Identify, Some.Random(seed), sold, open, undecided);
    }

    public DeviceConfig Config { get; }

    public List<ShopEvent> Events { get; } = [];

    /// <summary>Everything the shop floor was told, in order.</summary>
    public IReadOnlyList<ShopInput> Inputs => _inputs;

    /// <summary>Told each input and what it made happen.</summary>
    public Action<ShopInput, IReadOnlyList<ShopEvent>>? Watcher { get; init; }

    public int OpenVisits => _floor.OpenVisits;

    public long StrayInputs => _floor.StrayInputs;

    public long LateReads => _floor.LateReads;

    /// <summary>When the next tick comes, in seconds since opening.</summary>
    public double Now => _step / 10.0;

    public static Shop Open(Func<DeviceConfig, DeviceConfig>? with = null, int seed = 1, Action<ShopInput, IReadOnlyList<ShopEvent>>? watcher = null) =>
        new((with ?? (c => c))(Some.Config), seed) { Watcher = watcher };

    /// <summary>The gate is set up differently.</summary>
    public static Shop WithGate(Func<GateConfig, GateConfig> gate) => Open(c => c with { Gates = [gate(c.Gates[0])] });

    /// <summary>The same shop after a restart of its box, that many seconds after opening.</summary>
    public static Shop Reopen(IEnumerable<SoldItem> sold, IEnumerable<OpenDecision> open, double at, IEnumerable<UndecidedPassage>? undecided = null) =>
        new(Some.Config, 2, sold, open, undecided) { _step = (int)Math.Round(at * 10) };

    public ItemState StateOf(string item) => _floor.StateOf(Stock.Tag(item));

    public static DateTimeOffset At(double seconds) => Opening.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    /// <summary>A person walks in a straight line between two places.</summary>
    public Shop PersonWalks(string person, string from, string to, double at, double takes)
    {
        _walks.Add(new Walk(person, s_places[from], s_places[to], at, at + takes));
        return this;
    }

    public Shop PersonStands(string person, string place, double from, double to) => PersonWalks(person, place, place, from, to - from);

    public Shop PersonWalks(string person, Point from, Point to, double at, double takes)
    {
        _walks.Add(new Walk(person, from, to, at, at + takes));
        return this;
    }

    public Shop PersonStands(string person, Point place, double from, double to) => PersonWalks(person, place, place, from, to - from);

    /// <summary>The camera does not see the person, whatever they do.</summary>
    public Shop Hidden(string person, double from, double to)
    {
        _hidden.Add((person, from, to));
        return this;
    }

    /// <summary>The appearance model tells people apart; looks are unit vectors along <paramref name="axis"/>.</summary>
    public Shop LooksLike(string person, int axis)
    {
        _looks[person] = () => Some.Look(axis);
        return this;
    }

    /// <summary>The detector sees somebody where nobody is.</summary>
    public Shop FalseDetection(Box box, params double[] at)
    {
        _ghosts.AddRange(at.Select(t => (t, box)));
        return this;
    }

    /// <summary>One read of one tag.</summary>
    /// <param name="arrives">When the report reaches the agent; at once if not given.</param>
    public Shop TagSeen(string item, double at, ushort antenna = Gate, float rssi = -55, ushort count = 1, double? arrives = null)
        => TagSeen(Stock.Tag(item), at, antenna, rssi, count, arrives);

    public Shop TagSeen(Epc tag, double at, ushort antenna = Gate, float rssi = -55, ushort count = 1, double? arrives = null)
    {
        _reads.Add((arrives ?? at, new TagRead(tag, antenna, rssi, count, At(at))));
        return this;
    }

    /// <summary>A tag is carried through the gate: five reads in 0.8 seconds, strongest in the middle.</summary>
    public Shop TagPasses(string item, double at) =>
        TagSeen(item, at, rssi: -64).TagSeen(item, at + 0.2, rssi: -54).TagSeen(item, at + 0.4, rssi: -46).TagSeen(item, at + 0.6, rssi: -53)
            .TagSeen(item, at + 0.8, rssi: -65);

    /// <summary>A tag stands still and is heard again and again.</summary>
    public Shop TagStands(string item, double from, double to, double every = 0.3, ushort antenna = Gate, float rssi = -60, float jitter = 2)
    {
        int n = 0;
        for (double at = from; at <= to; at += every)
        {
            TagSeen(item, at, antenna, rssi + (jitter * ((n++ * 7 % 5) - 2) / 2));
        }
        return this;
    }

    public Shop Sensor(SensorKind kind, string id, SensorState state, SensorReason reason = SensorReason.None)
    {
        Tell(new ShopInput.SensorReported(At(Now), kind, id, state, reason));
        return this;
    }

    /// <summary>The camera gives no picture from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public Shop CameraStalls(double from, double to)
    {
        _stalls.Add((from, to));
        return this;
    }

    /// <summary>Lets this much time pass.</summary>
    public Shop After(TimeSpan time)
    {
        int end = _step + (int)Math.Round(time.TotalSeconds * 10);
        _reads.Sort((a, b) => a.Arrives.CompareTo(b.Arrives));
        while (_step < end)
        {
            Step();
        }
        return this;
    }

    public Shop Close()
    {
        Tell(new ShopInput.Closing(At(Now)));
        return this;
    }

    public void Tell(ShopInput input)
    {
        _inputs.Add(input);
        int before = Events.Count;
        _floor.On(input, Events);
        Watcher?.Invoke(input, Events[before..]);
    }

    public List<T> All<T>() where T : ShopEvent => [.. Events.OfType<T>()];

    /// <summary>What each bag held, in the order of the bags; within a bag in the order of the alphabet.</summary>
    public List<string> Bags() => [.. All<ShopEvent.ExitObserved>().Select(e => string.Join(" ", e.Items.Select(i => Stock.NameOf(i.Epc)).Order(StringComparer.Ordinal)))];

    private void Step()
    {
        double now = Now;
        if (!_stalls.Exists(s => now >= s.From - 1e-9 && now < s.To - 1e-9))
        {
            Tell(new ShopInput.FrameObserved(At(now), "cam", People(now)));
        }
        int due = 0;
        while (due < _reads.Count && _reads[due].Arrives <= now + 1e-9)
        {
            due++;
        }
        if (due > 0)
        {
            Tell(new ShopInput.TagsRead(At(now), "reader", [.. _reads.Take(due).Select(r => r.Read)]));
            _reads.RemoveRange(0, due);
        }
        Tell(new ShopInput.Tick(At(now)));
        _step++;
    }

    private List<PersonSeen> People(double now)
    {
        var people = new List<PersonSeen>();
        foreach (Walk walk in _walks)
        {
            if (now < walk.Start - 1e-9 || now >= walk.End - 1e-9 || _hidden.Exists(h => h.Person == walk.Person && now >= h.From - 1e-9 && now < h.To - 1e-9))
            {
                continue;
            }
            if (Some.Person(walk.Where(now)) is Box box)
            {
                people.Add(new PersonSeen(box, 0.9f, _looks.TryGetValue(walk.Person, out Func<Appearance>? look) ? look() : null));
            }
        }
        foreach ((double at, Box box) in _ghosts)
        {
            if (Math.Abs(at - now) < 0.01)
            {
                people.Add(new PersonSeen(box, 0.5f, null));
            }
        }
        return people;
    }

    private sealed record Walk(string Person, Point From, Point To, double Start, double End)
    {
        public Point Where(double now)
        {
            float part = (float)((now - Start) / (End - Start));
            return new Point(From.X + (part * (To.X - From.X)), From.Y + (part * (To.Y - From.Y)));
        }
    }
}

internal static class Times
{
    public static TimeSpan Seconds(this int n) => TimeSpan.FromSeconds(n);

    public static TimeSpan Seconds(this double n) => TimeSpan.FromSeconds(n);

    public static TimeSpan Minutes(this int n) => TimeSpan.FromMinutes(n);
}
