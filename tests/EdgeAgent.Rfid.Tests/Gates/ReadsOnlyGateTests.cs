using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>A recording of two antennas and nothing else: no camera, no photo-eye, times in whole seconds, strengths in the vendor's unit.</summary>
public sealed class ReadsOnlyGateTests
{
    private const int TagsEach = 8;
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int> Recordings
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string unit in new[] { "dBm", "byte", "tenths" })
            {
                for (int seed = 1; seed <= 4; seed++)
                {
                    data.Add(unit, seed);
                }
            }
            return data;
        }
    }

    // Strengths in bytes: a few tags that pass by at once before both antennas are held, at most 3 of 8 in these recordings. Never billed.
    private const int MostPassersHeld = 3;

    [Theory]
    [MemberData(nameof(Recordings))]
    public void What_goes_out_is_held_and_what_comes_in_or_stands_is_not(string unit, int seed)
    {
        List<ShopEvent> events = Play(unit, seed);
        List<Epc> held = [.. events.OfType<ShopEvent.ExitHeld>().SelectMany(h => h.Items).Select(i => i.Epc).Distinct()];
        List<Epc> cameIn = [.. events.OfType<ShopEvent.ExitObserved>().Where(o => o.Passage.Direction == CrossingDirection.In).SelectMany(o => o.Items).Select(i => i.Epc)];

        Assert.Empty(events.OfType<ShopEvent.ExitSettled>());
        Assert.All(events.OfType<ShopEvent.ExitHeld>(), h => Assert.Contains(HoldReason.NoShopper, h.Reasons));
        Assert.Equal(Hex(Tags("out")), Hex(held.Except(Tags("by")).Order(s_byHex)));
        Assert.InRange(held.Intersect(Tags("by")).Count(), 0, unit == "byte" ? MostPassersHeld : 0);
        Assert.Equal(Hex(Tags("in")), Hex(cameIn.Order(s_byHex)));
    }

    private static readonly Comparer<Epc> s_byHex = Comparer<Epc>.Create((x, y) => string.CompareOrdinal(x.ToHex(), y.ToHex()));

    private static IEnumerable<Epc> Tags(string kind) => Enumerable.Range(0, TagsEach).Select(n => Tag(kind, n)).Order(s_byHex);

    private static string Hex(IEnumerable<Epc> epcs) => string.Join(' ', epcs.Select(e => e.ToHex()[^3..]));

    private static Epc Tag(string kind, int n) => new(Convert.FromHexString(
        "3034257BF40000400000" + ((kind switch { "out" => 0x100, "in" => 0x200, "still" => 0x300, _ => 0x400 }) + n).ToString("X4", null)), 96);

    private static List<ShopEvent> Play(string unit, int seed)
    {
        var dice = new Random(seed);
        var reads = new List<TagRead>();
        for (int n = 0; n < TagsEach; n++)
        {
            // Middle of the strength before each antenna, seconds.
            Walk("out", n, 20, 22.5, 0);
            Walk("in", n, 52.5, 50, 0);
            Walk("by", n, 80, 80, 12);
            for (double t = 1; t < 100; t += 0.5 + dice.NextDouble())
            {
                Read(Tag("still", n), 1, t, 12 + n);
                Read(Tag("still", n), 2, t, 6 + n);
            }
        }
        reads.Sort((a, b) => a.At.CompareTo(b.At));
        var floor = new ShopFloor(Config, EpcIdentity.Identify, static bytes => bytes.Clear());
        var events = new List<ShopEvent>();
        int next = 0;
        for (int step = 0; step < 1_150; step++)
        {
            DateTimeOffset now = s_start.AddSeconds(step * 0.1);
            int from = next;
            while (next < reads.Count && reads[next].At <= now)
            {
                next++;
            }
            if (next > from)
            {
                floor.On(new ShopInput.TagsRead(now, "reader", reads.GetRange(from, next - from)), events);
            }
            floor.On(new ShopInput.Tick(now), events);
        }
        floor.On(new ShopInput.Closing(s_start.AddSeconds(120)), events);
        return events;

        void Walk(string kind, int n, double inside, double outside, double weaker)
        {
            double step = 0.1 + (0.3 * dice.NextDouble());
            for (double t = Math.Min(inside, outside) - 4; t < Math.Max(inside, outside) + 4; t += step)
            {
                Read(Tag(kind, n), 1, t, Bell(t, inside));
                Read(Tag(kind, n), 2, t, Bell(t, outside) - weaker);
            }
        }

        void Read(Epc epc, ushort antenna, double t, double db)
        {
            double noisy = db + (2 * (dice.NextDouble() + dice.NextDouble() - 1));
            if (noisy > 0)
            {
                float rssi = unit switch { "byte" => (float)(noisy * 4), "tenths" => (float)((-75 + noisy) * 10), _ => (float)(-75 + noisy) };
                reads.Add(new TagRead(epc, antenna, MathF.Round(rssi), 1, s_start.AddSeconds(Math.Floor(t))));
            }
        }
    }

    private static double Bell(double t, double middle) => 40 * Math.Exp(-(t - middle) * (t - middle) / (2 * 1.3 * 1.3));

    private static DeviceConfig Config => new(
        1,
        new StoreConfig("acme", "s1", "b1"),
        [],
        [new ReaderConfig("reader", "reads:none.jsonl", [new AntennaConfig(1, AntennaZone.Inside), new AntennaConfig(2, AntennaZone.Outside)])],
        [new GateConfig("front", ["reader"], [])],
        new CheckoutConfig("EUR", []));
}
