using System.Globalization;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Rfid.Recordings;

/// <summary>A file of reads in the agent's own form: said is only what is not as its words say.</summary>
internal static class OwnReads
{
    /// <summary>For a person; null when the strengths are in dBm and every antenna is one of the configuration.</summary>
    public static string? Note(string path, ReaderConfig config)
    {
        var scale = new RssiScale();
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        var unknown = new SortedSet<int>();
        bool isEmpty = true;
        foreach (RecordingLine line in RecordingLine.ReadAll(path))
        {
            isEmpty = false;
            if (!line.IsPin)
            {
                Core.TagRead read = line.ToTagRead(default);
                scale.Take(read.RssiDbm);
                (least, most) = (MathF.Min(least, read.RssiDbm), MathF.Max(most, read.RssiDbm));
                if (config.Antennas.All(a => a.Id != read.Antenna))
                {
                    unknown.Add(read.Antenna);
                }
            }
        }
        string[] said =
        [
            .. isEmpty ? new[] { "holds no read" } : [],
            .. scale.IsDbm ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"strength is 'rssiDbm', {least:0.###} to {most:0.###}, taken as {scale.Unit}") },
            .. unknown.Count == 0 ? [] : new[] { ForeignReads.UnknownAntennas(unknown, config) },
        ];
        return said.Length == 0 ? null : $"{path}: {string.Join("; ", said)}.";
    }
}
