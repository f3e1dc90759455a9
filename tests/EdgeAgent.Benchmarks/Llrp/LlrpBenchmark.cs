using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using EdgeAgent.Benchmarks.Harness;
using Perfolizer.Horology;

namespace EdgeAgent.Benchmarks.Llrp;

/// <summary>
/// How fast tag reports are read, and that reading them allocates nothing. BenchmarkDotNet with its memory diagnoser, in this process; the
/// whole set is run several times over, for BenchmarkDotNet finishes one side before it begins the next.
/// </summary>
internal static class LlrpBenchmark
{
    private const int Passes = 5;

    private static readonly (string Method, string What)[] s_sides =
    [
        (nameof(ReportDecoding.Headers), "headers only (baseline)"),
        (nameof(ReportDecoding.Decode), "decoder"),
        (nameof(ReportDecoding.DecodeAndRepeat), "decoder, repeated values filled in"),
        (nameof(ReportDecoding.ToReads), "frame → reads with agent time"),
    ];

    public static Task<ResultTable> RunAsync()
    {
        // Short iterations: one that another program interrupts is an outlier that the median does not see.
        Job job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(2))
            .WithWarmupCount(20).WithIterationCount(60);
        string artifacts = Directory.CreateTempSubdirectory("edge-agent-bench-").FullName;
        try
        {
            IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance)
                .WithOptions(ConfigOptions.DisableLogFile).WithArtifactsPath(artifacts);
            var passes = new List<Summary>();
            var others = new LlrpjsDecoding();
            for (int i = 0; i < Passes; i++)
            {
                passes.Add(BenchmarkRunner.Run<ReportDecoding>(config));
                others.Measure();
            }
            return Task.FromResult(Table(passes, others));
        }
        finally
        {
            Directory.Delete(artifacts, recursive: true);
        }
    }

    private static ResultTable Table(List<Summary> passes, LlrpjsDecoding others)
    {
        var rows = new List<string[]>();
        long allocated = 0;
        double fastest = 0;
        double ratioOfMany = 0;
        foreach (int tags in new[] { 1, 64 })
        {
            foreach ((string method, string what) in s_sides)
            {
                double[] times = [.. passes.Select(p => Nanoseconds(p, method, tags))];
                double ratio = Rounds.Median(passes.Select((p, i) => Nanoseconds(p, s_sides[0].Method, tags) / times[i]));
                double each = Rounds.Median(times);
                long bytes = passes.Max(p => Bytes(p, method, tags));
                if (method is nameof(ReportDecoding.Decode) or nameof(ReportDecoding.DecodeAndRepeat))
                {
                    allocated = Math.Max(allocated, bytes);
                }
                if (method == nameof(ReportDecoding.Decode))
                {
                    fastest = 1e9 / each * tags;
                    ratioOfMany = ratio;
                }
                rows.Add(
                [
                    what, $"{tags}", ResultTable.Number(each), ResultTable.Number(1e9 / each), ResultTable.Number(1e9 / each * tags),
                    ResultTable.Ratio(ratio), $"{bytes:N0}",
                ]);
            }
            if (others.Rate(tags) is { } rate)
            {
                double[] headers = [.. passes.Select(p => Nanoseconds(p, s_sides[0].Method, tags))];
                rows.Add(
                [
                    others.Name, $"{tags}", ResultTable.Number(1e9 / rate), ResultTable.Number(rate), ResultTable.Number(rate * tags),
                    (Rounds.Median(headers) * rate / 1e9).ToString("0.00000", System.Globalization.CultureInfo.InvariantCulture), "not counted",
                ]);
            }
        }
        return new ResultTable(
            $"One core decodes {ResultTable.Number(fastest)} tags/s in messages of 64, {ResultTable.Ratio(ratioOfMany)} of the speed of a walk that reads headers only, and "
            + $"allocates {allocated} bytes per message.",
            ["what", "tags/message", "ns/message", "messages/s", "tags/s", "ratio to headers only", "bytes allocated/message"],
            rows,
            [
                $"Medians of {Passes} passes of BenchmarkDotNet 0.14.0 (in process, 60 iterations of about 2 ms each); ratios are within a pass. Bytes: the largest of all passes.",
                "Each tag has the eight values of the gate's ROSpec. The decoder takes a message whole or not at all, so each length is checked; the walk checks nothing and keeps nothing.",
                "The last row allocates the array that goes to the shop, which keeps it.",
                others.Says(tags => Rounds.Median(passes.Select(p => 1e9 / Nanoseconds(p, nameof(ReportDecoding.Decode), tags)))),
            ]);
    }

    private static double Nanoseconds(Summary pass, string method, int tags) =>
        Report(pass, method, tags).ResultStatistics?.Median
        ?? throw new InvalidOperationException($"BenchmarkDotNet gave no figures for {method}: {string.Join(' ', pass.ValidationErrors.Select(e => e.Message))}");

    private static long Bytes(Summary pass, string method, int tags)
    {
        BenchmarkReport report = Report(pass, method, tags);
        return report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)
            ?? throw new InvalidOperationException($"BenchmarkDotNet counted no allocations for {method}.");
    }

    private static BenchmarkReport Report(Summary pass, string method, int tags) =>
        pass.Reports.SingleOrDefault(r =>
            r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method && Equals(r.BenchmarkCase.Parameters["Tags"], tags))
        ?? throw new InvalidOperationException($"BenchmarkDotNet did not run {method}: {string.Join(' ', pass.ValidationErrors.Select(e => e.Message))}");
}
