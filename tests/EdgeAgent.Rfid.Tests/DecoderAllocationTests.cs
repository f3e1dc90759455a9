using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class DecoderAllocationTests
{
    [Fact]
    public void Decoding_a_report_allocates_nothing()
    {
        byte[] frame = Some.ReportFrame([.. Enumerable.Range(1, 64).Select(static n => Some.Report(n))]);
        var buffer = new TagReportBuffer();
        var last = new LastTagValues();
        Decode(frame, buffer, last, 100); // the buffer has grown, the code is compiled

        long before = GC.GetAllocatedBytesForCurrentThread();
        Decode(frame, buffer, last, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Cutting_and_meaning_of_keepalives_and_events_allocate_nothing()
    {
        byte[] stream = [.. ReaderMessages.Keepalive(1), .. Convert.FromHexString("043F000000210000000000F600170080000C00042B1928B8F70600F80007000180")];
        var framer = new LlrpFramer();
        var traffic = new ReaderTraffic(new ReaderCounters());
        Cut(stream, framer, traffic, 100);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Cut(stream, framer, traffic, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Decode(byte[] frame, TagReportBuffer buffer, LastTagValues last, int times)
    {
        for (int i = 0; i < times; i++)
        {
            TagReportDecoder.TryDecode(frame, buffer);
            last.FillIn(buffer.Reports);
        }
    }

    private static void Cut(byte[] stream, LlrpFramer framer, ReaderTraffic traffic, int times)
    {
        for (int i = 0; i < times; i++)
        {
            framer.Append(stream);
            while (framer.Next(out ReadOnlyMemory<byte> frame) == FrameCut.Frame)
            {
                traffic.Take(frame.Span, Some.Morning);
            }
        }
    }
}
