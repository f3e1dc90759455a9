using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class LastTagValuesTests
{
    private readonly ReaderTraffic _traffic = new(new ReaderCounters());

    [Fact]
    public void A_value_left_out_is_the_last_one_of_its_kind()
    {
        Read(Some.Report(1, antenna: 2));
        TagRead read = Read(OnlyEpc(5));

        Assert.Equal((Some.Epc(5), (ushort)2, -50f, (ushort)1), (read.Epc, read.Antenna, read.RssiDbm, read.SeenCount));
    }

    [Fact]
    public void A_value_left_out_within_one_message_is_the_one_of_the_tag_before()
    {
        _traffic.Take(Some.ReportFrame(Some.Report(1, antenna: 1), Some.Report(2, antenna: 2), OnlyEpc(3)), Some.Morning);
        Assert.Equal([1, 2, 2], _traffic.TakeReads(Some.Morning).Select(static r => (int)r.Antenna));
    }

    [Fact]
    public void A_new_connection_starts_without_memory()
    {
        Read(Some.Report(1, antenna: 2));
        _traffic.Connected();
        Assert.Equal(0, Read(OnlyEpc(5)).Antenna);
    }

    [Fact]
    public void After_a_lost_message_nothing_is_assumed()
    {
        Read(Some.Report(1, antenna: 2));
        Assert.Equal(FrameMeaning.Damaged, _traffic.Take(Some.DamagedFrame(), Some.Morning));
        Assert.Equal(0, Read(OnlyEpc(5)).Antenna);
    }

    private static TagReport OnlyEpc(int number) => new() { Epc = Some.Epc(number), Known = TagFields.Epc };

    private TagRead Read(TagReport report)
    {
        Assert.Equal(FrameMeaning.Reads, _traffic.Take(Some.ReportFrame(report), Some.Morning));
        return Assert.Single(_traffic.TakeReads(Some.Morning));
    }
}
