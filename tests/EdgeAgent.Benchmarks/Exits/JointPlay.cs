using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Benchmarks.Exits;

/// <summary>Filmed people with one set of simulated bags, played into a shop and compared with what was carried.</summary>
internal sealed class JointPlay
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public int Bags { get; private set; }
    public double F1Sum { get; private set; }
    public int Settled { get; private set; }
    public int Held { get; private set; }
    public int RightShopper { get; private set; }
    public int WrongItems { get; private set; }
    public int Doubles { get; private set; }
    public List<HoldReason> Reasons { get; } = [];
    public long Money { get; private set; }
    public long HeldMoney { get; private set; }
    public long WrongMoney { get; private set; }
    public long MissedMoney { get; private set; }

    /// <summary>When each person of the clip leaves, in seconds, from the fixtures' own truth.</summary>
    public static double[] ExitsOf(string truthFile, string clip) =>
        [.. JsonElement.Parse(File.ReadAllText(truthFile)).GetProperty(clip).GetProperty("visits").EnumerateArray().Select(v => v.GetProperty("out").GetDouble())];

    /// <param name="seen">What the camera saw of the clip.</param>
    /// <param name="twice">Lays the clip over itself.</param>
    /// <param name="reads">Chance that a turn of an antenna reads a tag.</param>
    public static JointPlay Of(CameraConfig camera, IReadOnlyList<ShopInput.FrameObserved> seen, double[] exits, ulong seed, bool twice, float reads)
    {
        var dice = new Dice(seed);
        double shift = twice ? Math.Round(dice.Between(1, 60), 1) : 0;
        double[] leave = [.. exits.Concat(twice ? exits.Select(e => e + shift) : []).Order()];
        var bags = new List<(double At, Epc[] Epcs)>();
        var sightings = new List<ReaderSighting>();
        ulong serial = 1;
        foreach (double at in leave)
        {
            Epc[] goods = [.. Enumerable.Range(0, 1 + dice.Pick(8)).Select(_ => Goods.All[dice.Pick(Goods.All.Count)].Tag(serial++))];
            bags.Add((at, goods));
            sightings.AddRange(BagPassage.Sightings(TimeSpan.FromSeconds(at + dice.Between(-0.4f, 0.4f)), goods, seed + serial, reads));
        }
        var config = new DeviceConfig(
            1, new StoreConfig("acme", "joint", "b1"), [camera],
            [new ReaderConfig("exit-reader", "llrp:gate.jsonl", [new AntennaConfig(BagPassage.InsideAntenna, AntennaZone.Inside), new AntennaConfig(BagPassage.GateAntenna)])],
            [new GateConfig("gate-1", ["exit-reader"], ["exit"])], new CheckoutConfig("EUR", [.. Goods.All.Select(p => new PriceConfig(p.Gtin, p.Price))], RiskLimit: 1_000));
        var floor = new ShopFloor(config, EpcIdentity.Identify, bytes =>
        {
            foreach (ref byte b in bytes)
            {
                b = (byte)dice.NextBits();
            }
        });
        var events = new List<ShopEvent>();
        int last = (int)((seen[^1].At - s_start).TotalSeconds * 10) + (int)(shift * 10) + 100;
        ILookup<int, PersonSeen> people = seen.SelectMany(f => f.People.Select(p => (Tenth(f.At), p)))
            .SelectMany(p => twice ? new[] { p, (p.Item1 + (int)Math.Round(shift * 10), p.p) } : [p]).ToLookup(p => p.Item1, p => p.p);
        ILookup<int, ReaderSighting> heard = sightings.OrderBy(s => s.At).ToLookup(s => (int)Math.Ceiling(s.At.TotalSeconds * 10));
        for (int tenth = 0; tenth < last; tenth++)
        {
            DateTimeOffset at = s_start.AddSeconds(tenth / 10.0);
            floor.On(new ShopInput.FrameObserved(at, camera.Id, [.. people[tenth].Select(p => p with { Appearance = null })]), events);
            TagRead[] report = [.. heard[tenth].Select(s => new TagRead(s.Epc, s.Antenna, s.RssiDbm, s.SeenCount, s_start + s.At))];
            if (report.Length > 0)
            {
                floor.On(new ShopInput.TagsRead(at, "exit-reader", report), events);
            }
            floor.On(new ShopInput.Tick(at), events);
        }
        floor.On(new ShopInput.Closing(s_start.AddSeconds(last / 10.0)), events);
        var play = new JointPlay();
        play.Judge(bags, events);
        return play;
    }

    private static int Tenth(DateTimeOffset at) => (int)Math.Round((at - s_start).TotalSeconds * 10);

    private void Judge(List<(double At, Epc[] Epcs)> bags, List<ShopEvent> events)
    {
        var decisions = new Dictionary<string, OpenDecision>();
        var visits = new Dictionary<string, VisitId?>();
        foreach (ShopEvent happened in events)
        {
            if (OpenDecision.Of(happened) is OpenDecision decision)
            {
                decisions[decision.Key] = decision;
                visits.TryAdd(decision.Key, (happened as ShopEvent.ExitSettled)?.Attribution.Visit);
            }
        }
        Dictionary<VisitId, double> left = events.OfType<ShopEvent.VisitEnded>().Where(v => v.Ending == VisitEnding.Left)
            .GroupBy(v => v.Visit).ToDictionary(v => v.Key, v => (v.Last().Until - s_start).TotalSeconds);
        foreach (OpenDecision decision in decisions.Values.Where(d => d.Items.Count > 0))
        {
            if (!decision.Settled)
            {
                Held++;
                HeldMoney += decision.Total;
                Reasons.AddRange(decision.Reasons);
                continue;
            }
            Settled++;
            double? when = visits[decision.Key] is VisitId visit && left.TryGetValue(visit, out double at) ? at : null;
            int wrong = 0;
            foreach (BagItem item in decision.Items)
            {
                // The person whose exit is nearest to the end of that visit is the one who was billed.
                double own = bags.First(b => b.Epcs.Contains(item.Epc)).At;
                double billed = when is double w ? bags.MinBy(b => Math.Abs(b.At - w)).At : double.NaN;
                bool right = billed == own;
                wrong += right ? 0 : 1;
                WrongMoney += right ? 0 : item.Price ?? 0;
            }
            WrongItems += wrong;
            RightShopper += wrong == 0 ? 1 : 0;
        }
        List<Epc> charged = [.. decisions.Values.Where(d => d.Settled).SelectMany(d => d.Items).Select(i => i.Epc)];
        Doubles = charged.Count - charged.Distinct().Count();
        HashSet<Epc> decided = [.. decisions.Values.SelectMany(d => d.Items).Select(i => i.Epc)];
        foreach ((_, Epc[] goods) in bags)
        {
            Bags++;
            Money += goods.Sum(PriceOf);
            MissedMoney += goods.Where(e => !decided.Contains(e)).Sum(PriceOf);
            F1Sum += decisions.Values.Select(d => (double)(2 * d.Items.Count(i => goods.Contains(i.Epc))) / (d.Items.Count + goods.Length)).DefaultIfEmpty(0).Max();
        }
    }

    private static long PriceOf(Epc epc) => Goods.All.First(p => p.Gtin == EpcIdentity.Identify(epc).Gtin).Price;
}
