namespace EdgeAgent.Benchmarks.Harness;

/// <summary>
/// Measures sides in turn: each round runs every side once, every other round in the opposite order, so that a machine that gets slower slows
/// all of them. A figure is the median over the rounds; a ratio is the median of the ratios within a round. BenchmarkDotNet measures one
/// side after the other and would give the drift of a shared machine as a difference.
/// </summary>
internal static class Rounds
{
    public static async Task RunAsync(int warmUps, int rounds, params IReadOnlyList<Side> sides)
    {
        for (int round = -warmUps; round < rounds; round++)
        {
            foreach (Side side in (round & 1) == 0 ? sides : sides.Reverse())
            {
                await side.MeasureAsync(counts: round >= 0);
            }
        }
    }

    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    /// <param name="part">0..1; the nearest value, none is made up.</param>
    public static double Percentile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Round((sorted.Length - 1) * part)];
    }
}

/// <summary>One run of one side.</summary>
/// <param name="Processor">Seconds of processor time of this process, all threads.</param>
/// <param name="Bytes">Allocated by this process, all threads.</param>
internal readonly record struct Sample(long Operations, double Seconds, double Processor, long Bytes)
{
    public double Rate => Operations / Seconds;

    public double ProcessorRate => Operations / Processor;
}

/// <summary>One of the things that are compared.</summary>
/// <param name="run">Does the work and returns how many operations it was. Told whether the round counts or only warms up.</param>
/// <param name="prepare">Done before each run, not measured.</param>
internal sealed class Side(Func<bool, Task<long>> run, Func<Task>? prepare = null)
{
    private readonly List<Sample> _samples = [];

    public Side(Func<long> run, Action? prepare = null)
        : this(_ => Task.FromResult(run()), prepare is null ? null : () => Done(prepare))
    {
    }

    public double Rate => Rounds.Median(_samples.Select(s => s.Rate));

    public double ProcessorRate => Rounds.Median(_samples.Select(s => s.ProcessorRate));

    /// <summary>Over all rounds together, for a side whose rounds do different work.</summary>
    public double RateOverall => _samples.Sum(s => s.Operations) / _samples.Sum(s => s.Seconds);

    public double ProcessorEachOverall => _samples.Sum(s => s.Processor) / _samples.Sum(s => s.Operations);

    /// <summary>Seconds of processor time for each operation.</summary>
    public double ProcessorEach => 1 / ProcessorRate;

    public double BytesEach => Rounds.Median(_samples.Select(s => (double)s.Bytes / s.Operations));

    public double RatioTo(Side baseline) => Rounds.Median(_samples.Zip(baseline._samples, (own, other) => own.Rate / other.Rate));

    public double ProcessorRatioTo(Side baseline) =>
        Rounds.Median(_samples.Zip(baseline._samples, (own, other) => own.ProcessorRate / other.ProcessorRate));

    public async Task MeasureAsync(bool counts)
    {
        if (prepare is not null)
        {
            await prepare();
        }
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long began = TimeProvider.System.GetTimestamp();
        long operations = await run(counts);
        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        double used = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        if (counts)
        {
            _samples.Add(new Sample(operations, seconds, used, bytes));
        }
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
