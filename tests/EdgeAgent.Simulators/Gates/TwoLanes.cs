using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Simulators.Gates;

/// <summary>Two lanes side by side, each with its own reader and beam, and people in both at once.</summary>
public static class TwoLanes
{
    /// <param name="people">In both lanes together.</param>
    /// <param name="middle">How far the middle of each lane is from the line between them, metres.</param>
    public static GateScene Make(ulong seed, int people, double middle = 0.9)
    {
        var dice = new Random((int)seed);
        GateSceneBuilder scene = new GateSceneBuilder($"two lanes (seed {seed})", seed).Gate("gate-1", "reader-1", x: -middle).Gate("gate-2", "reader-2", x: middle);
        ulong serial = 1;
        for (int lane = 0; lane < 2; lane++)
        {
            double x = lane == 0 ? -middle : middle;
            double t = 3 + (3 * dice.NextDouble());
            for (int person = 0; person < people / 2; person++)
            {
                var items = new List<SceneItem>();
                for (int n = dice.Next(5); n >= 0; n--)
                {
                    items.Add(new SceneItem(Gtin: Goods.All[dice.Next(Goods.All.Count)].Gtin, Serial: serial++, Placement: dice.Next(2) == 0 ? Placement.Hand : Placement.Bag));
                }
                scene.With(new SceneWalker($"lane{lane + 1}-{person}", t, [new(x, -5), new(x, 5)], items, Speed: 0.8 + dice.NextDouble()));
                t += 6 + (6 * dice.NextDouble());
            }
        }
        return scene.Build();
    }
}
