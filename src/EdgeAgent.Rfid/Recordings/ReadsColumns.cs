using System.Globalization;

namespace EdgeAgent.Rfid.Recordings;

/// <summary>
/// Which column of a file that others wrote holds what, told by its name: capitals, blanks and signs do not matter. Of several that would do, the one
/// that says most is taken: the last time a tag was seen before the first, a code in hexadecimal before one in another form.
/// </summary>
internal sealed record ReadsColumns(int Time, int Date, int Epc, int Antenna, int Rssi, int Count, double? SecondsPerUnit, double RssiScale)
{
    public const int None = -1;

    // Best first. Names as they stand in files of Impinj, Zebra, Alien, ThingMagic and CAEN tools and of published data sets.
    private static readonly string[] s_times =
    [
        "at", "lastseentimestamputc", "lastseentimeutc", "lastseenutc", "lastseentimestamp", "lastseentime", "lastseen", "lasttime", "last", "timestamp", "readertimestamp", "tagreadtime",
        "readtime", "datetime", "time", "ts", "utc", "timestamputc", "epoch", "unixtime", "seen", "lastseenuptime", "discovertime", "firstseentimestamputc", "firstseentimeutc",
        "firstseenutc", "firstseentimestamp", "firstseentime", "firstseen", "firsttime", "firstseenuptime",
    ];

    private static readonly string[] s_dates = ["date", "day"];
    private static readonly string[] s_epcs = ["epchex", "idhex", "epc", "epccode", "epcid", "tagepc", "epc96", "epcdata", "tagid", "tag", "id", "uid"];

    private static readonly string[] s_antennas =
    [
        "antenna", "antennaid", "antennaport", "antennanumber", "antennano", "antennaindex", "antid", "antno", "ant", "port", "antennaname", "readpoint", "zone", "location",
    ];

    private static readonly string[] s_strengths =
    [
        "rssidbm", "peakrssidbm", "peakrssicdbm", "rssicdbm", "rssi", "peakrssi", "peakrssiindbm", "rssiindbm", "rssiraw", "rss", "rssdbm", "lastrssi", "maxrssi", "avgrssi", "meanrssi", "signalstrength", "signal",
        "strength",
    ];

    private static readonly string[] s_counts = ["seencount", "tagseencount", "readcount", "count", "reads"];

    private static readonly Dictionary<string, double> s_units = new()
    {
        ["s"] = 1, ["sec"] = 1, ["secs"] = 1, ["second"] = 1, ["seconds"] = 1,
        ["ms"] = 1e-3, ["msec"] = 1e-3, ["millis"] = 1e-3, ["milliseconds"] = 1e-3,
        ["us"] = 1e-6, ["µs"] = 1e-6, ["usec"] = 1e-6, ["micros"] = 1e-6, ["microseconds"] = 1e-6,
        ["ns"] = 1e-9, ["nanos"] = 1e-9, ["nanoseconds"] = 1e-9,
    };

    /// <summary>Two of the names are known and none begins with a digit: the line is one of column names.</summary>
    public static bool IsHeader(IReadOnlyList<string> names) => names.Count(IsKnown) >= 2 && names.All(static n => n.Length == 0 || !char.IsAsciiDigit(n[0]));

    /// <summary>Finds them; what is missing is <see cref="None"/>.</summary>
    public static ReadsColumns Of(IReadOnlyList<string> names)
    {
        int time = Best(names, s_times);
        int rssi = Best(names, s_strengths);
        return new ReadsColumns(
            time, Best(names, s_dates), Best(names, s_epcs), Best(names, s_antennas), rssi, Best(names, s_counts), time == None ? null : UnitOf(names[time]).Seconds,
            rssi != None && Plain(names[rssi]).Contains("cdbm", StringComparison.Ordinal) ? 0.01 : 1);
    }

    private static int Best(IReadOnlyList<string> names, string[] known)
    {
        (int best, int rank) = (None, int.MaxValue);
        for (int i = 0; i < names.Count; i++)
        {
            int at = Array.IndexOf(known, known == s_times ? UnitOf(names[i]).Name : Plain(names[i]));
            if (at >= 0 && at < rank)
            {
                (best, rank) = (i, at);
            }
        }
        return best;
    }

    private static bool IsKnown(string name) =>
        s_times.Contains(UnitOf(name).Name) || new[] { s_dates, s_epcs, s_antennas, s_strengths, s_counts }.Any(k => k.Contains(Plain(name)));

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLower(CultureInfo.InvariantCulture);

    /// <summary>The name without the unit of time at its end: <c>time_ms</c>, <c>Time (s)</c>, <c>lastSeenUtcUs</c>.</summary>
    private static (string Name, double? Seconds) UnitOf(string name)
    {
        List<string> words = [""];
        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsLetterOrDigit(name[i]))
            {
                words.Add("");
                continue;
            }
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]))
            {
                words.Add("");
            }
            words[^1] += char.ToLower(name[i], CultureInfo.InvariantCulture);
        }
        words.RemoveAll(static w => w.Length == 0);
        return words.Count > 1 && s_units.TryGetValue(words[^1], out double seconds) ? (string.Concat(words[..^1]), seconds) : (string.Concat(words), null);
    }
}
