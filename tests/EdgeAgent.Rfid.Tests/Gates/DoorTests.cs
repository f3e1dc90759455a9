using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>A gate whose camera ends behind it: who leaves is lost from sight at a door, and is told to have left only when they were missed for a while.</summary>
public sealed class DoorTests
{
    // The settle time and the late time together are 2.8 s. Lost from sight a third of a second after the beam, missed for the settle time, and their goods silent.
    private const double SoonSeconds = 2.5;

    private const double Comes = 20;

    [Fact]
    public void Bag_is_decided_before_the_late_time_is_over_when_its_owner_was_lost_at_the_door_and_its_goods_are_silent()
    {
        GateScene scene = Scene(1, Walker("ana", Comes, [new(0, -5.4), new(0, 5)], 1));

        List<ShopEvent> events = Play(scene);

        ShopEvent.ExitSettled settled = Assert.Single(events.OfType<ShopEvent.ExitSettled>());
        Assert.Equal(3, settled.Items.Count);
        double clear = GateTruth.Of(scene).Bags.Single().EyeClear!.Value;
        Assert.InRange((settled.At - GateStage.Start).TotalSeconds - clear, 0.5, SoonSeconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Who_stands_behind_the_door_and_comes_back_has_bought_nothing(double stands)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            // Lost from sight at 0.33 m behind the beam.
            SceneWalker ana = Walker("ana", Comes, [new(0, -5.4), new(0, 0.43, PauseSeconds: stands), new(-0.4, -5.4)], 1, Placement.Bag) with { Speed = 0.68 };

            List<ShopEvent> events = Play(Scene(seed, ana));

            Assert.Contains(events, e => e is ShopEvent.VisitStarted);
            Assert.DoesNotContain(events, e => e is ShopEvent.ExitSettled);
        }
    }

    [Fact]
    public void Two_who_are_lost_at_the_door_together_are_two()
    {
        List<ShopEvent> events = Play(Scene(1, Walker("ana", Comes, [new(-0.28, -5.4), new(-0.28, 5)], 1), Walker("ben", Comes + 0.2, [new(0.28, -5.4), new(0.28, 5)], 101)));

        Assert.DoesNotContain(events, e => e is ShopEvent.ExitSettled);
        Assert.Contains(HoldReason.AmbiguousShopper, Assert.Single(events.OfType<ShopEvent.ExitHeld>()).Reasons);
    }

    private static SceneWalker Walker(string id, double start, IReadOnlyList<Waypoint> path, ulong serial, Placement placement = Placement.Hand) =>
        new(id, start, path, [.. Enumerable.Range(0, 3).Select(i => new SceneItem(Gtin: Goods.Shirt.Gtin, Serial: serial + (ulong)i, Placement: placement))], Speed: 1.2);

    private static GateScene Scene(ulong seed, params SceneWalker[] walkers)
    {
        GateSceneBuilder scene = new GateSceneBuilder("somebody at a door", seed).Gate();
        foreach (SceneWalker walker in walkers)
        {
            scene.With(walker);
        }
        return scene.Build();
    }

    private static List<ShopEvent> Play(GateScene scene) => StagePlay.EventsOf(new GateStage(scene, looks: true, GateView.UpToTheDoor));
}
