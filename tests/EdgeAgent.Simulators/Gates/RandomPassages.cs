using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Simulators.Gates;

/// <summary>How mixed the passages of <see cref="RandomPassages"/> are; each is a chance of 0 to 1. What is in no bag, liquid, foil or on the body is in the hand.</summary>
public sealed record PassageMix(
    double TurnsBack = 0.08, double Follows = 0.15, double SideBySide = 0.04, double PassesBy = 0.12, double Pauses = 0.15, double Foil = 0.0,
    double EmptyHanded = 0.05, double Enters = 0.05, double Bag = 0.5, double Liquid = 0.06, double Body = 0.06);

/// <summary>
/// Shoppers at one gate as they come, by seed: 1 to 12 items in the hand, in a bag, on the body or among bottles; slow and fast, with pauses,
/// turning back, following each other or side by side, passing by inside; and a shelf with 20 to 60 tags 1.5 to 3 m from the gate.
/// </summary>
public static class RandomPassages
{
    /// <summary>The shelf is heard alone for so long before the first shopper comes, so that it can be known as stock.</summary>
    public const double FirstSeconds = 45;

    /// <summary>Seconds from one passage (and those who follow in it) to the next, at least.</summary>
    private const float GapSeconds = 6;

    /// <param name="count">People who come near the gate.</param>
    public static GateScene Make(ulong seed, int count, PassageMix? mix = null)
    {
        mix ??= new PassageMix();
        var dice = new Dice(seed ^ 0x5C3E_9A1DUL);
        GateSceneBuilder scene = new GateSceneBuilder($"{count} people come near the gate (seed {seed})", seed).Gate();
        scene.With(new SceneShelf(
            "shelf", new Place(dice.Between(-1.5f, 1.5f), -dice.Between(1.5f, 3f), 1.0),
            [new SceneTags(Gtin: Goods.Shirt.Gtin, Serial: 1_000_000 + (seed % 1000 * 1000), Count: 20 + dice.Pick(41))]));
        double t = FirstSeconds;
        ulong serial = 1;
        int made = 0;
        while (made < count)
        {
            int together = count - made >= 2 && dice.Chance((float)(mix.Follows + mix.SideBySide)) ? 2 : 1;
            bool abreast = together == 2 && dice.Chance((float)(mix.SideBySide / (mix.Follows + mix.SideBySide)));
            double speed = dice.Between(0.6f, 1.8f);
            double end = t;
            double start = t;
            for (int i = 0; i < together; i++)
            {
                double x = abreast ? (i == 0 ? -0.28 : 0.28) : dice.Between(-0.2f, 0.2f);
                IReadOnlyList<Waypoint> path = Path(dice, together == 2 ? mix with { TurnsBack = 0, PassesBy = 0, Pauses = 0, Enters = 0 } : mix, x);
                SceneWalker walker = new($"p{made + 1}", start, path, Items(dice, mix, ref serial), Speed: speed);
                scene.With(walker);
                end = Math.Max(end, new Walk(walker.StartSeconds, walker.Path, walker.Speed).End);
                start += abreast ? dice.Between(0, 0.3f) : dice.Between(1, 4);
                made++;
            }
            t = end + GapSeconds + dice.Between(0, 6);
        }
        return scene.Build();
    }

    private static List<Waypoint> Path(Dice dice, PassageMix mix, double x)
    {
        float kind = dice.Unit();
        double from = -5 - dice.Between(0, 1);
        if (kind < mix.TurnsBack)
        {
            // Up to the line or a little over it, and back.
            double turn = dice.Between(-0.7f, 0.5f);
            return [new(x, from), new(x, turn, PauseSeconds: dice.Between(0, 2)), new(x - 0.4, from)];
        }
        if (kind < mix.TurnsBack + mix.PassesBy)
        {
            double y = -dice.Between(0.9f, 2.2f);
            return [new(-5, y - 1), new(-1, y), new(1, y), new(5, y - 1)];
        }
        if (kind < mix.TurnsBack + mix.PassesBy + mix.Enters)
        {
            return [new(x, 5), new(x, from)];
        }
        return dice.Chance((float)mix.Pauses)
            ? [new(x, from), new(x, -dice.Between(0.2f, 2.5f), PauseSeconds: dice.Between(0.5f, 5)), new(x, 5)]
            : [new(x + dice.Between(-1.5f, 1.5f), from), new(x, -1.5), new(x, 5)];
    }

    private static List<SceneItem> Items(Dice dice, PassageMix mix, ref ulong serial)
    {
        var items = new List<SceneItem>();
        int count = dice.Chance((float)mix.EmptyHanded) ? 0 : 1 + dice.Pick(12);
        float where = dice.Unit();
        for (int i = 0; i < count; i++)
        {
            // Most carry all in one way; some mix.
            float own = dice.Chance(0.2f) ? dice.Unit() : where;
            Placement placement = dice.Chance((float)mix.Foil) ? Placement.Foil
                : own < mix.Liquid ? Placement.Liquid
                : own < mix.Liquid + mix.Body ? Placement.Body
                : own < mix.Liquid + mix.Body + mix.Bag ? Placement.Bag : Placement.Hand;
            items.Add(new SceneItem(Gtin: Goods.All[dice.Pick(Goods.All.Count)].Gtin, Serial: serial++, Placement: placement));
        }
        return items;
    }
}
