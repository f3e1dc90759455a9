using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;
using Dice = EdgeAgent.Simulators.Scenes.Dice;

namespace EdgeAgent.Simulators.Exits;

/// <summary>The suite of exits: each with its story, made anew for each seed.</summary>
public static partial class ExitCases
{
    private static readonly string s_shirt = Goods.Shirt.Gtin;
    private static readonly string s_scarf = Goods.Scarf.Gtin;
    private static readonly string s_cola = Goods.Cola.Gtin;
    private static readonly string s_book = Goods.Book.Gtin;

    public static IReadOnlyList<ExitCase> All { get; } =
    [
        // Who.
        new("one-shopper", "one shopper with three items in the hand", seed => Scene(seed, d => [Out(d, "ana", 0, 3)])),
        new("full-bag", "one shopper with twelve items in a bag", seed => Scene(seed, d => [Out(d, "ana", 0, 12, Placement.Bag)])),
        new("empty-handed", "one shopper with nothing", seed => Scene(seed, d => [Out(d, "ana", 0, 0)])),
        new("many-shoppers", "six shoppers, one after the other", seed => Scene(seed, d => [.. Enumerable.Range(0, 6).Select(i => Out(d, "s" + i, i * 9, 1 + d.Pick(5), Placement.Bag))])),
        new("queue", "three shoppers 2.5 s apart", seed => Scene(seed, d => [.. Enumerable.Range(0, 3).Select(i => Out(d, "s" + i, i * 2.5, 2, speed: 1.2))])),
        new("close-behind", "two shoppers one second apart", seed => Scene(seed, d => [Out(d, "ana", 0, 2, speed: 1.2), Out(d, "ben", 1, 2, speed: 1.2)])),
        new("side-by-side", "two shoppers side by side, both with goods", seed => Scene(seed, d => [Out(d, "ana", 0, 2, x: -0.28, speed: 1.2), Out(d, "ben", 0, 2, x: 0.28, speed: 1.2)])) { MustHold = true },
        new("side-by-side-empty", "two side by side, one of them with nothing", seed => Scene(seed, d => [Out(d, "ana", 0, 3, x: -0.28, speed: 1.2), Out(d, "ben", 0, 0, x: 0.28, speed: 1.2)])) { MustHold = true },
        new("meeting-in-the-gate", "one leaves while another comes in empty-handed", seed => Scene(seed, d => [Out(d, "ana", 0, 3, x: -0.25), new SceneWalker("ben", 1, [new(0.25, 5), new(0.25, -5)])])),
        new("stranger", "somebody whose coming in was not seen", seed => Scene(seed, d => [Out(d, "ana", 0, 3) with { Session = false }])) { MustHold = true },
        new("child-ahead", "a child runs out with an item before its parent", seed => Scene(seed, d =>
            [Out(d, "kim", 0, 1, speed: 2.6) with { Kind = WalkerKind.Child, HeightMetres = 1.1 }, Out(d, "ana", 1, 3, speed: 1.1)])),
        new("crowd", "twenty people as they come", seed => RandomPassages.Make(seed, 20)),

        // Goods.
        new("foil", "four of eight items in foil", seed => Scene(seed, d => [Out(d, "ana", 0, 4, Placement.Bag, more: [Goodies(d, 4, Placement.Foil)])])),
        new("all-in-foil", "all items in foil: nothing can be read", seed => Scene(seed, d => [Out(d, "ana", 0, 5, Placement.Foil)])),
        new("bottles", "eight items among bottles", seed => Scene(seed, d => [Out(d, "ana", 0, 8, Placement.Liquid)])),
        new("under-the-coat", "three items close to the body", seed => Scene(seed, d => [Out(d, "ana", 0, 3, Placement.Body)])),
        new("own-jacket", "a stranger's own tagged jacket, and one item of the shop", seed => Scene(seed, d => [Out(d, "ana", 0, 1, more: [Foreign(d)])])),
        new("own-jacket-only", "a stranger's own tagged jacket and nothing else", seed => Scene(seed, d => [Out(d, "ana", 0, 0, more: [Foreign(d)])])),
        new("staff-carton", "staff carries a carton with its own tag out", seed => Scene(seed, d => [Staff(d, 0)])) { MustHold = true },
        new("staff-carton-then-shopper", "a carton, and a shopper five seconds behind", seed => Scene(seed, d => [Staff(d, 0), Out(d, "ana", 6, 3)])),
        new("price-missing", "one of the items has no price", seed => Scene(seed, d => [Out(d, "ana", 0, 2, gtin: s_scarf, more: [new SceneItem(Gtin: s_book, Serial: Serial(d))])]))
        {
            Config = c => c with { Checkout = c.Checkout with { PriceBook = [.. c.Checkout.PriceBook.Where(p => p.Gtin != s_book)] } }, MustHold = true,
        },
        new("blank-tags", "tags that were never programmed", seed => Scene(seed, d => [Out(d, "ana", 0, 0, more: [new SceneItem(Epc: "000000000000000000000000"), new SceneItem(Epc: "E28011700000020FA1B2C3D4")])])),
        new("two-forms", "an item with two tags that write the same GTIN and serial in two ways", seed => Scene(seed, d => [TwoForms(d)])),
        new("two-tags-one-code", "an item with two tags of one code", seed => Scene(seed, d => [Out(d, "ana", 0, 1, more: [new SceneItem(Gtin: s_shirt, Serial: Serial(d), TagCount: 2)])])),
        new("dear-goods", "ten shirts, close behind somebody else: much money at little doubt", seed => Scene(seed, d => [Out(d, "ana", 0, 0, speed: 1.2), Out(d, "ben", 2, 10, Placement.Bag, speed: 1.2, gtin: s_shirt)])),

        // Ways.
        new("turns-back", "goes up to the line and back with three items", seed => Scene(seed, d => [Way("ana", 0, d, 3, new(0, -5), new(0, -0.3f + d.Between(-0.4f, 0.2f), PauseSeconds: 1), new(-0.3, -5))])),
        new("one-step-out", "steps a little over the line and comes back", seed => Scene(seed, d => [Way("ana", 0, d, 3, new(0, -5), new(0, 0.45, PauseSeconds: 1), new(-0.3, -5))])),
        new("passes-by", "somebody carries stock along inside the gate", seed => Scene(seed, d => [Way("ana", 0, d, 6, new(-5, -2), new(-1, -1.3), new(1, -1.3), new(5, -2))])),
        new("pauses-in-the-gate", "stops in the gate for four seconds", seed => Scene(seed, d => [Way("ana", 0, d, 3, new(0, -5), new(0, -0.4, PauseSeconds: 4), new(0, 5))])),
        new("puts-back", "puts two of four items down before the gate", seed => Scene(seed, d => [Way("ana", 0, d, 2, [new(0, -5), new(-0.5, -3, PauseSeconds: 3), new(0, -1.5), new(0, 5)]) is var w ? w with { Items = [.. w.Items!, Goodies(d, 2, Placement.Hand) with { UntilSeconds = w.StartSeconds + 3 }] } : throw new InvalidOperationException()])),
        new("comes-in-with-goods", "comes in with an item of the shop and leaves it there", seed => Scene(seed, d => [Way("ana", 0, d, 2, new(0, 5), new(0, -5))])),
        new("cart", "pushes a cart with twenty tags out", seed => Cart(seed)),
        new("parked-cart", "a cart with forty tags stands near the gate while a shopper leaves", seed => Scene(seed, d => [Out(d, "ana", 0, 3)], s => s.With(new SceneCart("parked", [new SceneTags(Gtin: s_cola, Serial: 90_001, Count: 40)], [new(1.4, -1.6)])))),
        new("restocked-shelf", "a shelf beside the gate is filled just before a shopper leaves", seed => Scene(seed, d => [Out(d, "ana", 0, 3)], s => s.With(NewShelf(40)))),
        new("restocked-shelf-no-photo-eye", "the same at a gate without a photo-eye", seed => Scene(seed, d => [Out(d, "ana", 0, 3)], s => s.With(NewShelf(40)), eye: false)),
        new("restocked-shelf-meanwhile", "a shelf beside the gate is filled while a shopper leaves", seed => Scene(seed, d => [Out(d, "ana", 0, 3)], s => s.With(NewShelf(48)))),
        .. Later(),
        .. Machines(),
        .. Money(),
    ];

    /// <summary>After the exit.</summary>
    private static IEnumerable<ExitCase> Later() =>
    [
        new("comes-back-with-bought-goods", "leaves, comes in again with the goods, takes one more and leaves", ComesBack),
        new("brings-back", "leaves with three items, brings them back and leaves without", BringsBack)
        {
            Config = c => c with { Checkout = c.Checkout with { CorrectionMinutes = 0.5 } },
        },
        new("sold-last-week", "its owner comes in wearing what was sold last week and leaves with one more item", seed => Scene(seed, d =>
            [new SceneWalker("ana", 45, [new(0, 5), new(0, -5.5, PauseSeconds: 8), new(0, 5)], [Owned(seed), new SceneItem(Gtin: s_scarf, Serial: Serial(d), FromSeconds: 56)])]))
        {
            Sold = seed => [new SoldItem(Sgtin96.Encode(s_shirt, 7, 1, 5_000 + (seed % 1000)), GateStage.Start.AddDays(-7))],
        },
        new("sold-and-never-back", "an item that was sold last week leaves and was not seen to come in", seed => Scene(seed, d => [Out(d, "ana", 0, 0, more: [Owned(seed)])]))
        {
            Sold = seed => [new SoldItem(Sgtin96.Encode(s_shirt, 7, 1, 5_000 + (seed % 1000)), GateStage.Start.AddDays(-7))], MustHold = true,
        },
        new("late-reads", "the reports about every second item come six seconds late", seed => Scene(seed, d => [Out(d, "ana", 0, 4, Placement.Bag)])) { Inputs = i => Late(i, epc => epc.Bytes[^1] % 2 == 0, 6) },
        new("late-reads-of-three", "three shoppers, and every second item is told six seconds late", seed => Scene(seed, d => [.. Enumerable.Range(0, 3).Select(i => Out(d, "s" + i, i * 8, 4, Placement.Bag))]))
        {
            Inputs = i => Late(i, epc => epc.Bytes[^1] % 2 == 0, 6),
        },
        new("late-reads-side-by-side", "two side by side, and all goods of one are told late", seed => Scene(seed, d => [Out(d, "ana", 0, 2, x: -0.28, speed: 1.2), Out(d, "ben", 0, 2, x: 0.28, speed: 1.2)]))
        {
            Inputs = i => Late(i, epc => epc.Bytes[^1] % 2 == 0, 6), MustHold = true,
        },
        new("late-reads-two-gates", "two shoppers leave by two gates at the same time, and every second item is told six seconds late by both", seed => TwoGates(seed, both: true)) { Inputs = i => Late(i, epc => epc.Bytes[^1] % 2 == 0, 6) },
        new("late-reads-all-two-gates", "two shoppers leave by two gates one after the other, and all goods of the second are told six seconds late by both", seed => TwoGates(seed, both: true, apart: 5)) { Inputs = i => Late(i, epc => epc.Bytes[^1] % 2 == 0, 6) },
        new("late-reads-of-stock", "what lies near the gate is told late, too", seed => Scene(seed, d => [Out(d, "ana", 0, 3)])) { Inputs = i => Late(i, epc => epc.Bytes[^1] % 3 == 0, 5) },
    ];

    private static SceneShelf NewShelf(double from) => new("new", new Place(1.3, -1.8, 1), [new SceneTags(Gtin: s_cola, Serial: 80_001, Count: 25)], FromSeconds: from);

    private static SceneItem Owned(ulong seed) => new(Gtin: s_shirt, Serial: 5_000 + (seed % 1000), Placement: Placement.Body, Sold: true);

    private static GateScene ComesBack(ulong seed) => Scene(seed, d =>
    {
        SceneItem goods = Goodies(d, 2, Placement.Bag);
        double again = 62 + d.Between(0, 5);
        return
        [
            Out(d, "ana", 0, 0, more: [goods]),
            new SceneWalker("ana-again", again, [new(0, 5), new(0, -5.5, PauseSeconds: 6), new(0, 5)], [goods with { Sold = true }, new SceneItem(Gtin: s_book, Serial: Serial(d), FromSeconds: again + 12)]),
        ];
    });

    private static GateScene BringsBack(ulong seed) => Scene(seed, d =>
    {
        SceneItem goods = Goodies(d, 3, Placement.Bag);
        double again = 62 + d.Between(0, 5);
        return
        [
            Out(d, "ana", 0, 0, more: [goods]),
            new SceneWalker("ana-again", again, [new(0, 5), new(-0.8, -6, PauseSeconds: 6), new(0, -5), new(0, 5)], [goods with { UntilSeconds = again + 10 }]),
        ];
    }, seconds: 160);

    /// <summary>People begin to come after 45 s, when what lies around is known as stock.</summary>
    private static GateScene Scene(ulong seed, Func<Dice, IReadOnlyList<SceneWalker>> walkers, Action<GateSceneBuilder>? more = null, bool eye = true, double? seconds = null)
    {
        var dice = new Dice(seed ^ 0xE817_5EEDUL);
        GateSceneBuilder scene = new GateSceneBuilder("An exit.", seed).Gate(eye: eye)
            .With(new SceneShelf("shelf", new Place(dice.Between(-1.5f, 1.5f), -dice.Between(1.8f, 3f), 1), [new SceneTags(Gtin: s_shirt, Serial: 1_000_000, Count: 10 + dice.Pick(30))]));
        more?.Invoke(scene);
        return scene.With(walkers(dice)).Build(seconds);
    }

    private static SceneWalker Out(
        Dice dice, string who, double at, int items, Placement placement = Placement.Hand, double? x = null, double? speed = null, string? gtin = null, IReadOnlyList<SceneItem>? more = null)
    {
        double way = x ?? dice.Between(-0.2f, 0.2f);
        return new SceneWalker(
            who, RandomPassages.FirstSeconds + at, [new(way, -5.2), new(way, -1.5), new(way, 5)],
            [.. items > 0 ? [Goodies(dice, items, placement, gtin)] : Array.Empty<SceneItem>(), .. more ?? []], Speed: speed ?? dice.Between(0.8f, 1.5f));
    }

    private static SceneWalker Way(string who, double at, Dice dice, int items, params Waypoint[] path) =>
        new(who, RandomPassages.FirstSeconds + at, path, [Goodies(dice, items, Placement.Hand)], Speed: dice.Between(0.9f, 1.3f));

    private static SceneWalker Staff(Dice dice, double at) => new(
        "staff", RandomPassages.FirstSeconds + at, [new(0, -5.2), new(0, 5)], [new SceneItem(Gtin: s_cola, Serial: Serial(dice), Filter: 2, Placement: Placement.Hand)], WalkerKind.Staff, Billed: false);

    private static SceneWalker TwoForms(Dice dice)
    {
        ulong serial = Serial(dice);
        // The truth has the item once: what the second form writes is the same item.
        return Out(dice, "ana", 0, 1, more: [new SceneItem(Gtin: s_shirt, Serial: serial)]) is var walker
            ? walker with { Items = [.. walker.Items!, new SceneItem(Gtin: s_shirt, Serial: serial, Filter: 0, Foreign: true)] } : throw new InvalidOperationException();
    }

    private static GateScene Cart(ulong seed) => Scene(
        seed, d => [new SceneWalker("ana", RandomPassages.FirstSeconds, [new(0, -5.2), new(0, 5)], Speed: 1.0)],
        s => s.With(new SceneCart("cart", [new SceneTags(Gtin: s_cola, Serial: 70_001, Count: 20)], [new(0, -4.4), new(0, 5.8)], RandomPassages.FirstSeconds, 1.0, By: "ana")));

    private static SceneItem Goodies(Dice dice, int count, Placement placement, string? gtin = null) =>
        new(Gtin: gtin ?? Goods.All[dice.Pick(Goods.All.Count)].Gtin, Serial: Serial(dice), Count: count, Placement: placement);

    private static SceneItem Foreign(Dice dice) => new(Gtin: "07612345000015", Serial: Serial(dice), Placement: Placement.Body, Foreign: true);

    private static ulong Serial(Dice dice) => 10_000 + ((ulong)dice.Pick(1_000_000) * 32);
}
