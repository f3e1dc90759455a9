using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>Somebody walks fast up to the line, stops dead on it, where the camera loses them for a moment, and goes back into the shop.</summary>
public sealed class StandstillTests
{
    private const int Seeds = 60;

    [Fact]
    public void Who_stops_dead_at_the_line_and_goes_back_has_bought_nothing()
    {
        int heard = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            GateScene scene = new GateSceneBuilder("a standstill at the line", seed).Gate()
                .With(new SceneWalker(
                    "ana", 20, [new(-0.1, -5.2), new(-0.1, -0.01, PauseSeconds: 1.3), new(-0.5, -5.2)],
                    [new SceneItem(Gtin: Goods.Shirt.Gtin, Serial: 9, Placement: Placement.Body)], Speed: 1.72)).Build();
            var stage = new GateStage(scene);
            var floor = new ShopFloor(stage.Config(), EpcIdentity.Identify, new Random(1).NextBytes);
            var events = new List<ShopEvent>();
            foreach (ShopInput input in stage.Inputs())
            {
                heard += input is ShopInput.TagsRead ? 1 : 0;
                floor.On(input, events);
            }
            Assert.Equal((seed, 0), (seed, events.Count(e => e is ShopEvent.ExitSettled)));
        }
        Assert.True(heard > Seeds, $"{heard} reports in {Seeds} scenes");
    }
}
