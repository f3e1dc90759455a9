using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Simulators.Cabinets;

/// <summary>
/// Two fridges side by side with an antenna in each, a door contact on each, and shoppers who take things, put them back, misplace them and linger
/// before the glass. A model of misses and of reads through the glass, not of radio waves: no interference, and a tag has one probability for as
/// long as it lies where it lies. The same seed gives the same inputs.
/// </summary>
public sealed class CabinetStore
{
    public const string Reader = "fridges";

    private const double Step = 0.1;
    private const int StepsPerRound = 2;
    private const int StepsPerReport = 5;

    // What the fridges learn in, before anybody comes. Seconds.
    private const double QuietSeconds = 60;

    private static readonly string[] s_names = ["left", "right"];

    private readonly Dice _dice;
    private readonly CabinetTrouble _trouble;
    private readonly List<Item> _items = [];
    private readonly List<TagRead> _report = [];
    private readonly Visit?[] _visits = new Visit?[2];
    private readonly double[] _free = [QuietSeconds, QuietSeconds + 7];
    private ulong _serial;

    public CabinetStore(ulong seed, CabinetTrouble trouble)
    {
        _dice = new Dice(seed);
        _trouble = trouble;
        for (int i = 0; i < 36; i++)
        {
            _items.Add(New(Goods.All[i % 2 == 0 ? _dice.Pick(3) : 3 + _dice.Pick(2)], i % 2));
        }
    }

    public static DeviceConfig Config { get; } = new(
        1, new StoreConfig("acme", "s0001", "b1"), [], [new ReaderConfig(Reader, "reads:fridges.jsonl", [new AntennaConfig(1), new AntennaConfig(2)])], [],
        new CheckoutConfig("EUR", [.. Goods.All.Select(p => new PriceConfig(p.Gtin, p.Price))]),
        Cabinets: [.. s_names.Select((name, i) => new CabinetConfig(name, new CabinetDoorConfig(Reader, i + 1), [new AntennaRef(Reader, i + 1)]))]);

    public List<CabinetTruth> Truth { get; } = [];

    /// <summary>How a tag is read now, for whoever looks for the reason of a mistake.</summary>
    public string Describe(Epc epc) => _items.Find(i => i.Epc == epc) is Item item
        ? FormattableString.Invariant($"[{epc.ToHex()[^4..]} inside {item.Inside:0.00} leak {item.Leak:0.00} near {item.Near:0.00} {item.Strength:0} {item.Weak:0} dBm home {item.Home}]")
        : "[?]";

    /// <summary>Until that many uses are over and decided.</summary>
    public IEnumerable<ShopInput> Play(int uses, DateTimeOffset start)
    {
        double end = double.MaxValue;
        for (int step = 0; step * Step < end; step++)
        {
            double now = step * Step;
            DateTimeOffset at = start.AddTicks((long)Math.Round(now * TimeSpan.TicksPerSecond));
            for (int cabinet = 0; cabinet < 2; cabinet++)
            {
                if (Go(cabinet, now, at, uses) is ShopInput door)
                {
                    yield return door;
                }
            }
            if (step % StepsPerRound == 0)
            {
                Inventory(now, at);
            }
            if (step % StepsPerReport == 0 && _report.Count > 0)
            {
                yield return new ShopInput.TagsRead(at, Reader, [.. _report]);
                _report.Clear();
            }
            yield return new ShopInput.Tick(at);
            if (end == double.MaxValue && Truth.Count >= uses && _visits[0] is null && _visits[1] is null)
            {
                end = now + 30;
            }
        }
    }

    private ShopInput? Go(int cabinet, double now, DateTimeOffset at, int uses)
    {
        Visit? visit = _visits[cabinet];
        if (visit is null)
        {
            if (now >= _free[cabinet] && Truth.Count + (_visits[1 - cabinet] is null ? 0 : 1) < uses
                && (_visits[1 - cabinet] is null || _dice.Chance((float)(_trouble.Together * Step))))
            {
                _visits[cabinet] = Comes(cabinet, now);
            }
            return null;
        }
        if (!visit.Opened && now >= visit.Opens)
        {
            visit.Opened = true;
            visit.OpenedAt = at;
            return new ShopInput.PinChanged(at, Reader, cabinet + 1, true);
        }
        while (visit.Acts.Count > 0 && now >= visit.Acts.Peek().At)
        {
            visit.Acts.Dequeue().Do();
        }
        if (visit.Opened && !visit.Closed && now >= visit.Closes)
        {
            visit.Closed = true;
            foreach (Item item in _items.Where(i => i.Place == cabinet && _dice.Chance(0.15f) && _dice.Chance(_trouble.Rearranged)))
            {
                Lies(item);
            }
            Truth.Add(new CabinetTruth(
                s_names[cabinet], visit.OpenedAt, visit.Taken.Except(visit.Returned).Select(i => i.Epc).ToHashSet(),
                visit.Returned.Except(visit.Taken).Select(i => i.Epc).ToHashSet(), visit.Foreign));
            return new ShopInput.PinChanged(at, Reader, cabinet + 1, false);
        }
        if (visit.Closed && now >= visit.Leaves)
        {
            visit.Carried.ForEach(item => item.Place = Item.Away);
            _visits[cabinet] = null;
            _free[cabinet] = now + _dice.Between(16, 45);
        }
        return null;
    }

    private Visit Comes(int cabinet, double now)
    {
        var visit = new Visit { Opens = now + _dice.Between(2, 4) };
        double at = visit.Opens + _dice.Between(0.8f, 2);
        var inside = _items.Where(i => i.Place == cabinet).ToList();
        int takes = Math.Min(_dice.Pick(5), inside.Count - 4);
        for (int n = 0; n < takes; n++, at += _dice.Between(0.8f, 2.5f))
        {
            Item item = inside[_dice.Pick(inside.Count)];
            inside.Remove(item);
            visit.Acts.Enqueue((at, () => Take(visit, item, cabinet)));
            if (_dice.Chance(0.2f))
            {
                at += _dice.Between(1, 3);
                visit.Acts.Enqueue((at, () => Put(visit, item, cabinet)));
            }
        }
        if (_dice.Chance(0.12f) && _items.Where(i => i.Place == Item.Away && i.Home == cabinet).ToList() is { Count: > 0 } sold)
        {
            Item back = sold[_dice.Pick(sold.Count)];
            visit.Acts.Enqueue((at, () => Put(visit, back, cabinet)));
            at += _dice.Between(0.8f, 2);
        }
        if (_dice.Chance(_trouble.Foreign))
        {
            Item stray = New(Goods.All[cabinet == 0 ? 3 + _dice.Pick(2) : _dice.Pick(3)], Item.Away);
            _items.Add(stray);
            visit.Foreign = true;
            visit.Acts.Enqueue((at, () => Put(visit, stray, cabinet)));
            at += 1;
        }
        if (_dice.Chance(_trouble.OwnClothes))
        {
            Item jacket = New(new Product("09501101530003", 0), Item.Away);
            (jacket.Near, jacket.Home) = (_dice.Between(0.03f, 0.3f), -1);
            jacket.Place = Item.Hand + cabinet;
            _items.Add(jacket);
            visit.Carried.Add(jacket);
        }
        visit.Closes = at + _dice.Between(0.5f, 2);
        visit.Leaves = visit.Closes + _dice.Between(0.5f, _trouble.Linger);
        return visit;
    }

    private void Take(Visit visit, Item item, int cabinet)
    {
        item.Place = Item.Hand + cabinet;
        item.Near = _dice.Between(0.05f, 0.5f);
        item.Weak = _dice.Between(-74, -56);
        visit.Carried.Add(item);
        visit.Taken.Add(item);
    }

    private void Put(Visit visit, Item item, int cabinet)
    {
        item.Place = cabinet;
        Lies(item);
        visit.Carried.Remove(item);
        visit.Returned.Add(item);
    }

    /// <summary>One inventory round of both antennas.</summary>
    private void Inventory(double now, DateTimeOffset at)
    {
        foreach (Item item in _items)
        {
            for (int antenna = 0; antenna < 2; antenna++)
            {
                float chance = item.Place == Item.Away ? 0 : item.Place == antenna ? item.Inside : item.Place == Item.Hand + antenna ? item.Near : item.Place < 2 ? item.Leak : item.Near * 0.2f;
                if (_visits[antenna] is { Opened: true, Closed: false } && item.Place == antenna)
                {
                    // Hands and the open door shadow now these, now those.
                    chance *= 0.3f + (0.7f * (((int)(now * 2) + item.Shadow) % 5 / 4f));
                }
                if (_dice.Chance(chance))
                {
                    _report.Add(new TagRead(item.Epc, (ushort)(antenna + 1), item.Place == antenna ? item.Strength + _dice.Between(-4, 4) : item.Weak + _dice.Between(-6, 6), 1, at));
                }
            }
        }
    }

    private Item New(Product product, int place) => new(product.Tag(++_serial), place)
    {
        Inside = NewInside(), Strength = _dice.Between(-62, -44), Weak = _dice.Between(-74, -56), Leak = _dice.Chance(0.33f) ? _dice.Between(0, _trouble.Leak) : 0, Near = _dice.Between(0.05f, 0.5f), Shadow = _dice.Pick(5),
    };

    private void Lies(Item item) => (item.Inside, item.Strength) = (NewInside(), _dice.Between(-62, -44));

    private float NewInside() => _dice.Chance(_trouble.Hidden) ? _dice.Between(0.15f, 0.4f) : _dice.Between(0.55f, 0.97f);

    private sealed class Item(Epc epc, int place)
    {
        public const int Hand = 10, Away = 99;

        public Epc Epc => epc;

        /// <summary>0 and 1 are the cabinets; <see cref="Hand"/> + cabinet is in a hand before it.</summary>
        public int Place { get; set; } = place;
        public int Home { get; set; } = place < 2 ? place : -1;
        public float Inside { get; set; }

        /// <summary>RSSI at the antenna of its cabinet, and at any other place. dBm.</summary>
        public float Strength { get; set; }
        public float Weak { get; set; }
        public float Leak { get; init; }
        public float Near { get; set; }
        public int Shadow { get; init; }
    }

    private sealed class Visit
    {
        public double Opens { get; init; }
        public double Closes { get; set; }
        public double Leaves { get; set; }
        public bool Opened { get; set; }
        public bool Closed { get; set; }
        public bool Foreign { get; set; }
        public DateTimeOffset OpenedAt { get; set; }
        public Queue<(double At, Action Do)> Acts { get; } = [];
        public HashSet<Item> Taken { get; } = [];
        public HashSet<Item> Returned { get; } = [];
        public List<Item> Carried { get; } = [];
    }
}
