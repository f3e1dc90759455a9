using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision;

namespace EdgeAgent.Ota;

/// <summary>What the room of models over the air is given: the box, its models, and the rooms that look at pictures.</summary>
/// <param name="Config">The one in force.</param>
/// <param name="Analyzers">Those of the cameras that run now; asked anew for each change.</param>
/// <param name="IsSpare">Whether the box has time for a second model, now.</param>
/// <param name="UsePrices">Gives the shop another price list, or with null that of the configuration.</param>
/// <param name="ModelsChanged">Called when other models are in use.</param>
internal sealed record OtaSetup(
    string StateFolder, Func<DeviceConfig> Config, ModelStore Models, bool AllowSynthetic, Func<IReadOnlyList<FrameAnalyzer>> Analyzers, Func<bool> IsSpare,
    Action ModelsChanged, HttpClient Http, ModelShelf Shelf, DownloadLimits Limits, OtaPace Pace, TimeSpan ProbePatience, FillRandom Random, TimeProvider Time,
    Func<PriceList?, CancellationToken, Task> UsePrices);
