using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Simulators.Exits;

/// <summary>One kind of exit, made anew for each seed: other speeds, places, goods and radio.</summary>
/// <param name="Story">What happens, in a few words.</param>
/// <param name="Scene">People and goods.</param>
public sealed record ExitCase(string Name, string Story, Func<ulong, GateScene> Scene)
{
    /// <summary>Another configuration than <see cref="GateStage"/> gives.</summary>
    public Func<DeviceConfig, DeviceConfig>? Config { get; init; }

    /// <summary>Other inputs than those of the scene: reports that come late, sensors that fail.</summary>
    public Func<IEnumerable<ShopInput>, IEnumerable<ShopInput>>? Inputs { get; init; }

    /// <summary>Sold before the scene begins.</summary>
    public Func<ulong, IReadOnlyList<SoldItem>>? Sold { get; init; }

    /// <summary>Carts, mandates and payments that the shop is told of.</summary>
    public IReadOnlyList<Saying> Says { get; init; } = [];

    /// <summary>What must be billed, to whom and how much, or why it is held; null where only the goods are judged.</summary>
    public MoneyTruth? Money { get; init; }

    /// <summary>The box starts anew this many seconds after the scene began.</summary>
    public double? RestartAt { get; init; }

    /// <summary>For so long the box is off before it starts anew: nothing that happens meanwhile reaches it. Seconds.</summary>
    public double OffSeconds { get; init; }

    /// <summary>No bag of it may be settled: a person has to look.</summary>
    public bool MustHold { get; init; }
}
