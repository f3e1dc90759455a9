using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Ordinary values where a test does not care.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Morning = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    public static Epc Epc(int number = 1) => Epcs.Sgtin96.Encode("09506000134352", 11, 1, (ulong)number);

    public static ReaderConfig Reader(string source) => new("gate-1", source, [new AntennaConfig(1), new AntennaConfig(2)]);

    public static ReaderConfig Reader(int port) => Reader($"llrp://127.0.0.1:{port}");

    public static ulong Micros(DateTimeOffset time) =>
        (ulong)((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <summary>A report as the gate's ROSpec asks for.</summary>
    public static TagReport Report(int number = 1, ushort antenna = 1, DateTimeOffset? lastSeen = null) => new()
    {
        Epc = Epc(number),
        Antenna = antenna,
        PeakRssiDbm = -50,
        LastSeenUtcUs = Micros(lastSeen ?? Morning),
        SeenCount = 1,
        Known = TagFields.Epc | TagFields.Antenna | TagFields.PeakRssi | TagFields.LastSeenUtc | TagFields.SeenCount,
    };

    public static byte[] ReportFrame(params ReadOnlySpan<TagReport> reports) => ReaderMessages.RoAccessReport(7, reports);

    public static byte[] ReportFrame(int number) => ReportFrame(Report(number));

    /// <summary>A report of a TV parameter that no standard names: it cannot be skipped, so the message is lost.</summary>
    public static byte[] DamagedFrame() => Convert.FromHexString("043D000000180000000100F0000EFF3034257BF7194E4000");

    public static FillRandom NoJitter { get; } = static bytes => bytes.Clear();
}
