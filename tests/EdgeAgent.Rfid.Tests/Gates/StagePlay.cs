using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>A shop that is given all that a stage shows; ids by a fixed seed.</summary>
internal static class StagePlay
{
    /// <param name="config">Null takes the stage's own.</param>
    public static List<ShopEvent> EventsOf(GateStage stage, DeviceConfig? config = null)
    {
        var floor = new ShopFloor(config ?? stage.Config(), EpcIdentity.Identify, new Random(1).NextBytes);
        var events = new List<ShopEvent>();
        foreach (ShopInput input in stage.Inputs())
        {
            floor.On(input, events);
        }
        return events;
    }
}
