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

    [Theory]
    [InlineData("D4C3B2A1020004000000000000000000FFFF0000010000000A010203")] // pcap
    [InlineData("0A0D0D0A6C0000004D3C2B1A01000000FFFFFFFFFFFFFFFF")] // pcapng, which begins with a line end
    public void A_packet_capture_is_told_for_what_it_is(string file) =>
        Assert.StartsWith("This is a capture of network packets", Assert.Single(Decode(Convert.FromHexString(file), understood: false)).GetProperty("error").GetString(), StringComparison.Ordinal);

    [Fact]
    public void A_file_of_another_kind_is_told_in_one_line() =>
        Assert.StartsWith("A message cannot have", Assert.Single(Decode([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, (byte)'\n', 1], understood: false)).GetProperty("error").GetString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(10)]
    [InlineData(32)]
    [InlineData(60)]
    public void A_stream_broken_into_lines_is_put_together_again(int width)
    {
        byte[] stream = [.. Some.ReportFrame(1), .. ReaderMessages.Keepalive(2), .. Some.ReportFrame(3), .. Some.DamagedFrame(), .. Some.ReportFrame(4)];
        string lines = string.Join('\n', Convert.ToHexStringLower(stream).Chunk(width).Select(static c => new string(c)));
        Assert.Equal(
            ["RO_ACCESS_REPORT 7", "KEEPALIVE 2", "RO_ACCESS_REPORT 7", "RO_ACCESS_REPORT 1", "RO_ACCESS_REPORT 7"],
            Decode(Encoding.ASCII.GetBytes(lines), understood: false).Select(static l => $"{Type(l)} {l.GetProperty("messageId").GetInt32()}"));
    }

    [Fact]
    public void A_cut_frame_takes_nothing_of_the_frame_in_the_next_line()
    {
        JsonElement[] lines = Decode(Encoding.ASCII.GetBytes($"{Keepalive[..14]}\n{Keepalive}\n# said twice\n{Keepalive}00\n{Keepalive[..16]}"), understood: false);
        Assert.Equal([(1, 0, false), (2, 0, true), (4, 0, true), (4, 10, false), (5, 0, false)], lines.Select(static l =>
            (l.GetProperty("line").GetInt32(), l.TryGetProperty("offset", out JsonElement at) ? at.GetInt32() : 0, !l.TryGetProperty("error", out _))));
    }

    [Theory]
    [InlineData("0x04, 0x3E, 0x00, 0x00, 0x00, 0x0A, 0x00, 0x00, 0x00, 0x4A,")]
    [InlineData(@"\x04\x3e\x00\x00\x00\x0a\x00\x00\x00\x4a")]
    public void Bytes_of_a_program_are_hexadecimal_too(string text) => Assert.Equal("KEEPALIVE", Type(Assert.Single(Decode(Encoding.ASCII.GetBytes(text), understood: true))));

    [Theory]
    [InlineData("011F000800000000", "LLRPStatus")]
    [InlineData("86CE", "PeakRSSI")]
    [InlineData("00F000168D3034257BF7194E4000001A8586CE810001", "TagReportData")]
    public void Parameters_without_a_message_are_described(string hex, string name)
    {
        JsonElement line = Assert.Single(Decode(Encoding.ASCII.GetBytes(hex), understood: true));
        Assert.Equal(name, Assert.Single(line.GetProperty("decode").EnumerateObject()).Name);
    }

    [Fact]
    public void A_code_longer_than_a_tags_memory_is_legal_and_only_the_gate_leaves_it_out()
    {
        // The second of three tags has 512 bits.
        byte[] frame = Convert.FromHexString("043D000000790000000100F000118D3034257BF7194E4000001A8500F0004A00F100460200" + new string('5', 128)
            + "00F000168D3034257BF7194E4000001A8681000186CE");
        frame[5] = (byte)frame.Length;
        JsonElement[] tags = [.. Assert.Single(Decode(frame, understood: true)).GetProperty("tags").EnumerateArray()];
        Assert.Equal([96, 512, 96], tags.Select(static t => t.GetProperty("epcBits").GetInt32()));
        Assert.Equal(new string('5', 128), tags[1].GetProperty("epc").GetString());

        var reports = new TagReportBuffer();
        Assert.True(TagReportDecoder.TryDecode(frame, reports));
        Assert.Equal(["3034257BF7194E4000001A85", "3034257BF7194E4000001A86"], reports.Reports.ToArray().Select(static r => r.Epc.ToHex()));
    }

    [Theory]
    [InlineData("00F00007810001", "Tag report 1 of this message has no EPC")]
    [InlineData("00F0001E8D3034257BF7194E4000001A858D3034257BF7194E4000001A85", "Tag report 1 of this message has 2 EPCs")]
    [InlineData("00F000118D3034257BF7194E4000001A8500F000178D3034257BF7194E4000001A85810001810002", "Tag report 2 of this message names 2 antennas, 1 and 2")]
    public void Why_a_report_is_thrown_away_is_said(string reports, string error)
    {
        byte[] frame = Convert.FromHexString("043D0000000000000001" + reports);
        frame[5] = (byte)frame.Length;
        Assert.StartsWith(error, Assert.Single(Decode(frame, understood: false)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0437000000330000000100D300290000000100F1001200603034257BF7194E4000001A850155000F000100000000C000000002", "ClientRequestResponse")]
    [InlineData("083F000000260000000100F6001C0080000C00000000000000010164000C0000000100000002", "SpecLoopEvent")]
    public void Parameters_of_operations_and_loops_have_names_and_are_written_again(string hex, string name)
    {
        byte[] frame = Convert.FromHexString(hex);
        frame[5] = (byte)frame.Length;
        Assert.Contains(name, Assert.Single(Decode(frame, understood: true)).GetProperty("decode").GetRawText(), StringComparison.Ordinal);
        Assert.True(LlrpDescriber.TryDescribe(frame, out LlrpMessage message, out _));
        Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(LlrpEncoder.Encode(message)));
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
