using EdgeAgent.Core.Cabinets;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Cabinets;

/// <summary>
/// Two fridges side by side, each with an antenna inside and a door contact, a camera that sees their goods and who stands before the left one.
/// What lies in a fridge is read five times a second with every fourth read missed, and sometimes by the antenna of the other one.
/// </summary>
internal sealed class Fridge
{
    private const ushort LeftAntenna = 4, RightAntenna = 5;
    private const int LeftDoor = 3, RightDoor = 4;

    private readonly ShopFloor _floor;
    private readonly HashSet<string> _left = [], _right = [];
    private readonly List<(double From, double To, float X)> _people = [];
    private int _step;

    public Fridge(Func<CabinetConfig, CabinetConfig>? with = null, bool scale = false)
    {
        IReadOnlyList<Point> area = [new(0.3f, 0.1f), new(0.5f, 0.1f), new(0.5f, 0.5f), new(0.3f, 0.5f)];
        var left = new CabinetConfig("left", new CabinetDoorConfig("fridges", LeftDoor), [new AntennaRef("fridges", LeftAntenna)], Zone: "before");
        Config = Some.Config with
        {
            Cameras =
            [
                Some.Config.Cameras[0] with
                {
                    Regions = [new RegionConfig("goods", RegionKind.Shelf, area)],
                    Zones = [new ZoneConfig("before", [new(0.3f, 0.5f), new(0.6f, 0.5f), new(0.6f, 1), new(0.3f, 1)])],
                },
            ],
            Readers =
            [
                .. Some.Config.Readers, new ReaderConfig("fridges", "reads:fridges.jsonl", [new AntennaConfig(LeftAntenna), new AntennaConfig(RightAntenna)]),
            ],
            Cabinets =
            [
                (with ?? (c => c))(left),
                new CabinetConfig("right", new CabinetDoorConfig("fridges", RightDoor), [new AntennaRef("fridges", RightAntenna)]),
            ],
        };
        _floor = new ShopFloor(Config, Stock.Identify, Some.Random(1));
    }

    public DeviceConfig Config { get; }
    public List<ShopEvent> Events { get; } = [];
    public double Now => _step / 10.0;

    /// <summary>How many reads of five come through: 1 of 5 hidden behind tins.</summary>
    public HashSet<string> Hidden { get; } = [];

    /// <summary>The reader hears nothing.</summary>
    public bool Deaf { get; set; }

    public IEnumerable<ShopEvent.CabinetUsed> Uses => Events.OfType<ShopEvent.CabinetUsed>();

    public Fridge Holds(params string[] items)
    {
        _left.UnionWith(items);
        return this;
    }

    public Fridge Beside(params string[] items)
    {
        _right.UnionWith(items);
        return this;
    }

    public Fridge Take(params string[] items)
    {
        _left.ExceptWith(items);
        _right.ExceptWith(items);
        return this;
    }

    public Fridge Door(bool open, bool right = false) => Tell(new ShopInput.PinChanged(Shop.At(Now), "fridges", right ? RightDoor : LeftDoor, open));

    public Fridge Sees(GoodsMove move, string? item) =>
        Tell(new ShopInput.GoodsMoved(Shop.At(Now), "cam", "goods", move, item is null ? null : Stock.GtinOf(item), 0.8));

    public Fridge Weighs(double grams, bool stable = true) => Tell(new ShopInput.WeightRead(Shop.At(Now), "left", grams, stable));

    /// <summary>Somebody comes in by the entrance and stands before the fridge.</summary>
    public Fridge Comes(double from, double to, float x = 0.45f)
    {
        _people.Add((from, to, x));
        return this;
    }

    public Fridge After(double seconds)
    {
        for (int end = _step + (int)Math.Round(seconds * 10); _step < end; _step++)
        {
            Tell(new ShopInput.FrameObserved(Shop.At(Now), "cam", [.. _people.Where(p => Now >= p.From && Now < p.To).Select(p => Some.Seen(Where(p)))]));
            var reads = new List<TagRead>();
            foreach (string item in _step % 2 == 0 && !Deaf ? _left.Concat(_right) : [])
            {
                bool left = _left.Contains(item);
                int turn = (_step / 2) + Stock.NameOf(Stock.Tag(item)).Length + item[0];
                if (Hidden.Contains(item) ? turn % 5 == 0 : turn % 4 != 0)
                {
                    reads.Add(new TagRead(Stock.Tag(item), left ? LeftAntenna : RightAntenna, -55, 1, Shop.At(Now)));
                }
                if (turn % 5 == 1)
                {
                    reads.Add(new TagRead(Stock.Tag(item), left ? RightAntenna : LeftAntenna, -70, 1, Shop.At(Now)));
                }
            }
            Tell(new ShopInput.TagsRead(Shop.At(Now), "fridges", reads));
            Tell(new ShopInput.Tick(Shop.At(Now)));
        }
        return this;
    }

    public Fridge Tell(ShopInput input)
    {
        _floor.On(input, Events);
        return this;
    }

    /// <summary>For example <c>-cola +tea held:weak-read</c>: what one use took (-) and put in (+).</summary>
    public static string Story(ShopEvent.CabinetUsed use) => string.Join(
        ' ',
        [
            .. use.Taken.Select(i => "-" + Word(i)).Order(StringComparer.Ordinal), .. use.Returned.Select(i => "+" + Word(i)).Order(StringComparer.Ordinal),
            .. use.Reasons.Select(r => "held:" + r),
        ]);

    public string OnlyStory => Story(Assert.Single(Uses));

    private float Where((double From, double To, float X) person) => Math.Min(person.X, (float)((Now - person.From) * 0.2));

    private static string Word(CabinetItem item) => item.Epc is Epc epc ? Stock.NameOf(epc) : $"{item.Quantity}×{item.Gtin?[^4..] ?? "?"}";
}
