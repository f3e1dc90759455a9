using System.Text;
using System.Text.Json;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Llrp.Describe;

namespace EdgeAgent.Rfid.Tests;

public class LlrpCaptureTests
{
    private const string Keepalive = "043E0000000A0000004A";

    [Fact]
    public void Bytes_of_a_stream_give_a_line_for_each_message()
    {
        JsonElement[] lines = Decode([.. Some.ReportFrame(1), .. ReaderMessages.Keepalive(2)], understood: true);
        Assert.Equal(["RO_ACCESS_REPORT", "KEEPALIVE"], lines.Select(Type));
        JsonElement tag = Assert.Single(lines[0].GetProperty("tags").EnumerateArray());
        Assert.Equal(["epc", "epcBits", "antenna", "peakRssiDbm", "lastSeenUtcUs", "seenCount"], tag.EnumerateObject().Select(static p => p.Name));
    }

    [Theory]
    [InlineData(Keepalive + "\n\n04480000000A0000004A\n")]
    [InlineData("04 3e 00:00:00:0a | 0000004a\r\n04480000000a0000004a")]
    [InlineData("""{"atMs":1,"hex":"043E0000000A0000004A"}""" + "\n" + """{"atMs":2,"hex":"04480000000A0000004A"}""")]
    [InlineData("""{"atMs":1,"hex":"043E0000"}""" + "\n" + """{"atMs":2,"hex":"000A0000004A04480000000A0000004A"}""")] // as TCP cut it
    [InlineData("{\n\"vectors\": [ {\"id\":\"a\",\"hex\":\"043E0000000A0000004A\"},\n {\"hex\":\"04480000000A0000004A\"} ] }")]
    [InlineData("""{"vectors":[{"hex":"043E0000000A0000004A"},{"hex":"04480000000A0000004A"}]}""")]
    [InlineData("""[{"hex":"043E0000000A0000004A"},{"hex":"04480000000A0000004A"}]""")]
    public void Text_of_every_form_gives_the_same_messages(string text) =>
        Assert.Equal(["KEEPALIVE", "KEEPALIVE_ACK"], Decode(Encoding.UTF8.GetBytes(text), understood: true).Select(Type));

    [Fact]
    public void A_recording_keeps_its_times()
    {
        JsonElement line = Assert.Single(Decode("""{"atMs":1234.5,"hex":"043E0000000A0000004A"}"""u8.ToArray(), understood: true));
        Assert.Equal("1234.5", line.GetProperty("atMs").GetRawText());
    }

    [Fact]
    public void A_damaged_message_is_told_where_and_costs_only_itself()
    {
        JsonElement[] lines = Decode([.. ReaderMessages.Keepalive(1), .. Some.DamagedFrame(), .. ReaderMessages.Keepalive(2)], understood: false);
        Assert.Equal(["KEEPALIVE", "RO_ACCESS_REPORT", "KEEPALIVE"], lines.Select(Type));
        Assert.Equal("TV parameter 127 is unknown, and without a length it cannot be skipped.", lines[1].GetProperty("error").GetString());
        Assert.Equal(10 + 14, lines[1].GetProperty("offset").GetInt32());
        Assert.StartsWith("043d00000018", lines[1].GetProperty("hex").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_a_length_that_is_a_lie_nothing_is_guessed()
    {
        JsonElement[] lines = Decode([.. ReaderMessages.Keepalive(1), .. Convert.FromHexString("043D0000000400000001"), .. ReaderMessages.Keepalive(2)], understood: false);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("A message cannot have 4 bytes", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_told_in_one_line()
    {
        // A pcap file: its packets would have to be put together first.
        byte[] pcap = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0, (byte)'\n', 1, 2, 3];
        Assert.StartsWith("A message cannot have", Assert.Single(Decode(pcap, understood: false)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_lines_a_length_that_is_a_lie_costs_its_line()
    {
        JsonElement[] lines = Decode(Encoding.ASCII.GetBytes($"043D0000000400000001\nxyz\n{Keepalive}\n"), understood: false);
        Assert.Equal([false, false, true], lines.Select(static l => !l.TryGetProperty("error", out _)));
        Assert.Equal([1, 2, 3], lines.Select(static l => l.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("043E00", "The capture ends after 3 of the 10 bytes of a message header.")]
    [InlineData("043E0000000B0000004A", "The message says that it has 11 bytes, but the capture ends after 10.")]
    [InlineData("00390000000A0000004A", "LLRP version number 0 is neither 1 (LLRP 1.0.1) nor 2 (LLRP 1.1).")]
    [InlineData("04630000000A0000004A", "Message type 99 is not one of LLRP 1.0.1 or 1.1.")]
    [InlineData("043E0000000B0000004A00", "KEEPALIVE has 1 bytes more than section 16.1.31 gives it.")]
    [InlineData("04150000000D0000004A000001", "DELETE_ROSPEC ends within its field ROSpecID.")]
    [InlineData("041E0000000E0000004A00070004", "TLV parameter type 7 is below 128.")]
    [InlineData("041E0000000E0000004A011F0003", "Parameter LLRPStatus has the length 3; its header alone has 4 bytes.")]
    [InlineData("041E0000000E0000004A011F0008", "Parameter LLRPStatus says that it has 8 bytes, but its parent has 4 left.")]
    public void What_is_wrong_is_said(string hex, string error) =>
        Assert.Equal(error, Assert.Single(Decode(Encoding.ASCII.GetBytes(hex), understood: false)).GetProperty("error").GetString());

    [Fact]
    public void Parameters_nested_without_end_are_refused_and_not_followed()
    {
        byte[] errors = [];
        for (int depth = 0; depth < 2000; depth++)
        {
            int length = errors.Length + 8;
            errors = [0x01, 0x21, (byte)(length >> 8), (byte)length, 0x00, 0xB1, 0x00, 0x64, .. errors];
        }
        byte[] frame = [0x04, 0x64, 0, 0, (byte)((errors.Length + 10) >> 8), (byte)(errors.Length + 10), 0, 0, 0, 1, .. errors];
        Assert.Contains("deep in each other", Assert.Single(Decode(frame, understood: false)).GetProperty("error").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_TLV_parameter_is_kept_as_bytes()
    {
        JsonElement line = Assert.Single(Decode(Convert.FromHexString("041E0000001800000001011F000800000000038400061122"), understood: true));
        Assert.Equal("1122", line.GetProperty("decode").GetProperty("Parameter900")[0].GetProperty("data").GetString());
    }

    [Fact]
    public void Custom_data_are_shown_in_the_vendors_names_where_they_fit_and_as_bytes_always()
    {
        // Zebra's phase, and Impinj's peak RSSI with a byte too many.
        JsonElement tag = Assert.Single(Decode(Convert.FromHexString(
            "043D0000003B0000000100F000318D3034257BF7194E4000001A8581000103FF000E000000A1000002C5A0D403FF000F0000651A00000039E5D400"), understood: true))
            .GetProperty("tags")[0];
        Assert.Equal(-24364, tag.GetProperty("zebraPhase").GetInt32());
        JsonElement custom = Assert.Single(tag.GetProperty("custom").EnumerateArray());
        Assert.Equal(("ImpinjPeakRSSI", "e5d400"), (custom.GetProperty("Name").GetString(), custom.GetProperty("Data").GetString()));
    }

    [Fact]
    public void Everything_that_the_gate_sends_is_described_and_written_again()
    {
        byte[][] requests =
        [
            GateRequests.GetReaderCapabilities(1), GateRequests.SetReaderConfig(2, TimeSpan.FromSeconds(5), holdReports: true), GateRequests.DeleteAccessSpec(3),
            GateRequests.DeleteRoSpec(4), GateRequests.AddRoSpec(5, new GateRoSpec(1, [1, 2], 1, 32, 61, 1, 0, 1, 2)), GateRequests.EnableRoSpec(6, 1),
            GateRequests.StartRoSpec(7, 1), GateRequests.StopRoSpec(8, 1), GateRequests.EnableEventsAndReports(9), GateRequests.KeepaliveAck(10),
            GateRequests.CloseConnection(11), GateRequests.ImpinjEnableExtensions(12),
            .. new[] { "04190000000E0000000D00000001", "043C0000000A0000000E", "0402000000110000000F00000000000000", "082E0000000A00000000", "082F0000000B0000000102" }
                .Select(Convert.FromHexString),
        ];
        foreach (byte[] request in requests)
        {
            Assert.True(LlrpDescriber.TryDescribe(request, out LlrpMessage message, out LlrpDamage damage), damage.What);
            Assert.Equal(Convert.ToHexString(request), Convert.ToHexString(LlrpEncoder.Encode(message)));
        }
    }

    [Fact]
    public void The_example_in_the_documentation_is_what_the_decoder_prints()
    {
        DirectoryInfo root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "EdgeAgent.sln")))
        {
            root = root.Parent!;
        }
        string[] page = File.ReadAllLines(Path.Combine(root.FullName, "docs", "llrp.md"));
        int example = Array.FindIndex(page, static line => line.StartsWith("$ echo '", StringComparison.Ordinal));
        string frame = page[example].Split('\'')[1];
        Assert.Equal(page[example + 1], Assert.Single(LlrpCapture.Decode(new MemoryStream(Encoding.ASCII.GetBytes(frame)))).Text);
    }

    private static string Type(JsonElement line) => line.GetProperty("typeName").GetString()!;

    private static JsonElement[] Decode(byte[] capture, bool understood)
    {
        LlrpLine[] lines = [.. LlrpCapture.Decode(new MemoryStream(capture))];
        Assert.Equal(understood, lines.All(static l => l.Understood));
        return [.. lines.Select(static l => JsonElement.Parse(l.Text))];
    }
}
