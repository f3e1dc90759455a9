using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>
/// A recording of two antennas, by seed: people who go out, come in, turn back or pass by, each with some tags, and tags that lie there. What
/// differs from recording to recording is what differs from reader to reader.
/// </summary>
internal sealed class TwoAntennaRecording
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly Random _dice;
    private readonly List<TagRead> _reads = [];
    private readonly bool _insideIsSecond;
    private readonly double _wholeSeconds;
    private readonly double _readsEachSecond;
    private readonly double _missing;
    private readonly double _outsideWeakerDb;
    private readonly string _unit;
    private int _made;
    private double _end = 5;

    /// <param name="isShort">Some seconds that begin and end in the middle of what happens, with one person or nobody.</param>
    public TwoAntennaRecording(int seed, bool isShort = false)
    {
        _dice = new Random(seed);
        _unit = new[] { "dBm", "byte", "tenths", "hundredths" }[seed % 4];
        _insideIsSecond = _dice.Next(2) == 0;
        _wholeSeconds = _dice.Next(2) == 0 ? 1 : 0.001;
        _readsEachSecond = 3 + (12 * _dice.NextDouble());
        _missing = 0.4 * _dice.NextDouble();
        _outsideWeakerDb = (10 * _dice.NextDouble()) - 5;
        if (isShort)
        {
            Passage(seed % 5);
            Lie(0);
            return;
        }
        for (int person = 0; person < 12; person++)
        {
            string kind = new[] { "out", "in", "by", "back" }[person % 4];
            double t = _end + 6 + (3 * _dice.NextDouble());
            double pace = 0.5 + (1.2 * _dice.NextDouble());
            int tags = 1 + _dice.Next(3);
            for (int tag = 0; tag < tags; tag++)
            {
                Walk(kind, NextTag(kind), t, pace);
            }
            _end = t + (7 / pace);
        }
        Lie(0.5);
    }

    public Dictionary<Epc, string> Kinds { get; } = [];

    /// <summary>A person who is half a metre to two metres before the gate when the recording begins; the fifth is nobody.</summary>
    private void Passage(int number)
    {
        double pace = 0.5 + (1.2 * _dice.NextDouble());
        double start = -(3.5 - 0.5 - (1.5 * _dice.NextDouble())) / pace;
        for (int tag = _dice.Next(3); number < 4 && tag >= 0; tag--)
        {
            string kind = new[] { "out", "in", "by", "back" }[number];
            Walk(kind, NextTag(kind), start, pace);
        }
        _end = number < 4 ? start + (7 / pace) : 4 + (6 * _dice.NextDouble());
    }

    /// <summary>Tags that lie near the gate from then to the end of the recording.</summary>
    private void Lie(double from)
    {
        for (int still = 0; still < 5; still++)
        {
            Epc epc = NextTag("still");
            double level = 8 + (12 * _dice.NextDouble());
            double nearer = 6 - (12 * _dice.NextDouble());
            for (double t = from; t < _end; t += 0.3 + (1.2 * _dice.NextDouble()))
            {
                Read(epc, inside: true, t, level + nearer);
                Read(epc, inside: false, t, level - nearer);
            }
        }
    }

    /// <summary>The recording played into a shop that has nothing but this reader.</summary>
    public List<ShopEvent> Play()
    {
        // By second as they come; within a second in any order, as files of some readers are.
        List<TagRead> lines = [.. _reads.OrderBy(r => Math.Floor((r.At - s_start).TotalSeconds)).ThenBy(_ => _dice.Next())];
        var floor = new ShopFloor(Config, EpcIdentity.Identify, static bytes => bytes.Clear());
        var events = new List<ShopEvent>();
        int next = 0;
        for (double t = 0; t < _end + 30; t += 0.25)
        {
            DateTimeOffset now = s_start.AddSeconds(t);
            int from = next;
            while (next < lines.Count && Math.Floor((lines[next].At - s_start).TotalSeconds) + 1 <= t)
            {
                next++;
            }
            if (next > from)
            {
                floor.On(new ShopInput.TagsRead(now, "reader", lines.GetRange(from, next - from)), events);
            }
            floor.On(new ShopInput.Tick(now), events);
        }
        floor.On(new ShopInput.Closing(s_start.AddSeconds(_end + 31)), events);
        return events;
    }

    private Epc NextTag(string kind)
    {
        var epc = new Epc(Convert.FromHexString($"3034257BF40000400000{0x100 + _made++:X4}"), 96);
        Kinds.Add(epc, kind);
        return epc;
    }

    /// <summary>Metres: the inside antenna looks at -1, the outside one at 1.</summary>
    private void Walk(string kind, Epc epc, double start, double pace)
    {
        double carried = 6 * _dice.NextDouble();
        double turn = -1.2 + (0.8 * _dice.NextDouble());
        for (double t = start; t < start + (7 / pace); t += -Math.Log(1 - _dice.NextDouble()) / _readsEachSecond)
        {
            double way = (pace * (t - start)) - 3.5;
            double y = kind switch
            {
                "out" => way,
                "in" => -way,
                // To a little before the middle and back.
                "back" => way < 0 ? Math.Min(way, turn) : Math.Min(-way, turn),
                _ => -2.2,
            };
            double x = kind == "by" ? way : 0;
            Read(epc, inside: true, t, Strength(x, y + 1) - carried);
            Read(epc, inside: false, t, Strength(x, y - 1) - carried - _outsideWeakerDb);
        }
    }

    private static double Strength(double x, double y) => 38 - (20 * Math.Log10(1 + (2.2 * ((x * x) + (y * y)))));

    private void Read(Epc epc, bool inside, double t, double db)
    {
        double noisy = db + (2.5 * (_dice.NextDouble() + _dice.NextDouble() - 1));
        if (t < 0 || noisy < 4 || _dice.NextDouble() < _missing)
        {
            return;
        }
        float rssi = _unit switch
        {
            "byte" => (float)Math.Round(30 + (noisy * 4)),
            "tenths" => (float)Math.Round((-75 + noisy) * 10),
            "hundredths" => (float)Math.Round((-75 + noisy) * 100),
            _ => (float)Math.Round(-75 + noisy),
        };
        _reads.Add(new TagRead(epc, (ushort)(inside == _insideIsSecond ? 2 : 1), rssi, 1, s_start.AddSeconds(Math.Floor(t / _wholeSeconds) * _wholeSeconds)));
    }

    private DeviceConfig Config => new(
        1,
        new StoreConfig("acme", "s1", "b1"),
        [],
        [
            new ReaderConfig("reader", "reads:none.jsonl", [
                new AntennaConfig(1, _insideIsSecond ? AntennaZone.Outside : AntennaZone.Inside),
                new AntennaConfig(2, _insideIsSecond ? AntennaZone.Inside : AntennaZone.Outside)]),
        ],
        [new GateConfig("front", ["reader"], [])],
        new CheckoutConfig("EUR", []));
}
