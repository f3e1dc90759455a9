using System.Diagnostics;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Llrp.Describe;
using Xunit.Abstractions;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>Damaged frames through everything that reads bytes: nothing breaks, nothing hangs, nothing grows, and what is read is written again as it was.</summary>
[Collection(WholeHeap.Name)]
public sealed class LlrpFuzzTests(ITestOutputHelper output)
{
    /// <summary>10 million with EDGE_MEASURE=1, which takes minutes.</summary>
    private static readonly int s_frames = Environment.GetEnvironmentVariable("EDGE_MEASURE") is null ? 200_000 : 10_000_000;

    private readonly LlrpFramer _framer = new();
    private readonly TagReportBuffer _reports = new();
    private long _cut;
    private long _described;
    private long _reportsRead;

    [SharedFact]
    public void Mutated_vectors_are_read_or_refused_and_what_is_read_is_written_again()
    {
        byte[][] seeds = [.. LlrpVector.All().Select(static v => v.Bytes), .. SharedVectors.Negative().Select(static v => v.Bytes())];
        var mutations = new Mutations(seeds, seed: 20261122);
        Run(mutations, 5_000); // compiled, and all buffers at their size
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long began = Stopwatch.GetTimestamp();

        Run(mutations, s_frames);

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        long after = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine($"{s_frames} frames in {seconds:0.0} s: {_cut} messages cut, {_described} described, {_reportsRead} reports read; heap {before / 1024} KiB before, {after / 1024} KiB after");
        Assert.InRange(after, 0, before + 1024 * 1024);
        // The mutations are not so wild that only the first check is tried.
        Assert.True(_described > s_frames / 20 && _reportsRead > s_frames / 100, $"{_described} described, {_reportsRead} reports");
    }

    private void Run(Mutations mutations, int frames)
    {
        _cut = _described = _reportsRead = 0;
        for (int i = 0; i < frames; i++)
        {
            ReadOnlySpan<byte> bytes = mutations.Next();
            _framer.Reset();
            // In two pieces, as TCP may have it.
            _framer.Append(bytes[..(bytes.Length / 2)]);
            _framer.Append(bytes[(bytes.Length / 2)..]);
            int waiting = _framer.Waiting;
            while (_framer.Next(out ReadOnlyMemory<byte> frame) == FrameCut.Frame)
            {
                Assert.True(_framer.Waiting <= waiting - LlrpHeader.Size, "The framer does not get on.");
                waiting = _framer.Waiting;
                Take(frame, withJson: i % 16 == 0);
            }
        }
    }

    private void Take(ReadOnlyMemory<byte> frame, bool withJson)
    {
        _cut++;
        LlrpHeader.TryRead(frame.Span, out LlrpHeader header);
        _reportsRead += header.Type == MessageType.RoAccessReport && TagReportDecoder.TryDecode(frame.Span, _reports) ? 1 : 0;
        if (LlrpDescriber.TryDescribe(frame, out LlrpMessage message, out LlrpDamage damage))
        {
            _described++;
            Assert.True(frame.Span.SequenceEqual(LlrpEncoder.Encode(message)), Convert.ToHexString(frame.Span));
        }
        else
        {
            Assert.InRange(damage.Offset, 0, frame.Length);
        }
        if (withJson)
        {
            Assert.NotEmpty(LlrpLine.Of(null, frame, 0, _reports, withTree: true).Text);
        }
    }
}

/// <summary>Tests that measure the heap of the process run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class WholeHeap
{
    public const string Name = "Whole heap";
}
