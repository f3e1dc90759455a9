using BenchmarkDotNet.Attributes;
using EdgeAgent.Core;
using EdgeAgent.Rfid;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Benchmarks.Llrp;

/// <summary>What BenchmarkDotNet measures: one message as a gate's ROSpec asks for it, read by one thread.</summary>
[MemoryDiagnoser]
public class ReportDecoding
{
    private static readonly DateTimeOffset s_morning = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly TagReportBuffer _buffer = new();
    private readonly LastTagValues _last = new();
    private readonly ReaderTraffic _traffic = new(new ReaderCounters());
    private byte[] _frame = [];

    [Params(1, 64)]
    public int Tags { get; set; }

    public static byte[] FrameOf(int tags)
    {
        TagReport[] reports = [.. Enumerable.Range(1, tags).Select(Report)];
        return ReaderMessages.RoAccessReport(7, reports);
    }

    /// <summary>Builds the message and makes sure that all sides read the same of it.</summary>
    [GlobalSetup]
    public void Build()
    {
        _frame = FrameOf(Tags);
        // One report and its eight values for each tag.
        if (Headers() != Tags * 9 || Decode() != Tags || DecodeAndRepeat() != Tags || ToReads() != Tags)
        {
            throw new InvalidOperationException("The sides do not read the same from the message; the figures would compare different work.");
        }
    }

    [Benchmark(Baseline = true)]
    public int Headers() => HeaderWalk.Count(_frame);

    [Benchmark]
    public int Decode()
    {
        TagReportDecoder.TryDecode(_frame, _buffer);
        return _buffer.Count;
    }

    [Benchmark]
    public int DecodeAndRepeat()
    {
        TagReportDecoder.TryDecode(_frame, _buffer);
        _last.FillIn(_buffer.Reports);
        return _buffer.Count;
    }

    /// <summary>With the reader's clock and the array that goes to the shop.</summary>
    [Benchmark]
    public int ToReads()
    {
        _traffic.Take(_frame, s_morning);
        TagRead[] reads = _traffic.TakeReads(s_morning);
        return reads.Length;
    }

    private static TagReport Report(int number)
    {
        ulong us = (ulong)((s_morning - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return new TagReport
        {
            Epc = Goods.All[number % Goods.All.Count].Tag((ulong)number),
            RoSpecId = 1,
            Antenna = 2,
            PeakRssiDbm = -48,
            Channel = 1,
            FirstSeenUtcUs = us,
            LastSeenUtcUs = us,
            SeenCount = 1,
            Known = TagFields.Epc | TagFields.RoSpecId | TagFields.Antenna | TagFields.PeakRssi | TagFields.Channel
                | TagFields.FirstSeenUtc | TagFields.LastSeenUtc | TagFields.SeenCount,
        };
    }
}
