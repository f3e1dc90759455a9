using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Simulators.Gates;

/// <summary>One scene played into a shop, and what the shop made of it.</summary>
public sealed class ScenePlay
{
    private ScenePlay(GateScene scene, ShopFloor floor, List<ShopEvent> events)
    {
        (Scene, Floor, Events) = (scene, floor, events);
        Truth = GateTruth.Of(scene);
        Settled = [.. events.OfType<ShopEvent.ExitSettled>()];
        Held = [.. events.OfType<ShopEvent.ExitHeld>()];
    }

    public GateScene Scene { get; }

    public GateTruth Truth { get; }

    public ShopFloor Floor { get; }

    public IReadOnlyList<ShopEvent> Events { get; }

    public IReadOnlyList<ShopEvent.ExitSettled> Settled { get; }

    public IReadOnlyList<ShopEvent.ExitHeld> Held { get; }

    public static ScenePlay Of(GateScene scene)
    {
        var stage = new GateStage(scene, looks: true);
        var floor = new ShopFloor(stage.Config(), EpcIdentity.Identify, static bytes => bytes.Clear());
        var events = new List<ShopEvent>();
        foreach (ShopInput input in stage.Inputs())
        {
            floor.On(input, events);
        }
        return new ScenePlay(scene, floor, events);
    }

    /// <summary>Seconds from when the photo-eye was clear, or the walker a metre beyond the gate, to the decision of that bag.</summary>
    public double SecondsAfter(int bag)
    {
        ScenePassage left = Truth.Bags.ElementAt(bag);
        DateTimeOffset decided = Events.Where(e => e is ShopEvent.ExitSettled or ShopEvent.ExitHeld).ElementAt(bag).At;
        return (decided - GateStage.Start).TotalSeconds - (left.EyeClear ?? left.GateClear);
    }

    /// <summary>The decisions in few words: <c>settled 3 (0.9 s)</c>.</summary>
    public string Summary()
    {
        var words = new List<string>();
        foreach (ShopEvent happened in Events)
        {
            string? word = happened switch
            {
                ShopEvent.ExitSettled s => $"settled {s.Items.Count}",
                ShopEvent.ExitHeld h => $"held {h.Items.Count}: {string.Join(", ", h.Reasons.Select(Kebab))}",
                ShopEvent.ExitObserved { Items.Count: 0 } => "seen to pass with nothing",
                ShopEvent.ExitObserved { Passage.Direction: Core.CrossingDirection.In } o => $"{o.Items.Count} came in",
                ShopEvent.SensorChanged { Reason: SensorReason.PhotoEyeStuck } => "photo-eye stuck",
                _ => null,
            };
            if (word is not null)
            {
                words.Add(word);
            }
        }
        return words.Count == 0 ? "nothing decided" : string.Join("; ", words);
    }

    private static string Kebab(HoldReason reason) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());
}
