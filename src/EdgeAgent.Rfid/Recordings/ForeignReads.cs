using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Rfid.Recordings;

/// <summary>
/// The reads of a file that others wrote, as a table or JSON, in order of time. It is read whole: such files often go tag by tag or antenna by antenna.
/// What each column was taken for is said in <see cref="Note"/>.
/// </summary>
internal sealed partial class ForeignReads
{
    private const int MostReads = 2_000_000;

    private readonly string _path;
    private readonly ReaderConfig _config;
    private readonly IReadOnlyList<string> _names;
    private readonly ReadsColumns _columns;
    private readonly ReadTimes _times;
    private readonly bool _isTable;
    private readonly bool _decimalComma;
    private readonly List<(long Ticks, TagRead Read)> _reads = [];
    private int _unordered;
    private int _incomplete;
    private int _firstIncomplete;
    private bool _combined;

    private ForeignReads(string path, ReaderConfig config)
    {
        (_path, _config) = (path, config);
        _isTable = !StartsAsJson(path);
        IEnumerable<(int Line, IReadOnlyList<string> Values)> rows;
        if (_isTable)
        {
            (_names, int headerLine, char separator) = TableFile.Head(path);
            _decimalComma = separator != ',';
            rows = TableFile.Rows(path, headerLine, separator);
        }
        else
        {
            _names = JsonRows.Names(path);
            rows = JsonRows.Rows(path, _names);
        }
        _columns = ReadsColumns.Of(_names);
        NeedColumns();
        _times = new ReadTimes(_columns.SecondsPerUnit);
        long before = long.MinValue;
        foreach ((int line, IReadOnlyList<string> values) in rows)
        {
            if (Take(line, values) is long ticks)
            {
                _unordered += ticks < before ? 1 : 0;
                before = ticks;
            }
        }
        if (_reads.Count == 0)
        {
            throw new RecordingException(_incomplete == 0 ? $"{path} holds no read." : $"{path} holds no read: {LeftOut()}.");
        }
        if (_unordered > 0)
        {
            // Stable: reads of one time stay in the order of the file.
            List<(long, TagRead)> sorted = [.. _reads.OrderBy(static r => r.Ticks)];
            _reads = sorted;
        }
        CheckLength(First);
    }

    /// <summary>Ticks of 100 ns of the first read, since 1970 or wherever the file counts from.</summary>
    public long First => _reads[0].Ticks;

    public RecordingNote Note => new(Summary(), First, _times.AreDates) { Reads = this };

    /// <exception cref="RecordingException">A column is missing, or a value is none.</exception>
    public static ForeignReads Open(string path, ReaderConfig config) => new(path, config);

    /// <summary>The file is not in the agent's own form, whose first line is an object with atMs and what that form has beside it.</summary>
    public static bool IsForeign(string path) =>
        RecordingLine.Lines(path).FirstOrDefault(static l => !string.IsNullOrWhiteSpace(l)) is { } first && !IsOwn(first);

    /// <param name="zero">The time of the replay's start, in ticks as <see cref="First"/>.</param>
    public IEnumerable<(TimeSpan At, TagRead Read)> From(long zero)
    {
        CheckLength(zero);
        return _reads.Select(r => (TimeSpan.FromTicks(r.Ticks - zero), r.Read));
    }

    private void CheckLength(long zero)
    {
        TimeSpan lasts = TimeSpan.FromTicks(_reads[^1].Ticks - zero);
        if (lasts.TotalMilliseconds > RecordingLine.MaxAtMs)
        {
            throw new RecordingException(string.Create(
                CultureInfo.InvariantCulture, $"{_path} lasts {lasts.TotalDays:0} days; a replay lasts {RecordingLine.MaxAtMs / 86_400_000} at most. Look at the times, or cut the file."));
        }
    }

    /// <summary>For a person: what was read and what each column was taken for.</summary>
    private string Summary()
    {
        var scale = new RssiScale();
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach ((_, TagRead read) in _reads)
        {
            scale.Take(read.RssiDbm);
            (least, most) = (MathF.Min(least, read.RssiDbm), MathF.Max(most, read.RssiDbm));
        }
        int[] antennas = [.. _reads.Select(static r => (int)r.Read.Antenna).Distinct().Order()];
        string[] unused = [.. _names.Where((n, i) => n.Length > 0 && !Used(i))];
        var said = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{_path}: {_reads.Count} reads of {_reads.Select(static r => r.Read.Epc).Distinct().Count()} tags by antennas {string.Join(", ", antennas)} in {(_reads[^1].Ticks - _reads[0].Ticks) / (double)TimeSpan.TicksPerSecond:0.###} s"),
            $"time is '{_names[_columns.Time]}'{(_combined ? $" with '{_names[_columns.Date]}'" : "")}, {_times.Form}; tag is '{_names[_columns.Epc]}'",
            _columns.Antenna == ReadsColumns.None ? $"antenna is {_config.Antennas[0].Id}, the only one of reader {_config.Id}" : $"antenna is '{_names[_columns.Antenna]}'",
            string.Create(CultureInfo.InvariantCulture, $"strength is '{_names[_columns.Rssi]}', {least:0.###} to {most:0.###}, taken as {scale.Unit}"),
        };
        if (_columns.Count != ReadsColumns.None)
        {
            said.Add($"times seen is '{_names[_columns.Count]}'");
        }
        if (unused.Length > 0)
        {
            said.Add("not used: " + string.Join(", ", unused));
        }
        if (_unordered > 0)
        {
            said.Add($"{_unordered} times go back from the line before: all reads were put in order of time");
        }
        if (_incomplete > 0)
        {
            said.Add(LeftOut());
        }
        int[] unknown = [.. antennas.Where(a => _config.Antennas.All(c => c.Id != a))];
        if (unknown.Length > 0)
        {
            said.Add(UnknownAntennas(unknown, _config));
        }
        return string.Join("; ", said) + ".";
    }

    public static string UnknownAntennas(IEnumerable<int> unknown, ReaderConfig config) =>
        $"antenna {string.Join(", ", unknown)} is not among those of reader {config.Id} in config.json ({string.Join(", ", config.Antennas.Select(static a => a.Id))}): its reads are not used";

    private bool Used(int column) =>
        column == _columns.Time || column == _columns.Epc || column == _columns.Antenna || column == _columns.Rssi || column == _columns.Count || (_combined && column == _columns.Date);

    /// <summary>An object with atMs, unless another field than rssiDbm says how strong it was. What is no JSON but begins like it is told as a line of that form.</summary>
    private static bool IsOwn(string line)
    {
        if (!line.TrimStart().StartsWith('{') || line.Trim() == "{")
        {
            return false;
        }
        try
        {
            JsonElement json = JsonElement.Parse(line);
            ReadsColumns columns = ReadsColumns.Of([.. json.EnumerateObject().Select(static f => f.Name)]);
            return json.TryGetProperty("atMs", out _)
                && (json.TryGetProperty("rssiDbm", out _) || columns.Epc == ReadsColumns.None || columns.Rssi == ReadsColumns.None);
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static bool StartsAsJson(string path) =>
        RecordingLine.Lines(path).Select(static l => l.TrimStart()).FirstOrDefault(static l => l.Length > 0) is { } first && first[0] is '{' or '[';

    private void NeedColumns()
    {
        Need(_columns.Time, "the time", "time");
        Need(_columns.Epc, "the tag's code", "epc");
        Need(_columns.Rssi, "the strength", "rssi");
        if (_config.Antennas.Count != 1)
        {
            Need(_columns.Antenna, "the antenna", "antenna");
        }
    }

    private void Need(int column, string what, string name)
    {
        if (column == ReadsColumns.None)
        {
            throw new RecordingException($"{_path} has no {(_isTable ? "column" : "field")} for {what} among {string.Join(", ", _names.Where(static n => n.Length > 0).Take(20))}; name one of them '{name}'.");
        }
    }

    private long? Take(int line, IReadOnlyList<string> values)
    {
        if (values.Count > _names.Count && values.Skip(_names.Count).Any(static v => v.Length > 0))
        {
            throw new RecordingException($"{_path} line {line} has {values.Count} values, but {_names.Count} columns are named; look at the sign between the values.");
        }
        string time = Value(values, _columns.Time);
        string epc = Value(values, _columns.Epc);
        string rssi = Value(values, _columns.Rssi);
        string antenna = _columns.Antenna == ReadsColumns.None ? "" : Value(values, _columns.Antenna);
        if (time.Length == 0 || epc.Length == 0 || rssi.Length == 0 || (antenna.Length == 0 && _columns.Antenna != ReadsColumns.None))
        {
            _firstIncomplete = _incomplete++ == 0 ? line : _firstIncomplete;
            return null;
        }
        if (_reads.Count == MostReads)
        {
            throw new RecordingException($"{_path} line {line}: there are more than {MostReads} reads; cut the file, or write it in the agent's own form, which is not held in memory.");
        }
        long ticks = TimeOf(line, time, values);
        ushort number = antenna.Length == 0 ? (ushort)_config.Antennas[0].Id : AntennaOf(line, antenna);
        string count = _columns.Count == ReadsColumns.None ? "" : Value(values, _columns.Count);
        ushort seen = count.Length == 0 ? (ushort)1 : ushort.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out ushort n) && n > 0 ? n
            : throw Bad(line, _columns.Count, count, "is not a whole number from 1 to 65535");
        _reads.Add((ticks, new TagRead(EpcOf(line, epc), number, RssiOf(line, rssi), seen, default)));
        return ticks;
    }

    private long TimeOf(int line, string time, IReadOnlyList<string> values)
    {
        if (_columns.Date != ReadsColumns.None && _columns.Date != _columns.Time && !time.Contains('-', StringComparison.Ordinal) && time.Contains(':', StringComparison.Ordinal)
            && !time.Contains('/', StringComparison.Ordinal) && Value(values, _columns.Date) is { Length: > 0 } date)
        {
            (time, _combined) = ($"{date} {time}", true);
        }
        return _times.TryRead(time, _decimalComma, out long ticks, out string wrong) ? ticks : throw Bad(line, _columns.Time, time, wrong);
    }

    private Epc EpcOf(int line, string text)
    {
        string hex = string.Concat((text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text).Where(static c => c is not (' ' or '-' or ':' or '_')));
        if (Epc.TryParse(hex, out Epc epc) && hex.Length > 0)
        {
            return epc;
        }
        throw Bad(line, _columns.Epc, text, Mangled().IsMatch(text)
            ? "is a code that a spreadsheet took for a number and rounded; export the column as text"
            : $"is not hexadecimal with an even number of 2 to {Epc.MaxBits / 4} digits");
    }

    /// <summary>A number, a number behind a word (<c>Antenna 2</c>), or the zone of the only antenna that looks there (<c>inside</c>).</summary>
    private ushort AntennaOf(int line, string text)
    {
        Match number = Numbered().Match(text);
        if (number.Success && ushort.TryParse(number.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ushort antenna))
        {
            return antenna;
        }
        AntennaConfig[] there = Enum.TryParse(text.ToLowerInvariant() switch { "in" => "inside", "out" => "outside", var t => t }, ignoreCase: true, out AntennaZone zone)
            ? [.. _config.Antennas.Where(a => a.Zone == zone)] : [];
        return there.Length == 1 ? (ushort)there[0].Id
            : throw Bad(line, _columns.Antenna, text, "is neither the number of an antenna nor the zone of one (inside, gate, outside) of reader " + _config.Id);
    }

    private float RssiOf(int line, string text)
    {
        string number = text.EndsWith("dBm", StringComparison.OrdinalIgnoreCase) ? text[..^3].Trim() : text;
        number = _decimalComma ? number.Replace(',', '.') : number;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Math.Abs(value) <= RecordingLine.MaxRssi
            ? (float)(value * _columns.RssiScale)
            : throw Bad(line, _columns.Rssi, text, $"is not a number from -{RecordingLine.MaxRssi} to {RecordingLine.MaxRssi}");
    }

    /// <summary>Programs write a value that they do not have in words.</summary>
    private static string Value(IReadOnlyList<string> values, int column) =>
        column < values.Count && values[column] is var value && value is not ("NaN" or "nan" or "null" or "NULL" or "None" or "N/A" or "NA" or "-") ? value : "";

    private string LeftOut() => $"{_incomplete} {(_isTable ? "lines" : "entries")} lack a time, code, antenna or strength and were left out, the first is {_firstIncomplete}";

    private RecordingException Bad(int line, int column, string value, string what) =>
        new($"{_path} line {line}: the {(_isTable ? "column" : "field")} '{_names[column]}' with the value {RecordingLine.Short(value)} {what}.");

    [GeneratedRegex(@"^(?:[A-Za-z][A-Za-z _\-#.]*)?(\d+)(?:\.0+)?$")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\d([.,]\d+)?[eE]\+?\d+$")]
    private static partial Regex Mangled();
}
