using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Rfid;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Replay;

/// <summary>
/// Runs recorded inputs through the same loop as a live agent, on virtual time. Ids and pseudonyms come from the seed: the same inputs and
/// seed give the same bytes.
/// </summary>
internal sealed partial class Replayer
{
    /// <summary>Virtual time at which every replay begins; times in truth.json and recordings count from here.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private readonly ShopLoop _loop;
    private readonly TimeSpan _afterglow;
    private DateTimeOffset _nextTick = Start;

    /// <param name="watcher">Told each input and all that it made happen.</param>
    public Replayer(DeviceConfig config, string modelSet, ulong seed, Action<ShopInput, IReadOnlyList<ShopEvent>>? watcher = null)
    {
        FillRandom random = Randomness.Seeded(seed);
        _loop = new ShopLoop(
            new ShopFloor(config, EpcIdentity.Identify, random),
            new PrivacyGate(config, new EgressContext(Epoch: 1, modelSet, ClockQuality: () => "replay"), random)) { Watcher = watcher };
        // Long enough for the last person to be missed and the last bag to be decided.
        double gate = config.Gates.Select(g => Math.Max(g.SettleSeconds, 2.5) + g.LateSeconds + (g.PhotoEye is null ? 0 : g.MaxWindowSeconds)).DefaultIfEmpty(0).Max();
        _afterglow = TimeSpan.FromSeconds(config.Visits.LostSeconds + gate + 1);
    }

    /// <summary>Gets what happens for the box only.</summary>
    public Action<ShopEvent>? OnBox { get; set; }

    /// <summary>Takes all inputs, then closes the shop. Each happening goes to <paramref name="sink"/> in order.</summary>
    /// <param name="pace">Waits until a virtual time is due; null runs as fast as the machine can.</param>
    public async Task RunAsync(
        IAsyncEnumerable<ShopInput> inputs, Func<Happening, ValueTask> sink, Func<DateTimeOffset, Task>? pace, CancellationToken cancel)
    {
        DateTimeOffset last = Start;
        await foreach (ShopInput input in inputs.WithCancellation(cancel))
        {
            if (pace is not null)
            {
                await pace(input.At);
            }
            await TickUntilAsync(input.At, sink, null);
            await StepAsync(input, sink);
            last = input.At;
        }
        await TickUntilAsync(last + _afterglow, sink, pace);
        await StepAsync(new ShopInput.Closing(last + _afterglow), sink);
    }

    private async ValueTask TickUntilAsync(DateTimeOffset at, Func<Happening, ValueTask> sink, Func<DateTimeOffset, Task>? pace)
    {
        for (; _nextTick <= at; _nextTick += s_tick)
        {
            if (pace is not null)
            {
                await pace(_nextTick);
            }
            await StepAsync(new ShopInput.Tick(_nextTick), sink);
        }
    }

    private async ValueTask StepAsync(ShopInput input, Func<Happening, ValueTask> sink)
    {
        foreach (Happening happening in _loop.Step(input))
        {
            await sink(happening);
        }
        foreach (ShopEvent happened in _loop.OnBox)
        {
            OnBox?.Invoke(happened);
        }
    }
}
