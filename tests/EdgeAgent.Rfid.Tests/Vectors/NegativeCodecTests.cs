using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Llrp.Describe;
using Xunit.Abstractions;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>
/// The hostile and edge frames by what their <c>expect</c> says, as far as bytes can show it: cut, refused, or read for what they are. What a
/// session does then (fall back, back off, send nothing more) is tested with sessions.
/// </summary>
public sealed class NegativeCodecTests(ITestOutputHelper output)
{
    // Each text word for word: a changed or new one must be looked at.
    private static readonly Dictionary<string, Action<byte[]>> s_byExpect = new()
    {
        ["fall back to 1.0.1 and continue"] = static frame => Assert.Equal("M_UnsupportedVersion", Decode(frame, "LLRPStatus").GetProperty("StatusCode").GetString()),
        ["treat as closed: send nothing more, reconnect"] = static frame =>
            Assert.Empty(Decode(frame, "ReaderEventNotificationData").GetProperty("ConnectionCloseEvent").EnumerateObject()),
        ["do not send anything; report \"a client-initiated connection already exists\"; back off and retry"] = static frame =>
            Assert.Equal("Failed_A_Client_Initiated_Connection_Already_Exists",
                Decode(frame, "ReaderEventNotificationData").GetProperty("ConnectionAttemptEvent").GetProperty("Status").GetString()),
        ["accept: current 2, max 2"] = static frame =>
        {
            Assert.Equal(2, Decode(frame, "CurrentVersion").GetInt32());
            Assert.Equal(2, Decode(frame, "SupportedVersion").GetInt32());
        },
        ["reject or report; LLRPCSharp 2.0.3 virtual device sends this (status before the bytes) and the edgex client then stalls"] = IsRefused,
        ["wait for more bytes until the read timeout"] = static bytes =>
        {
            var framer = new LlrpFramer();
            framer.Append(bytes);
            Assert.Equal(FrameCut.NeedMore, framer.Next(out _));
            Assert.Equal(bytes.Length, framer.Waiting);
        },
        ["reject the parameter"] = static parameter => Assert.False(LlrpDescriber.TryDescribeParameters(parameter, out _, out _)),
        ["accept: Impinj RFPhaseAngle(56)=1276 and PeakRSSI(57)=-6700 (1/100 dBm)"] = static frame =>
        {
            JsonElement tag = Tag(frame);
            Assert.Equal((1276, -6700), (tag.GetProperty("impinjPhaseAngle").GetInt32(), tag.GetProperty("impinjPeakRssiCdbm").GetInt32()));
        },
        ["accept: EPC bit length 1; pad bits are not zero and are ignored"] = static frame =>
        {
            JsonElement tag = Tag(frame);
            Assert.Equal((1, "00"), (tag.GetProperty("epcBits").GetInt32(), tag.GetProperty("epc").GetString()));
        },
        ["accept: same EPC as EPC-96; must compare equal to the TV form"] = static frame =>
        {
            JsonElement tag = Tag(frame);
            Assert.Equal((96, "3034257bf7194e4000001a85"), (tag.GetProperty("epcBits").GetInt32(), tag.GetProperty("epc").GetString()));
            var buffer = new TagReportBuffer();
            Assert.True(TagReportDecoder.TryDecode(frame, buffer));
            Assert.True(Epc.TryParse("3034257bf7194e4000001a85", out Epc epc));
            Assert.Equal(epc, buffer.Reports[0].Epc);
        },
        ["reject this message only (EPCLengthBits 96 but 10 bytes); keep the connection"] = IsRefusedAlone,
        ["reject this message; must not loop forever"] = IsRefusedAlone,
        ["reject this message; must not read beyond it"] = IsRefusedAlone,
        ["ignore and count (no such request)"] = static frame => Assert.Equal("M_Success", Decode(frame, "LLRPStatus").GetProperty("StatusCode").GetString()),
    };

    [SharedFact]
    public void Every_hostile_frame_is_met_as_its_expectation_says()
    {
        int met = 0;
        foreach (JsonElement vector in SharedVectors.Negative())
        {
            Assert.True(s_byExpect.TryGetValue(vector.Text("expect")!, out Action<byte[]>? check), $"{vector.Text("id")} expects something new: {vector.Text("expect")}");
            check(vector.Bytes());
            met++;
        }
        output.WriteLine($"{met} frames met");
        Assert.True(met > 0);
    }

    private static void IsRefused(byte[] frame)
    {
        LlrpLine line = LlrpLine.Of(null, frame, 0, new TagReportBuffer(), withTree: false);
        Assert.False(line.Understood, line.Text);
        Assert.NotEmpty(JsonElement.Parse(line.Text).GetProperty("error").GetString()!);
    }

    /// <summary>Refused by the gate's decoder and by the describer, and the message behind it is read.</summary>
    private static void IsRefusedAlone(byte[] frame)
    {
        IsRefused(frame);
        Assert.False(TagReportDecoder.TryDecode(frame, new TagReportBuffer()));
        var framer = new LlrpFramer();
        framer.Append([.. frame, .. ReaderMessages.Keepalive(7)]);
        Assert.Equal(FrameCut.Frame, framer.Next(out _));
        Assert.Equal(FrameCut.Frame, framer.Next(out ReadOnlyMemory<byte> next));
        Assert.Equal(ReaderMessages.Keepalive(7), next.ToArray());
    }

    private static JsonElement Decode(byte[] frame, string name) => Line(frame).GetProperty("decode").GetProperty(name);

    private static JsonElement Tag(byte[] frame) => Assert.Single(Line(frame).GetProperty("tags").EnumerateArray());

    private static JsonElement Line(byte[] frame)
    {
        LlrpLine line = LlrpLine.Of(null, frame, 0, new TagReportBuffer(), withTree: false);
        Assert.True(line.Understood, line.Text);
        return JsonElement.Parse(line.Text);
    }
}
