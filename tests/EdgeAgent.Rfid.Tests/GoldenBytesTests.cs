using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Messages against bytes that other implementations wrote or real readers sent.</summary>
public class GoldenBytesTests
{
    [Fact]
    public void A_keepalive_is_answered_with_its_own_id()
    {
        Assert.Equal("043E0000000A00000000", Hex(ReaderMessages.Keepalive(0)));
        Assert.Equal("04480000000A00000000", Hex(GateRequests.KeepaliveAck(0)));
        Assert.Equal("04480000000A0000004A", Hex(GateRequests.KeepaliveAck(0x4A)));
    }

    [Fact]
    public void Impinj_extensions_are_enabled_as_sllurp_does() =>
        Assert.Equal("07FF00000013000000010000651A1500000000", Hex(GateRequests.ImpinjEnableExtensions(1)));

    [Fact]
    public void A_connection_event_is_what_an_R420_sent() =>
        Assert.Equal("043F000000203AFB30A700F600160080000C00058880119F8EAD010000060000",
            Hex(ReaderMessages.ConnectionAttemptEvent(0x3AFB30A7, 1557458516414125, ConnectionAttempt.Success)));

    [Fact]
    public void A_tag_report_is_what_sllurp_recorded()
    {
        Assert.True(Core.Epc.TryParse("3005FB63AC1F3841EC880467", out Core.Epc epc));
        var report = new TagReport
        {
            Epc = epc,
            Antenna = 1,
            PeakRssiDbm = -50,
            FirstSeenUtcUs = 0x0004EC2EA8354C09,
            SeenCount = 1,
            Known = TagFields.Antenna | TagFields.PeakRssi | TagFields.FirstSeenUtc | TagFields.SeenCount,
        };
        Assert.Equal("043D0000002C4095892F00F000228D3005FB63AC1F3841EC88046781000186CE820004EC2EA8354C09880001",
            Hex(ReaderMessages.RoAccessReport(0x4095892F, [report])));
    }

    [Fact]
    public void A_plain_answer_is_a_status_of_zero() =>
        Assert.Equal("041E0000001200000067011F000800000000", Hex(ReaderMessages.Response(MessageType.AddRoSpecResponse, 103)));

    [SharedFact]
    public void A_ROSpec_is_what_the_LLRP_toolkit_writes()
    {
        var spec = new GateRoSpec(1000, [1, 2], Session: 2, TagPopulation: 32, Power: 61, HopTableId: 1, ChannelIndex: 0,
            Receiver: 1, RfMode: 2, ReportContents: 0x1700);
        Assert.Equal(Hex(SharedVectors.Frame("ADD_ROSPEC2.bin#0")), Hex(GateRequests.AddRoSpec(3, spec)));
    }

    [SharedFact]
    public void Requests_with_one_number_or_none_are_what_others_send()
    {
        Assert.Equal(Hex(SharedVectors.Frame("edgexcli_std#3")), Hex(GateRequests.DeleteAccessSpec(1)));
        Assert.Equal(Hex(SharedVectors.Frame("llrpjs_std#1")), Hex(GateRequests.DeleteRoSpec(101)));
        Assert.Equal(Hex(SharedVectors.Frame("llrpjs_std#7")), Hex(GateRequests.EnableRoSpec(104, 123)));
        Assert.Equal(Hex(SharedVectors.Frame("llrpjs_std#9")), Hex(GateRequests.StartRoSpec(105, 123)));
        Assert.Equal(Hex(SharedVectors.Frame("llrp-rs/enable_events_and_reports")), Hex(GateRequests.EnableEventsAndReports(8)));
        Assert.Equal(Hex(SharedVectors.Frame("llrp-rs/close_connection")), Hex(GateRequests.CloseConnection(0x23)));
        Assert.Equal(Hex(SharedVectors.Frame("llrp-rs/get_reader_capabilities")), Hex(GateRequests.GetReaderCapabilities(0)));
    }

    [Fact]
    public void Reader_settings_are_events_a_keepalive_and_the_hold()
    {
        // The blocks 00F4, 00DC and 00E2 as in the toolkit's SET_READER_CONFIG; which events are on is the gate's choice.
        string hex = Hex(GateRequests.SetReaderConfig(3, TimeSpan.FromSeconds(5), holdReports: true));
        Assert.Equal(
            "0403000000" + "5C" + "0000000300" + "00F40043"
            + "00F5000700000000F5000700018000F5000700028000F5000700038000F5000700048000F5000700050000F5000700060000F5000700070000F50007000880"
            + "00DC00090100001388" + "00E2000580", hex);
    }

    [SharedFact]
    public void A_refusal_says_which_field()
    {
        Assert.True(LlrpStatus.TryFind(SharedVectors.Frame("llrp-rs/delete_access_spec_result_error").AsSpan(LlrpHeader.Size), out LlrpStatus status));
        Assert.Equal(StatusCode.FieldError, status.Code);
        Assert.Equal(1, status.Field);
        Assert.Equal(StatusCode.Invalid, status.Cause);
        Assert.Equal("FieldError, field 1: Invalid (\"LLRP [409] : //AccessSpecID : invalid\")", status.ToString());
    }

    [SharedFact]
    public void An_R420_says_what_it_can_do()
    {
        Assert.True(ReaderCapabilities.TryRead(
            SharedVectors.Frame("edgex/GetReaderCapabilitiesResponse-000.bytes").AsSpan(LlrpHeader.Size), out ReaderCapabilities? reader));
        Assert.Equal((4, true, 25882u, 2001002u, "5.14.0.240"),
            (reader!.AntennaCount, reader.HasUtcClock, reader.Manufacturer, reader.Model, reader.Firmware));
        Assert.Equal(81, reader.PowerTable.Count);
        Assert.Equal(1, reader.HopTableId);
        Assert.True(reader.CanHoldReports);
        Assert.Equal(new PowerLevel(69, 2700), reader.PowerFor(27));
    }

    [Theory]
    [InlineData(27.0, 8)] // exact
    [InlineData(29.9, 8)] // the strongest below
    [InlineData(5.0, 3)] // all above: the weakest
    [InlineData(99.0, 20)]
    public void Power_is_looked_up_in_a_table_with_gaps_and_no_order(double dbm, int index)
    {
        var reader = new ReaderCapabilities(4, true, 161, 96008, "3.32", true, 0, [new(20, 3000), new(3, 1000), new(8, 2700)]);
        Assert.Equal(index, reader.PowerFor(dbm)!.Value.Index);
    }

    [Fact]
    public void A_broken_light_beam_is_a_GPI_event()
    {
        byte[] frame = Convert.FromHexString("043F000000210000000000F600170080000C00042B1928B8F70600F80007000180");
        Assert.True(ReaderNotification.TryRead(frame.AsSpan(LlrpHeader.Size), out ReaderNotification notification));
        Assert.Equal(NotificationKinds.Gpi | NotificationKinds.UtcTime, notification.Kinds);
        Assert.Equal((1, true), (notification.GpiPort, notification.GpiHigh));
    }

    [Theory]
    [InlineData("00FB0004", NotificationKinds.BufferOverflow)]
    [InlineData("00FA00055A", NotificationKinds.BufferWarning)]
    [InlineData("00FC00080002686F", NotificationKinds.Exception)]
    [InlineData("00FF0007000003", NotificationKinds.Antenna)]
    [InlineData("00F9000D000000000100000000", NotificationKinds.RoSpec)]
    public void Events_of_the_reader_are_told_apart(string parameter, object kind)
    {
        byte[] inner = Convert.FromHexString(parameter);
        byte[] body = [0x00, 0xF6, 0x00, (byte)(inner.Length + 4), .. inner];
        Assert.True(ReaderNotification.TryRead(body, out ReaderNotification notification));
        Assert.Equal((NotificationKinds)kind, notification.Kinds);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
