using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Benchmarks.Gate;

/// <summary>
/// A recording of two antennas at a doorway, by seed, with other physics than the scenes of the simulators: patches with a pattern and a back lobe, a wave that
/// is reflected by floor and wall, fading of many small paths that changes over half a wavelength and with each hop of the frequency, the carrier's body in the way, a
/// tag that turns, power that must suffice to wake the tag, antennas that are on in turns, a number of reads a second that all tags in the field share.
/// </summary>
internal sealed class PortalRecording
{
    public static readonly string[] Kinds = ["out", "in", "by", "back", "stop", "still"];

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private const double WaveMetres = 0.3275;
    private const double WakeDbm = -18;
    private const double StepSeconds = 0.1;

    private readonly Random _dice;
    private readonly List<TagRead> _reads = [];
    private readonly List<Tag> _tags = [];
    private readonly List<(Func<double, (double X, double Y)> Way, double From, double Until)> _people = [];
    private readonly Antenna[] _antennas;
    private readonly double _turnSeconds;
    private readonly double _readsEachSecond;
    private readonly double _hopSeconds;
    private readonly double _wallMetres;
    private readonly double _grain;
    private readonly int _unit;
    private readonly double _sessionSeconds;
    private double _end;

    public PortalRecording(ulong seed, bool isShort)
    {
        _dice = new Random(unchecked((int)(seed * 2_654_435_761)));
        double apart = 0.5 + (1.3 * _dice.NextDouble());
        double height = 1.0 + (1.4 * _dice.NextDouble());
        // Beside the way or above it, looking at it and away from each other by up to 60 degrees.
        double aside = _dice.Next(3) == 0 ? 0.1 : 0.6 + (0.6 * _dice.NextDouble());
        height = aside < 0.2 ? 2.6 : height;
        double turned = _dice.NextDouble() * Math.PI / 3;
        double weaker = 6 * Normal() / 2;
        _antennas = [new(-aside, -apart / 2, height, -turned, 30 + weaker / 2), new(-aside, apart / 2, height, turned, 30 - weaker / 2)];
        _turnSeconds = 0.05 + (0.3 * _dice.NextDouble());
        _readsEachSecond = 20 + (120 * _dice.NextDouble());
        _hopSeconds = 0.2 + (1.8 * _dice.NextDouble());
        _wallMetres = 1.2 + (2 * _dice.NextDouble());
        _grain = _dice.Next(3) switch { 0 => 1, 1 => 0.001, _ => 0.000001 };
        _unit = _dice.Next(5);
        _sessionSeconds = _dice.Next(3) == 0 ? 0.5 + _dice.NextDouble() : 0;
        InsideIsSecond = _dice.Next(2) == 0;
        double t = isShort ? -0.5 - (2 * _dice.NextDouble()) : 3;
        int people = isShort ? 1 : 10;
        for (int person = 0; person < people; person++)
        {
            string kind = Kinds[(int)((seed + (ulong)person) % 5)];
            double pace = 0.5 + (1 * _dice.NextDouble());
            double wait = 2 + (6 * _dice.NextDouble());
            double aisle = 0.35 * Normal();
            double along = 1.6 + (1.5 * _dice.NextDouble());
            double turn = -1.1 + (0.7 * _dice.NextDouble());
            bool inwards = _dice.Next(2) == 0;
            bool beyond = _dice.Next(4) == 0;
            double from = t;
            Func<double, (double X, double Y)> way = at => Way(kind, at - from, pace, wait, aisle, along, turn, inwards, beyond);
            double lasts = (7 / pace) + (kind is "stop" ? wait : 0);
            _people.Add((way, from - (2 / pace), from + lasts + (2 / pace)));
            // Before or behind the body, at a side, on the back.
            double carriedAt = _dice.Next(4) * Math.PI / 2;
            for (int item = 1 + _dice.Next(4); item > 0; item--)
            {
                _tags.Add(new Tag(Next(), kind is "stop" ? inwards ? "stop-in" : "stop-out" : kind, way, from, from + lasts, 0.7 + (0.6 * _dice.NextDouble()), 2 + (5 * Math.Abs(Normal())), carriedAt, _dice.Next()));
            }
            t += lasts + 4 + (4 * _dice.NextDouble());
        }
        _end = isShort ? Math.Max(t - 4, 4) : t;
        for (int still = 0; still < 6; still++)
        {
            // On a shelf inside, one or two outside the door, now and then in the middle of the wall.
            (double x, double y) = ((0.9 + (1.5 * _dice.NextDouble())) * (_dice.Next(2) == 0 ? 1 : -1), still == 5 ? 1 + _dice.NextDouble() : -0.6 - (2 * _dice.NextDouble()));
            _tags.Add(new Tag(Next(), "still", _ => (x, y), double.NegativeInfinity, double.PositiveInfinity, 0.4 + (1.4 * _dice.NextDouble()), 2 + (4 * Math.Abs(Normal())), -1, _dice.Next()));
        }
        Record();
    }

    public bool InsideIsSecond { get; }

    public IEnumerable<(Epc Epc, string Kind, bool Heard)> Tags => _tags.Select(tag => (tag.Epc, tag.Kind, tag.Reads >= 4 && tag.Heard == 3));

    /// <summary>The recording played into a shop that has nothing but this reader, as a replay does it.</summary>
    /// <param name="withCamera">An ideal camera with a line at the door sees everybody, so that bags can be settled.</param>
    public List<ShopEvent> Play(bool withCamera = false)
    {
        var floor = new ShopFloor(Config(withCamera), EpcIdentity.Identify, static bytes => bytes.Clear());
        var events = new List<ShopEvent>();
        List<TagRead> lines = [.. _reads.OrderBy(r => r.At)];
        int next = 0;
        for (int step = 0; step * StepSeconds < _end + 30; step++)
        {
            double t = step * StepSeconds;
            DateTimeOffset now = s_start.AddSeconds(t);
            for (int from = next; next < lines.Count && lines[next].At <= now; from = next)
            {
                while (next < lines.Count && lines[next].At == lines[from].At)
                {
                    next++;
                }
                floor.On(new ShopInput.TagsRead(lines[from].At, "reader", lines.GetRange(from, next - from)), events);
            }
            if (withCamera)
            {
                floor.On(new ShopInput.FrameObserved(now, "door", People(t)), events);
            }
            floor.On(new ShopInput.Tick(now), events);
        }
        floor.On(new ShopInput.Closing(s_start.AddSeconds(_end + 31)), events);
        return events;
    }

    /// <summary>Metres: the door is at y = 0, inside is below it.</summary>
    private static (double X, double Y) Way(string kind, double t, double pace, double wait, double aisle, double along, double turn, bool inwards, bool beyond)
    {
        double way = (pace * t) - 3.5;
        switch (kind)
        {
            case "out":
                return (aisle, way);
            case "in":
                return (aisle, -way);
            case "back":
                return (aisle, way < 0 ? Math.Min(way, turn) : Math.Min(-way, turn));
            case "by":
                return (way, beyond ? along : -along);
            default:
                double stopsAt = 3.5 / pace;
                double walked = (t < stopsAt ? t : t < stopsAt + wait ? stopsAt : t - wait) * pace;
                return (aisle, inwards ? 3.5 - walked : walked - 3.5);
        }
    }

    private void Record()
    {
        int antenna = 0;
        var here = new List<Tag>();
        for (double t = 0; t < _end; t += _turnSeconds, antenna ^= 1)
        {
            here.Clear();
            here.AddRange(_tags.Where(tag => t >= tag.From && t <= tag.Until));
            for (double slot = _dice.NextDouble(); slot < _readsEachSecond * _turnSeconds && here.Count > 0; slot++)
            {
                // Tags answer in no order; who is asked and does not wake is no read.
                double at = t + (_turnSeconds * _dice.NextDouble());
                Tag tag = here[_dice.Next(here.Count)];
                if (at - tag.LastRead[antenna] < _sessionSeconds)
                {
                    continue;
                }
                (double wake, double db) = Budget(_antennas[antenna], tag, at);
                if (wake < WakeDbm + Normal() || db < -84)
                {
                    continue;
                }
                tag.LastRead[antenna] = at;
                tag.Reads++;
                tag.Heard |= 1 << antenna;
                _reads.Add(new TagRead(
                    tag.Epc, (ushort)(antenna == 1 != InsideIsSecond ? 2 : 1), Said(db + (0.7 * Normal())), 1, s_start.AddSeconds(Math.Floor(at / _grain) * _grain)));
            }
        }
    }

    /// <summary>What reaches the tag and what comes back, in dBm.</summary>
    private (double Wake, double Back) Budget(Antenna antenna, Tag tag, double t)
    {
        (double x, double y) = tag.Way(t);
        double channel = Math.Floor(t / _hopSeconds);
        double wave = WaveMetres * (1 + (0.02 * Hash(channel, 3)));
        double direct = Distance(antenna, x, y, tag.Height);
        // Floor and wall, each a mirror that gives back part of it.
        double floor = Distance(antenna, x, y, -tag.Height);
        double wall = Distance(antenna, (2 * _wallMetres) - x, y, tag.Height);
        (double re, double im) = Sum((Gain(antenna, x, y, tag.Height) / direct, direct), (-0.35 * Gain(antenna, x, y, -tag.Height) / floor, floor), (0.3 * Gain(antenna, (2 * _wallMetres) - x, y, tag.Height) / wall, wall));
        // Many small paths: waves from all sides, whose sum changes over half a wavelength.
        for (int path = 0; path < 6; path++)
        {
            double angle = 2 * Math.PI * Hash(tag.Dice, path);
            double phase = (2 * Math.PI / wave * ((x * Math.Cos(angle)) + (y * Math.Sin(angle)))) + (2 * Math.PI * Hash(tag.Dice + channel, path + 10));
            re += 0.12 / direct * Math.Cos(phase);
            im += 0.12 / direct * Math.Sin(phase);
        }
        double oneWay = 20 * Math.Log10(Math.Max(Math.Sqrt((re * re) + (im * im)) * wave / (4 * Math.PI), 1e-9));
        double loss = tag.LossDb + (2 * (1 + Math.Sin((0.8 * t) + (6.28 * Hash(tag.Dice, 40))))) + Body(antenna, tag, t) + Passers(antenna, tag, t);
        double wake = antenna.PowerDbm + 2 + oneWay - loss;
        return (wake, wake - 6 + oneWay - loss + 2);

        (double Re, double Im) Sum(params ReadOnlySpan<(double Amplitude, double Metres)> paths)
        {
            (double a, double b) = (0, 0);
            foreach ((double amplitude, double metres) in paths)
            {
                a += amplitude * Math.Cos(2 * Math.PI * metres / wave);
                b += amplitude * Math.Sin(2 * Math.PI * metres / wave);
            }
            return (a, b);
        }
    }

    /// <summary>Amplitude of a patch of 8 dBi, 65 degrees wide; 18 dB less behind.</summary>
    private static double Gain(Antenna antenna, double x, double y, double height)
    {
        (double dx, double dy, double dz) = (x - antenna.X, y - antenna.Y, height - antenna.Height);
        double length = Math.Sqrt((dx * dx) + (dy * dy) + (dz * dz));
        double down = antenna.X > -0.2 ? 1 : 0.25;
        double side = antenna.X > -0.2 ? 0.15 : 1;
        (double lx, double ly, double lz) = (side * Math.Cos(antenna.Turned), Math.Sin(antenna.Turned), -down);
        double cosine = ((dx * lx) + (dy * ly) + (dz * lz)) / (length * Math.Sqrt((lx * lx) + (ly * ly) + (lz * lz)));
        return 2.5 * Math.Max(Math.Pow(Math.Max(cosine, 0), 1.6), 0.126);
    }

    /// <summary>The carrier between tag and antenna: up to 9 dB each way.</summary>
    private static double Body(Antenna antenna, Tag tag, double t)
    {
        if (tag.CarriedAt < 0)
        {
            return 0;
        }
        (double x, double y) = tag.Way(t);
        (double ax, double ay) = tag.Way(t + 0.1);
        (double bx, double by) = tag.Way(t - 0.1);
        double heading = (ax, ay) == (bx, by) ? 0 : Math.Atan2(ay - by, ax - bx);
        double away = Math.Atan2(antenna.Y - y, antenna.X - x) - (heading + tag.CarriedAt);
        return 9 * Math.Pow((1 - Math.Cos(away)) / 2, 2);
    }

    /// <summary>Somebody who walks between a tag that lies there and the antenna: the reads flicker.</summary>
    private double Passers(Antenna antenna, Tag tag, double t)
    {
        if (tag.CarriedAt >= 0)
        {
            return 0;
        }
        double loss = 0;
        (double x, double y) = tag.Way(t);
        foreach (Tag other in _tags)
        {
            if (other.CarriedAt >= 0 && t >= other.From && t <= other.Until)
            {
                (double px, double py) = other.Way(t);
                double along = Math.Clamp((((px - antenna.X) * (x - antenna.X)) + ((py - antenna.Y) * (y - antenna.Y))) / Math.Max(((x - antenna.X) * (x - antenna.X)) + ((y - antenna.Y) * (y - antenna.Y)), 0.01), 0, 1);
                double off = Math.Sqrt(Math.Pow(antenna.X + (along * (x - antenna.X)) - px, 2) + Math.Pow(antenna.Y + (along * (y - antenna.Y)) - py, 2));
                loss = Math.Max(loss, 7 * Math.Exp(-off * off / 0.08));
            }
        }
        return loss;
    }

    private float Said(double dbm) => (float)(_unit switch
    {
        0 => Math.Round(dbm),
        1 => Math.Round(dbm * 2) / 2,
        2 => Math.Round(dbm * 100),
        // A byte of three steps a decibel, and power on a linear scale.
        3 => Math.Clamp(Math.Round((dbm + 90) * 3.2), 0, 255),
        _ => Math.Round(Math.Pow(10, (dbm + 85) / 10) * 12),
    });

    private Epc Next() => new(Convert.FromHexString($"3034257BF40000400000{0x100 + _tags.Count:X4}"), 96);

    private static double Distance(Antenna antenna, double x, double y, double height) =>
        Math.Max(Math.Sqrt(Math.Pow(x - antenna.X, 2) + Math.Pow(y - antenna.Y, 2) + Math.Pow(height - antenna.Height, 2)), 0.2);

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _dice.NextDouble())) * Math.Cos(2 * Math.PI * _dice.NextDouble());

    /// <summary>The same number from 0 to 1 for the same two.</summary>
    private static double Hash(double a, double b)
    {
        double s = Math.Sin((a * 12.9898) + (b * 78.233)) * 43758.5453;
        return s - Math.Floor(s);
    }

    /// <summary>A picture of eleven metres: who comes from the shop comes from its left edge.</summary>
    private List<PersonSeen> People(double t)
    {
        var people = new List<PersonSeen>();
        foreach ((Func<double, (double X, double Y)> way, double from, double until) in _people.Where(p => t >= p.From && t <= p.Until))
        {
            (double x, double y) = way(t);
            (float left, float bottom) = ((float)(0.5 + (0.09 * y) - 0.02), (float)(0.5 + (0.09 * x)));
            if (left is > -0.02f and < 0.98f && bottom is > 0.05f and < 1)
            {
                people.Add(new PersonSeen(new Box(Math.Max(left, 0), Math.Max(bottom - 0.15f, 0), 0.04f, Math.Min(bottom, 0.15f)), 0.9f, null));
            }
        }
        return people;
    }

    private DeviceConfig Config(bool withCamera) => new(
        1,
        new StoreConfig("acme", "s1", "b1"),
        withCamera ? [new CameraConfig("door", "clip:none.mp4", Doors: [new DoorConfig("shop", FrameEdge.Left, DoorUse.In)], Lines: [new LineConfig("line", new Point(0.5f, 0.38f), new Point(0.5f, 0.62f))])] : [],
        [
            new ReaderConfig("reader", "reads:none.jsonl", [
                new AntennaConfig(1, InsideIsSecond ? AntennaZone.Outside : AntennaZone.Inside), new AntennaConfig(2, InsideIsSecond ? AntennaZone.Inside : AntennaZone.Outside)]),
        ],
        [new GateConfig("front", ["reader"], withCamera ? ["line"] : [])],
        new CheckoutConfig("EUR", [new PriceConfig(EpcIdentity.Identify(_tags[0].Epc).Gtin!, 500)], RiskLimit: 1_000));

    private sealed record Antenna(double X, double Y, double Height, double Turned, double PowerDbm);

    /// <param name="CarriedAt">On which side of its carrier, against the way they walk; below 0 for a tag that lies there.</param>
    private sealed record Tag(Epc Epc, string Kind, Func<double, (double X, double Y)> Way, double From, double Until, double Height, double LossDb, double CarriedAt, int Dice)
    {
        public double[] LastRead { get; } = [double.NegativeInfinity, double.NegativeInfinity];
        public int Reads { get; set; }
        public int Heard { get; set; }
    }
}
