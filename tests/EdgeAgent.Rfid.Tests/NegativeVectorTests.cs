using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class NegativeVectorTests
{
    // Each vector's expectation in the gate's own words.
    private static readonly Dictionary<string, Action<byte[]>> s_expected = new()
    {
        ["err-unsupported-version"] = static frame =>
        {
            ReaderTraffic traffic = Traffic();
            Assert.Equal(FrameMeaning.Response, traffic.Take(frame, Some.Morning));
            Assert.Equal(StatusCode.UnsupportedVersion, traffic.Status!.Code);
        },
        ["event-close"] = static frame => Assert.Equal(FrameMeaning.Closed, Traffic().Take(frame, Some.Morning)),
        ["event-conn-refused"] = static frame =>
        {
            ReaderTraffic traffic = Traffic();
            Assert.Equal(FrameMeaning.ConnectionAttempt, traffic.Take(frame, Some.Morning));
            Assert.Equal(SensorReason.HeldByAnotherClient, ReaderTraffic.ReasonOf(traffic.Attempt));
        },
        ["getver11-wrong-order"] = IsDamaged,
        ["hdr-short"] = static frame =>
        {
            var framer = new LlrpFramer();
            framer.Append(frame);
            Assert.Equal(FrameCut.NeedMore, framer.Next(out _));
        },
        ["opspecresult-bad-len"] = static parameter =>
        {
            var reader = new ParameterReader(parameter);
            Assert.False(reader.TryNext(out _));
            Assert.True(reader.Damaged);
        },
        ["roar-custom-then-more"] = static frame =>
        {
            TagReport report = Only(frame);
            Assert.Equal(1276, report.ImpinjPhase);
            Assert.Equal(-6700, report.ImpinjPeakRssi);
        },
        ["roar-epcdata-1bit"] = static frame => Assert.Equal(1, Only(frame).Epc.Bits),
        ["roar-epcdata-96-as-tlv"] = static frame =>
        {
            Assert.True(Epc.TryParse("3034257bf7194e4000001a85", out Epc epc));
            Assert.Equal(epc, Only(frame).Epc);
        },
        ["roar-epcdata-len-lie"] = IsDamaged,
        ["roar-tlv-len-0"] = IsDamaged,
        ["roar-tlv-overrun"] = IsDamaged,
        ["unsolicited-response"] = static frame => Assert.Equal(FrameMeaning.Response, Traffic().Take(frame, Some.Morning)),
    };

    private static readonly Dictionary<string, string> s_notCovered = new()
    {
        ["getver11-right-order"] = "The gate speaks 1.0.1 and never asks for versions; a frame of version 2 is thrown away as damaged.",
    };

    [SharedFact]
    public void Every_hostile_frame_is_met_as_a_gate_must()
    {
        foreach (JsonElement vector in SharedVectors.Negative().Where(static v => !s_notCovered.ContainsKey(v.Text("id")!)))
        {
            Assert.True(s_expected.TryGetValue(vector.Text("id")!, out Action<byte[]>? check), $"{vector.Text("id")} is new: {vector.Text("expect")}");
            check(vector.Bytes());
        }
    }

    [Fact]
    public void A_frame_of_another_protocol_version_is_thrown_away()
    {
        byte[] frame = Some.ReportFrame(1);
        frame[0] = 0x08;
        IsDamaged(frame);
    }

    [Fact]
    public void Two_codes_in_one_report_are_no_code()
    {
        const string Epc96 = "8D3034257BF7194E4000001A85";
        IsDamaged(Convert.FromHexString($"043D000000280000000100F0001E{Epc96}{Epc96}"));
    }

    [Fact]
    public void An_unknown_parameter_with_a_length_is_skipped()
    {
        // TLV 900, six bytes, before and after the code.
        TagReport report = Only(Convert.FromHexString("043D000000270000000100F0001D0384000611228D3034257BF7194E4000001A85038400063344"));
        Assert.Equal(96, report.Epc.Bits);
    }

    [Fact]
    public void An_empty_report_is_legal()
    {
        ReaderTraffic traffic = Traffic();
        Assert.Equal(FrameMeaning.Reads, traffic.Take(Some.ReportFrame([]), Some.Morning));
        Assert.Equal(0, traffic.ReadCount);
    }

    private static ReaderTraffic Traffic() => new(new ReaderCounters());

    private static void IsDamaged(byte[] frame) => Assert.Equal(FrameMeaning.Damaged, Traffic().Take(frame, Some.Morning));

    private static TagReport Only(byte[] frame)
    {
        var buffer = new TagReportBuffer();
        Assert.True(TagReportDecoder.TryDecode(frame, buffer));
        Assert.Equal(1, buffer.Count);
        return buffer.Reports[0];
    }
}
