using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class DecoderRobustnessTests
{
    private const int Mutations = 200_000;

    [Fact]
    public void Mutated_frames_are_read_or_thrown_away_but_never_break_the_decoder()
    {
        byte[][] seeds =
        [
            Some.ReportFrame(Some.Report(1), Some.Report(2, 2), Some.Report(3)),
            Convert.FromHexString("043D000000200000000100F0001600F1001200603034257BF7194E4000001A85"),
            Convert.FromHexString("043D0000003A0000000100F000308D3034257BF7194E4000001A8581000103FF000E0000651A0000003804FC03FF000E0000651A00000039E5D4"),
            ReaderMessages.ConnectionAttemptEvent(1, Some.Micros(Some.Morning), ConnectionAttempt.Success),
            Convert.FromHexString("04220000001A00000069011F001000650000012000080001012C"),
            ReaderMessages.CapabilitiesResponse(1, new ReaderCapabilities(4, true, 25882, 2001002, "6.4", true, 1, [new(1, 1000), new(9, 3000)])),
        ];
        var dice = new Random(20261122);
        var traffic = new ReaderTraffic(new ReaderCounters());
        int damaged = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] frame = Mutate(seeds[dice.Next(seeds.Length)], dice);
            if (traffic.Take(frame, Some.Morning) == FrameMeaning.Damaged)
            {
                damaged++;
            }
            else if (traffic.Header.Type == MessageType.RoAccessReport)
            {
                traffic.TakeReads(Some.Morning);
            }
            ReaderCapabilities.TryRead(frame.AsSpan(LlrpHeader.Size), out _);
            ReaderNotification.ExceptionText(frame.AsSpan(LlrpHeader.Size));
        }
        Assert.InRange(damaged, Mutations / 10, Mutations);
    }

    [Fact]
    public void Errors_nested_without_end_are_refused_and_not_followed()
    {
        // 200 ParameterErrors inside each other, the innermost first.
        byte[] errors = [];
        for (int depth = 0; depth < 200; depth++)
        {
            int length = errors.Length + 8;
            errors = [0x01, 0x21, (byte)(length >> 8), (byte)length, 0x00, 0xB1, 0x00, 0x64, .. errors];
        }
        int status = errors.Length + 8;
        byte[] body = [0x01, 0x1F, (byte)(status >> 8), (byte)status, 0x00, 0x64, 0x00, 0x00, .. errors];

        Assert.False(LlrpStatus.TryFind(body, out _));
    }

    /// <summary>One to four changed bytes, sometimes a cut; the length field follows the cut, as the framer would see to.</summary>
    private static byte[] Mutate(byte[] seed, Random dice)
    {
        byte[] frame = dice.Next(4) == 0 ? seed[..dice.Next(LlrpHeader.Size, seed.Length + 1)] : [.. seed];
        for (int n = dice.Next(1, 5); n > 0; n--)
        {
            frame[dice.Next(frame.Length)] = (byte)dice.Next(256);
        }
        return frame;
    }
}
