using System.Text.Json;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Llrp.Describe;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>
/// Messages written from the layouts of LLRP 1.0.1 (section 16) and 1.1 (section 17) by hand, beside the shared vectors: what a reader may send and
/// no capture at hand holds.
/// </summary>
public sealed class OwnVectorTests
{
    public static TheoryData<string, string, string> Messages => new()
    {
        { "every response that holds a status only: 51", "04330000001200000001011F000800000000", """ "typeName":"DELETE_ACCESSSPEC_RESPONSE","messageId":1,"version":1,"decode":{"LLRPStatus":{"StatusCode":"M_Success","ErrorDescription":""}} """ },
        { "an error in a parameter within a parameter, and in its field", "041E0000003500000001011F002B0064000B4261642072C3B6737065630121001800B100640121000800B70067012000080002012C", """ "LLRPStatus":{"StatusCode":"M_ParameterError","ErrorDescription":"Bad röspec","ParameterError":{"ParameterType":177,"ErrorCode":"M_ParameterError","ParameterError":{"ParameterType":183,"ErrorCode":"M_MissingParameter"},"FieldError":{"FieldNum":2,"ErrorCode":"A_Invalid"}}} """ },
        { "an error in a field and one in a parameter, side by side", "040D0000002300000001011F0019006500017801200008FFFF012D0121000803FF006F", """ "StatusCode":"M_FieldError","ErrorDescription":"x","FieldError":{"FieldNum":65535,"ErrorCode":"A_OutOfRange"},"ParameterError":{"ParameterType":1023,"ErrorCode":"M_UnsupportedParameter"} """ },
        { "a status that no standard names", "041E0000001300000001011F000903E7000178", """ "StatusCode":999,"ErrorDescription":"x" """ },
        { "versions of a reader of 1.1", "083800000014000000010102011F000800000000", """ "version":2,"decode":{"CurrentVersion":1,"SupportedVersion":2, """ },
        { "a status of 1.1 only", "08640000001200000001011F000800700000", """ "StatusCode":"M_UnexpectedMessage" """ },
        { "all parameters without a length in one tag", "043D0000005F0000000100F000558D3074257BF7194E4000001A8589000000018E00018A04D281000286CE87000583000000000001E24085000000000009FBF18800078C30008BABCD931234945678900000000991000A8F000B9200010002", """ "tags":[{"epc":"3074257bf7194e4000001a85","epcBits":96,"roSpecId":1,"specIndex":1,"invParamSpecId":1234,"antenna":2,"peakRssiDbm":-50,"channel":5,"firstSeenUptimeUs":123456,"lastSeenUptimeUs":654321,"seenCount":7,"pc":12288,"crc":43981,"xpcW1":4660,"xpcW2":22136,"accessSpecId":9,"opSpecId":10,"clientRequestOpSpecId":11,"singulation":{"NumCollisionSlots":1,"NumEmptySlots":2}}] """ },
        { "results of reading, writing, killing, locking and erasing", "043D000000540000000100F0004A8D3074257BF7194E4000001A859000000009015D000D0000010002E2801160015E00090000020004015F00070000030160000705000401610007000005016200090100060004", """ "accessSpecId":9,"other":[{"type":349,"body":"0000010002e2801160"},{"type":350,"body":"0000020004"},{"type":351,"body":"000003"},{"type":352,"body":"050004"},{"type":353,"body":"000005"},{"type":354,"body":"0100060004"}] """ },
        { "a code of no bits", "043D000000170000000100F0000D00F100060000810001", """ "tags":[{"epc":"","epcBits":0,"antenna":1}] """ },
        { "a code of 95 bits, whose last one is padding", "043D000000230000000100F0001900F10012005F3074257BF7194E4000001A85810001", """ "tags":[{"epc":"3074257bf7194e4000001a84","epcBits":95,"antenna":1}] """ },
        { "a code of 198 bits", "043D000000300000000100F0002600F1001F00C63674257BF6B7A659B2C2BF1000000000000000000000000000810001", """ "epc":"3674257bf6b7a659b2c2bf1000000000000000000000000000","epcBits":198 """ },
        { "a code of 496 bits", "043D000000550000000100F0004B00F1004401F0AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA810001", """ "epcBits":496 """ },
        { "the weakest strength and the last time that there is", "043D000000260000000100F0001C8D3074257BF7194E4000001A85868082FFFFFFFFFFFFFFFF", """ "peakRssiDbm":-128,"firstSeenUtcUs":18446744073709551615 """ },
        { "vendor parameters, known and unknown", "043D0000006E0000000100F000648D3074257BF7194E4000001A8503FF000E0000651A0000003804FC03FF000E0000651A00000039E5D403FF000E0000651A00000044FFF003FF001A0000651A000000370006E2801160200060001234567803FF000F000030390000000178797A", """ "impinjPhaseAngle":1276,"impinjPeakRssiCdbm":-6700,"impinjRfDopplerFrequency":-16,"impinjSerializedTid":"e28011602000600012345678","custom":[{"VendorIdentifier":12345,"ParameterSubtype":1,"Data":"78797a"}] """ },
        { "a vendor message with a status", "07FF00000017000000010000651A16011F000800000000", """ "Name":"IMPINJ_ENABLE_EXTENSIONS_RESPONSE","Fields":{"LLRPStatus":{"StatusCode":"M_Success","ErrorDescription":""}} """ },
        { "a vendor that nobody knows", "07FF00000012000000010000126709616263", """ "decode":{"VendorIdentifier":4711,"MessageSubtype":9,"Data":"616263"} """ },
        { "an event with the time since the reader was started", "043F000000210000000100F600170081000C000000000000004D00F80007000180", """ "ReaderEventNotificationData":{"Uptime":{"Microseconds":77},"GPIEvent":{"GPIPortNumber":1,"GPIEvent":true}} """ },
        { "a reader exception with everything it may name", "043F0000003A0000000100F600300080000C00058880119F8EAD00FC00200004626F6F6D89000000038E00018A00028100039000000001910004", """ "ReaderExceptionEvent":{"Message":"boom","ROSpecID":{"ROSpecID":3},"SpecIndex":{"SpecIndex":1},"InventoryParameterSpecID":{"InventoryParameterSpecID":2},"AntennaID":{"AntennaID":3},"AccessSpecID":{"AccessSpecID":1},"OpSpecID":{"OpSpecID":4}} """ },
        { "the end of an antenna inventory with its slots", "043F0000002A0000000100F600200080000C00058880119F8EAD00FE0010000000000100029200010002", """ "AISpecEvent":{"EventType":"End_Of_AISpec","ROSpecID":1,"SpecIndex":2,"C1G2SingulationDetails":{"NumCollisionSlots":1,"NumEmptySlots":2}} """ },
        { "somebody else tried to connect", "043F000000200000000100F600160080000C00058880119F8EAD010000060004", """ "ConnectionAttemptEvent":{"Status":"Another_Connection_Attempted"} """ },
        { "reserved bits of the header are set", "E43E0000000A00000005", """ "type":62,"typeName":"KEEPALIVE","messageId":5,"version":1 """ },
        { "a parameter with a length that nobody knows", "043D000000220000000100F000188D3074257BF7194E4000001A8503840007616263", """ "other":[{"type":900,"body":"616263"}] """ },
    };

    public static TheoryData<string, string, string> Damaged => new()
    {
        { "a code shorter than it says", "043D000000150000000100F0000B00F10007006030", "EPCData ends within its field EPC." },
        { "a code longer than it says", "043D000000160000000100F0000C00F1000800083031", "EPCData has 1 bytes more than section 16.2.7.3.1 gives it." },
        { "a vendor message without a vendor", "07FF0000000C000000010000", "CUSTOM_MESSAGE ends within its field VendorIdentifier." },
        { "version 3", "0C3E0000000A00000001", "LLRP version number 3 is neither 1 (LLRP 1.0.1) nor 2 (LLRP 1.1)." },
        { "a type of message that there is not", "07E70000000A00000001", "Message type 999 is not one of LLRP 1.0.1 or 1.1." },
        { "a parameter without a length that nobody knows", "043D0000001D0000000100F000138D3074257BF7194E4000001A85E361", "TV parameter 99 is unknown, and without a length it cannot be skipped." },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_says_what_the_standard_says_of_its_bytes_and_is_written_again(string what, string hex, string expected)
    {
        byte[] frame = Convert.FromHexString(hex);
        LlrpLine line = LlrpLine.Of(null, frame, 0, new TagReportBuffer(), withTree: false);
        Assert.True(line.Understood, $"{what}: {line.Text}");
        Assert.Contains(expected.Trim(), line.Text, StringComparison.Ordinal);

        Assert.True(LlrpDescriber.TryDescribe(frame, out LlrpMessage message, out _));
        byte[] again = LlrpEncoder.Encode(message);
        // Padding behind the last bit of a code is written as it came.
        Assert.Equal(hex, Convert.ToHexString(again));
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_message_is_refused_with_its_reason(string what, string hex, string expected)
    {
        LlrpLine line = LlrpLine.Of(null, Convert.FromHexString(hex), 0, new TagReportBuffer(), withTree: false);
        Assert.False(line.Understood, what);
        Assert.Equal(expected, JsonElement.Parse(line.Text).GetProperty("error").GetString());
    }

    [Fact]
    public void Many_messages_and_a_cut_one_in_one_stream_are_told_one_by_one()
    {
        byte[] stream = [.. Messages.SelectMany(static row => Convert.FromHexString((string)row[1]))];
        LlrpLine[] lines = [.. LlrpCapture.Decode(new MemoryStream(stream[..^4]))];
        Assert.Equal(Messages.Count, lines.Length);
        Assert.All(lines[..^1], static l => Assert.True(l.Understood, l.Text));
        Assert.Contains("but the capture ends after", lines[^1].Text, StringComparison.Ordinal);
    }
}
