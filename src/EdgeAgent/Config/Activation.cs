using EdgeAgent.Core.Config;

namespace EdgeAgent.Config;

/// <summary>What the configuration room asks of the running shop.</summary>
/// <param name="Prepare">Makes ready what a configuration needs and touches nothing that runs; empty when it can be activated.</param>
/// <param name="ActivateAsync">Puts the configuration prepared last into effect.</param>
/// <param name="TroublesAsync">What is worse since the last activation. Takes a second or more.</param>
/// <param name="HopelessAsync">Completes when it would be no use to wait any longer for the end of the trial; else only when it is cancelled.</param>
internal sealed record Activation(
    Func<DeviceConfig, IReadOnlyList<ConfigError>> Prepare, Func<CancellationToken, Task> ActivateAsync, Func<CancellationToken, Task<IReadOnlyList<Trouble>>> TroublesAsync,
    Func<CancellationToken, Task> HopelessAsync);

/// <param name="Error">Its path is that of the configuration, for example <c>$.cameras[0]</c>.</param>
/// <param name="Harmful">Something that worked before does not work any more: a reason to go back.</param>
internal sealed record Trouble(ConfigError Error, bool Harmful);
