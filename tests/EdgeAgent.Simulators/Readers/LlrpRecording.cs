using System.Globalization;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Readers;

/// <summary>Writes what a reader would have sent, as an <c>llrp:</c> recording. The same sightings give the same file, byte for byte.</summary>
public static class LlrpRecording
{
    private static readonly TimeSpan s_keepalivePeriod = TimeSpan.FromSeconds(10);

    /// <summary>A connection event, keepalives every 10 s, and a report for each instant at which tags were seen.</summary>
    /// <param name="readerStart">What the reader's own clock shows at atMs 0; need not be the agent's time.</param>
    public static void Write(string path, IEnumerable<ReaderSighting> sightings, DateTimeOffset readerStart)
    {
        using var file = new StreamWriter(path) { NewLine = "\n" };
        uint id = 0;
        WriteLine(file, 0, ReaderMessages.ConnectionAttemptEvent(++id, ReaderSighting.Micros(readerStart), ConnectionAttempt.Success));
        TimeSpan nextKeepalive = s_keepalivePeriod;
        foreach (IGrouping<long, ReaderSighting> instant in sightings.GroupBy(static s => (long)s.At.TotalMilliseconds).OrderBy(static g => g.Key))
        {
            for (; nextKeepalive.TotalMilliseconds <= instant.Key; nextKeepalive += s_keepalivePeriod)
            {
                WriteLine(file, (long)nextKeepalive.TotalMilliseconds, ReaderMessages.Keepalive(++id));
            }
            TagReport[] reports = [.. instant.Select(s => s.ToReport(readerStart + s.At))];
            WriteLine(file, instant.Key, ReaderMessages.RoAccessReport(++id, reports));
        }
    }

    private static void WriteLine(StreamWriter file, long atMs, byte[] frame) =>
        file.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"atMs":{{atMs}},"hex":"{{Convert.ToHexStringLower(frame)}}"}"""));
}
