using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>What came of an hour: numbers were released, or the day's budget was spent.</summary>
public enum CountsRelease { Released, BudgetSpent }

/// <summary>
/// Makes of exact counts what may be said: noise for each zone and length of stay, then small ones withheld. One visit is in at most
/// <see cref="AggregatesConfig.MostZones"/> of the counts, in each once, so the whole hour costs one ε. Drawn once: what was released is an event and never drawn anew.
/// </summary>
internal sealed class NoisyCounts(FillRandom random)
{
    private const int Hundred = 100;

    private readonly DiscreteLaplace _noise = new(random);
    private readonly PrivacyBudget _budget = new();

    public CountsData Release(ShopEvent.HourCounted hour, AggregatesConfig config)
    {
        int cost = Hundredths(config.Epsilon);
        bool released = _budget.TrySpend(hour.From, cost, Hundredths(config.EpsilonPerDay));
        return new CountsData(
            hour.From, hour.Until, released ? CountsRelease.Released : CountsRelease.BudgetSpent, config.Epsilon, _budget.Spent / (double)Hundred, config.EpsilonPerDay, config.MinCount,
            released ? [.. hour.Zones.Select(zone => Zone(zone, cost, config))] : []);
    }

    private ZoneCountsData Zone(ZoneHour exact, int cost, AggregatesConfig config)
    {
        Span<long> noisy = [exact.ShortStays, exact.MediumStays, exact.LongStays];
        foreach (ref long count in noisy)
        {
            count = Math.Max(0, count + _noise.Draw(config.MostZones * Hundred, cost));
        }
        // After the noise: whether a count is withheld must not depend on the exact one.
        (long? total, long?[] parts) = SmallCounts.Withhold(noisy, config.MinCount);
        return new ZoneCountsData(exact.Zone, total, parts[0], parts[1], parts[2]);
    }

    private static int Hundredths(double epsilon) => (int)Math.Round(epsilon * Hundred);
}
