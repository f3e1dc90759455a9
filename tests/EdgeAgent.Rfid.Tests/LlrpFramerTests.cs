using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class LlrpFramerTests
{
    [Fact]
    public void Frames_come_out_whole_wherever_the_stream_is_split()
    {
        byte[][] messages = [ReaderMessages.Keepalive(1), Some.ReportFrame(1), ReaderMessages.Keepalive(2), Some.ReportFrame(2)];
        byte[] stream = [.. messages.SelectMany(static m => m)];
        for (int split = 0; split <= stream.Length; split++)
        {
            var framer = new LlrpFramer();
            List<string> frames = Take(framer, stream.AsSpan(0, split));
            frames.AddRange(Take(framer, stream.AsSpan(split)));
            Assert.Equal(messages.Select(Convert.ToHexString), frames);
        }
    }

    [Fact]
    public void Frames_come_out_whole_when_bytes_drip_in()
    {
        byte[] stream = [.. ReaderMessages.Keepalive(1), .. Some.ReportFrame(1)];
        var framer = new LlrpFramer();
        var frames = new List<string>();
        foreach (byte b in stream)
        {
            frames.AddRange(Take(framer, [b]));
        }
        Assert.Equal(2, frames.Count);
    }

    [Fact]
    public void A_long_stream_in_odd_chunks_outlives_the_buffer_many_times()
    {
        string[] messages = [.. Enumerable.Range(1, 3000).Select(static n => Convert.ToHexString(Some.ReportFrame(n)))];
        byte[] stream = [.. messages.SelectMany(Convert.FromHexString)];
        var framer = new LlrpFramer();
        Assert.Equal(messages, stream.Chunk(4093).SelectMany(chunk => Take(framer, chunk)));
    }

    [SharedFact]
    public void A_recorded_session_is_cut_the_same_at_every_byte()
    {
        byte[][] messages = [.. SharedVectors.Llrp().Where(static v => v.Text("dir") == "R>C").Select(static v => v.Bytes())];
        byte[] stream = [.. messages.SelectMany(static m => m)];
        string[] whole = [.. messages.Select(Convert.ToHexString)];
        for (int split = 0; split <= stream.Length; split++)
        {
            var framer = new LlrpFramer();
            List<string> frames = Take(framer, stream.AsSpan(0, split));
            frames.AddRange(Take(framer, stream.AsSpan(split)));
            Assert.Equal(whole, frames);
        }
    }

    [Theory]
    [InlineData("043E0000000000000001")]
    [InlineData("043E0000000900000001")]
    [InlineData("043EFFFFFFFF00000001")]
    [InlineData("043E0040000100000001")]
    public void A_length_below_the_header_or_above_the_cap_is_a_lie(string hex)
    {
        var framer = new LlrpFramer();
        framer.Append(Convert.FromHexString(hex));
        Assert.Equal(FrameCut.LengthLie, framer.Next(out _));
    }

    [Fact]
    public void The_largest_report_known_passes()
    {
        // 1 423 575 bytes: about what 10 000 tags with all values need.
        byte[] report = new byte[1_423_575];
        Convert.FromHexString("043D0015B8D700000001").CopyTo(report, 0);
        var framer = new LlrpFramer();
        foreach (byte[] chunk in report.Chunk(65_536))
        {
            Assert.Equal(FrameCut.NeedMore, framer.Next(out _));
            framer.Append(chunk);
        }
        Assert.Equal(FrameCut.Frame, framer.Next(out ReadOnlyMemory<byte> frame));
        Assert.Equal(report.Length, frame.Length);
    }

    private static List<string> Take(LlrpFramer framer, ReadOnlySpan<byte> bytes)
    {
        framer.Append(bytes);
        var frames = new List<string>();
        while (framer.Next(out ReadOnlyMemory<byte> frame) == FrameCut.Frame)
        {
            frames.Add(Convert.ToHexString(frame.Span));
        }
        return frames;
    }
}
