using System.Globalization;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// Writes what one reader of a scene gives as a recording for a replay. The same scene and seed give the same bytes. Of the wire's faults a
/// recording has those that show in the messages: clock jumps and doubled antennas; it has no connection that could break.
/// </summary>
public static class SceneRecording
{
    private static readonly TimeSpan s_keepalivePeriod = TimeSpan.FromSeconds(10);

    /// <summary>Where the reader's own clock stands at the start of the scene, before its error.</summary>
    private static readonly DateTimeOffset s_readerStart = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>An <c>llrp:</c> recording: the connection event, reports and photo-eye events as the wire settings say, keepalives every 10 s.</summary>
    public static void WriteLlrp(string path, GateScene scene, string reader, ulong? seed = null)
    {
        using var file = new StreamWriter(path) { NewLine = "\n" };
        var encoder = new WireEncoder(scene.Wire ?? new SceneWire(), reader, static at => s_readerStart + at);
        uint id = 0;
        Line(file, TimeSpan.Zero, encoder.ConnectionAttempt(++id, TimeSpan.Zero, ConnectionAttempt.Success));
        TimeSpan keepalive = s_keepalivePeriod;
        foreach (WireBatch batch in WireReports.Of(scene, reader, seed))
        {
            for (; keepalive <= batch.At; keepalive += s_keepalivePeriod)
            {
                Line(file, keepalive, ReaderMessages.Keepalive(++id));
            }
            Line(file, batch.At, batch.Edge is EyeEdge edge ? encoder.Gpi(++id, edge) : encoder.Report(++id, batch.Entries));
        }
    }

    /// <summary>A <c>reads:</c> recording: every read on a line. It has no photo-eyes; a <c>reads:</c> file cannot say them.</summary>
    public static void WriteReads(string path, GateScene scene, string reader, ulong? seed = null)
    {
        using var file = new StreamWriter(path) { NewLine = "\n" };
        foreach (SimulatedRead read in new GateSimulation(scene, seed).Reads())
        {
            if (read.Reader == reader)
            {
                file.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"atMs":{{Ms(read.At)}},"epc":"{{read.Epc.ToHex()}}","antenna":{{read.Antenna}},"rssiDbm":{{read.RssiDbm:0.0}},"seenCount":{{read.SeenCount}}}"""));
            }
        }
    }

    private static void Line(StreamWriter file, TimeSpan at, byte[] frame) =>
        file.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"atMs":{{Ms(at)}},"hex":"{{Convert.ToHexStringLower(frame)}}"}"""));

    private static decimal Ms(TimeSpan at) => at.Ticks / (decimal)TimeSpan.TicksPerMillisecond;
}
