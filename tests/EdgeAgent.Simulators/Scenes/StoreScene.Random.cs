namespace EdgeAgent.Simulators.Scenes;

public sealed partial class StoreScene
{
    /// <summary>
    /// A shop drawn by lot, to train and to test detectors: 0 to <paramref name="mostPeople"/> people who walk about, hide each other, stand
    /// behind tables and are cut by all four edges of the picture.
    /// </summary>
    public static StoreScene Random(int seed, int frames = 100, int mostPeople = 5)
    {
        var dice = new Dice((ulong)seed + 0x5CE7EUL);
        float floorTop = dice.Between(60, 150);
        var camera = new ShopCamera(dice.Between(-310, -220), dice.Between(0.25f, 0.31f));
        Paint shelf = Muted(dice, 0.35f, 0.75f);
        var decor = new ShopDecor(
            (ulong)seed, camera, floorTop, dice.Chance(0.5f), Muted(dice, 0.3f, 0.9f), Muted(dice, 0.45f, 1f), shelf,
            AnyShelves(dice, floorTop), AnyFixtures(dice), dice.Chance(0.6f) ? AnyDoorway(dice) : null,
            dice.Between(0.5f, 5f), dice.Between(0.7f, 1.12f));
        var actors = new List<SceneActor>();
        int people = dice.Pick(mostPeople + 1);
        for (int i = 0; i < people; i++)
        {
            actors.Add(new SceneActor($"person-{i}", Outfit.Any(dice), AnyPath(dice, frames, floorTop)));
        }
        return new StoreScene(frames, decor, actors);
    }

    private static Paint Muted(Dice dice, float dark, float light)
    {
        float level = 255 * dice.Between(dark, light);
        return new Paint(
            Paint.Level(level * dice.Between(0.6f, 1.05f)), Paint.Level(level * dice.Between(0.8f, 1.05f)), Paint.Level(level * dice.Between(0.85f, 1.1f)));
    }

    private static List<ShelfUnit> AnyShelves(Dice dice, float floorTop)
    {
        var shelves = new List<ShelfUnit>();
        for (float x = dice.Between(-60, 60); x < Width - 60 && shelves.Count < 5;)
        {
            float wide = dice.Between(60, 200);
            if (dice.Chance(0.8f))
            {
                shelves.Add(new ShelfUnit(x, floorTop - dice.Between(55, 95), wide, floorTop + dice.Between(8, 34), 2 + dice.Pick(3)));
            }
            x += wide + dice.Between(5, 60);
        }
        return shelves;
    }

    private static List<Fixture> AnyFixtures(Dice dice)
    {
        var fixtures = new List<Fixture>();
        for (int i = dice.Pick(4); i > 0; i--)
        {
            bool panel = dice.Chance(0.4f);
            float ground = dice.Between(190, 370);
            fixtures.Add(panel
                ? new Fixture(FixtureKind.GatePanel, dice.Between(0, 620), ground, dice.Between(8, 20), dice.Between(60, 120), Muted(dice, 0.2f, 0.7f), dice.NextBits())
                : new Fixture(FixtureKind.Table, dice.Between(-40, 600), ground, dice.Between(60, 150), dice.Between(35, 70), Muted(dice, 0.3f, 0.9f), dice.NextBits()));
        }
        fixtures.Sort((a, b) => a.Ground.CompareTo(b.Ground));
        return fixtures;
    }

    private static Doorway AnyDoorway(Dice dice) =>
        new(dice.Between(0, 560), dice.Between(-20, 40), dice.Between(40, 90), Muted(dice, 0.2f, 0.9f), dice.Chance(0.5f));

    private static List<Waypoint> AnyPath(Dice dice, int frames, float floorTop)
    {
        var path = new List<Waypoint>();
        double end = (double)frames / FramesPerSecond;
        double seconds = 0;
        while (true)
        {
            (float x, float y) = AnyPlace(dice, floorTop);
            path.Add(new Waypoint(seconds, x, y));
            if (seconds >= end)
            {
                return path;
            }
            if (dice.Chance(0.4f))
            {
                seconds += dice.Between(1, 3);
                path[^1] = path[^1] with { Reaches = dice.Chance(0.5f) };
                path.Add(new Waypoint(seconds, x, y));
            }
            seconds += dice.Between(1.5f, 5);
        }
    }

    private static (float X, float Y) AnyPlace(Dice dice, float floorTop)
    {
        float x = dice.Between(30, Width - 30);
        float y = dice.Between(floorTop + 25, 352);
        switch (dice.Pick(12))
        {
            case 0 or 1:
                x = dice.Chance(0.5f) ? dice.Between(-70, 40) : dice.Between(Width - 40, Width + 70);
                break;
            case 2 or 3 or 4:
                y = dice.Between(340, 640);
                break;
            case 5:
                // Feet high up: the head is cut by the top edge.
                y = dice.Between(50, 130);
                break;
            default:
                break;
        }
        return (x, y);
    }
}
