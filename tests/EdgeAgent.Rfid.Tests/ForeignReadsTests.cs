using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Recordings that other programs wrote, as <c>reads:</c> files: what is read from them, what is said about them, and what is refused.</summary>
public sealed class ForeignReadsTests : IDisposable
{
    private const string One = "3034257BF400000000000101";
    private const string Two = "3034257BF400000000000102";

    private static readonly ReaderConfig s_reader = Some.Reader("reads:x") with { Antennas = [new(1, AntennaZone.Inside), new(2, AntennaZone.Outside)] };

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    public static TheoryData<string, string> Files => new()
    {
        {
            "columns of MultiReader: names in a comment, semicolons, decimal commas, a zone of time",
            """
            // 06/01/2023 16:25:36
            // ReaderName=10.0.0.7, AntennaIDs=1,2, Session=1
            // Timestamp, EPC, TID, Antenna, RSSI, Frequency, Hostname, PhaseAngle, DopplerFrequency
            2023-01-06T17:01:31.2500000+01:00;3034257BF400000000000101;;1;-63,5;865,7;10.0.0.7;;
            2023-01-06T17:01:31.7500000+01:00;3034257BF400000000000102;;2;-60;865,7;10.0.0.7;;
            """
        },
        {
            "commas, microseconds since 1970, small letters",
            """
            timestamp,antenna,rssi,epc,phase_angle,channel_index
            1700000000250000,1,-63.5,3034257bf400000000000101,3200,14
            1700000000750000,2,-60,3034257bf400000000000102,2400,17
            """
        },
        {
            "tabs, a byte order mark, the unit of time in its name, words before the antenna, hundredths by name",
            "\uFEFFTime (s)\tTag ID\tAntenna Port\tPeakRssiCdbm\n12.250\t0x3034257BF400000000000101\tAnt 1\t-6350\n12.750\t0x3034257BF400000000000102\tAnt 2\t-6000\n"
        },
        {
            "date and time apart, zones for antennas, quotes, tag by tag and not in order of time",
            """
            Date,Time,EPC,Zone,RSSI
            2023-01-06,17:01:31.750,"3034 257B F400 0000 0000 0102",outside,-60 dBm
            2023-01-06,17:01:31.250,"3034 257B F400 0000 0000 0101",inside,-63.5 dBm
            """
        },
        {
            "blanks, fractions of nine digits, a line that was cut",
            """
            time epc antenna rssi
            2023-01-06T17:01:31.250000000Z 3034257BF400000000000101 1 -63.5
            2023-01-06T17:01:31.750000000Z 3034257BF400000000000102 2 -60
            2023-01-06T17:01:31.8
            """
        },
        {
            "objects in objects, a line about something else, the code in two forms",
            """
            {"timestamp":"2023-01-06T17:01:30.000Z","eventType":"inventoryStatus","inventoryStatusEvent":{"inventoryStatus":"running"}}
            {"timestamp":"2023-01-06T17:01:31.250Z","eventType":"tagInventory","tagInventoryEvent":{"epc":"MDQle_QAAAAAAAEB","epcHex":"3034257BF400000000000101","antennaPort":1,"peakRssiCdbm":-6350}}
            {"timestamp":"2023-01-06T17:01:31.750Z","eventType":"tagInventory","tagInventoryEvent":{"epc":"MDQle_QAAAAAAAEC","epcHex":"3034257BF400000000000102","antennaPort":2,"peakRssiCdbm":-6000}}
            """
        },
        {
            "one list over many lines",
            """
            [
              { "data": { "idHex": "3034257BF400000000000101", "antenna": 1, "peakRssi": -63.5 }, "timestamp": "2023-01-06T17:01:31.250+0100" },
              { "data": { "idHex": "3034257BF400000000000102", "antenna": 2, "peakRssi": -60 }, "timestamp": "2023-01-06T17:01:31.750+0100" }
            ]
            """
        },
        {
            "a list of tags in each object, as llrp decode writes it",
            """
            {"line":1,"type":61,"tags":[{"epc":"3034257bf400000000000101","antenna":1,"peakRssiDbm":-63.5,"lastSeenUtcUs":1700000000250000}]}
            {"line":2,"type":62}
            {"line":3,"type":61,"tags":[{"epc":"3034257bf400000000000102","antenna":2,"peakRssiDbm":-60,"lastSeenUtcUs":1700000000750000,"firstSeenUtcUs":5}]}
            """
        },
        {
            "the agent's own time and another's strength",
            """
            {"atMs":250,"epc":"3034257BF400000000000101","antenna":1,"rssi":-63.5}
            {"atMs":750,"epc":"3034257BF400000000000102","antenna":2,"rssi":-60}
            """
        },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_of_other_programs_hold_the_same_two_reads(string what, string text)
    {
        List<ShopInput> inputs = Play(text);

        Assert.True(inputs.Count == 2, what);
        Assert.Equal([new TagRead(Epc(One), 1, -63.5f, 1, Some.Morning)], ((ShopInput.TagsRead)inputs[0]).Reads);
        DateTimeOffset later = Some.Morning.AddMilliseconds(500);
        Assert.Equal((later, later), (inputs[1].At, ((ShopInput.TagsRead)inputs[1]).Reads[0].At));
        Assert.Equal([new TagRead(Epc(Two), 2, -60, 1, later)], ((ShopInput.TagsRead)inputs[1]).Reads);
    }

    [Fact]
    public void What_each_column_was_taken_for_is_said()
    {
        File.WriteAllText(_path, $"""
            First Seen,Last Seen,Tag ID,Read Count,Ant,RSSI,Phase
            2019/05/16 14:10:13,2019/05/16 14:10:14,{One},3,1,1820.5,7
            2019/05/16 14:10:13,2019/05/16 14:10:13,{Two},1,0,15200,7
            2019/05/16 14:10:13,2019/05/16 14:10:16,{Two},1,2,,7
            """);

        RecordingNote note = RecordedReader.Look(_path, s_reader)!;

        Assert.Equal(
            $"{_path}: 2 reads of 2 tags by antennas 0, 1 in 1 s; time is 'Last Seen', date and time; tag is 'Tag ID'; antenna is 'Ant'; strength is 'RSSI', 1820.5 to 15200, taken as a linear scale; "
            + "times seen is 'Read Count'; not used: First Seen, Phase; 1 times go back from the line before: all reads were put in order of time; "
            + "1 lines lack a time, code, antenna or strength and were left out, the first is 4; antenna 0 is not among those of reader gate-1 in config.json (1, 2): its reads are not used.",
            note.Sentence);
        Assert.True(note.IsDate);
        Assert.Equal(new TagRead(Epc(One), 1, 1820.5f, 3, Some.Morning.AddSeconds(1)), ((ShopInput.TagsRead)RecordedReader.Read(_path, s_reader, Some.Morning).Last()).Reads[0]);
    }

    [Fact]
    public void Of_the_agents_own_form_only_what_its_words_do_not_say_is_said()
    {
        string line = $$"""{"atMs":1,"epc":"{{One}}","antenna":1,"rssiDbm":-50}""";
        File.WriteAllText(_path, line);
        Assert.Null(RecordedReader.Look(_path, s_reader));

        File.WriteAllLines(_path, [line.Replace("-50", "140", StringComparison.Ordinal), line.Replace("-50", "90", StringComparison.Ordinal).Replace("\"antenna\":1", "\"antenna\":7", StringComparison.Ordinal)]);
        Assert.Equal(
            $"{_path}: strength is 'rssiDbm', 90 to 140, taken as a reader's own steps, more is stronger; antenna 7 is not among those of reader gate-1 in config.json (1, 2): its reads are not used.",
            RecordedReader.Look(_path, s_reader)!.Sentence);
    }

    [Fact]
    public void Two_files_that_were_recorded_side_by_side_keep_their_order()
    {
        File.WriteAllText(_path, $"time_ms,epc,rssi\n1700000000900,{One},-50\n");
        ReaderConfig single = s_reader with { Antennas = [new(2, AntennaZone.Outside)] };
        RecordingNote note = RecordedReader.Look(_path, single)!;

        ShopInput input = RecordedReader.Read(_path, single, Some.Morning, note.First - TimeSpan.FromMilliseconds(400).Ticks).Single();

        Assert.Contains("antenna is 2, the only one of reader gate-1", note.Sentence, StringComparison.Ordinal);
        Assert.Equal(Some.Morning.AddMilliseconds(400), input.At);
    }

    [Theory]
    [InlineData("1,2,3", "line 1 is neither JSON nor a line of column names: 1,2,3; put one before the first read that names each column, with time, epc, antenna and rssi among them.")]
    [InlineData("<events/>", "line 1 is neither JSON nor a line of column names: <events/>; put one before the first read that names each column, with time, epc, antenna and rssi among them.")]
    [InlineData("time_s,epc,antenna,rssi\n", "names columns, but holds no read.")]
    [InlineData("time_s,epc,antenna,rssi\n1,,1,-50", "holds no read: 1 lines lack a time, code, antenna or strength and were left out, the first is 2.")]
    [InlineData("epc,antenna,rssi,phase\nE2,1,-50,3", "has no column for the time among epc, antenna, rssi, phase; name one of them 'time'.")]
    [InlineData("time_s,epc,rssi\n1,E2,-50", "has no column for the antenna among time_s, epc, rssi; name one of them 'antenna'.")]
    [InlineData("time_s,epc,antenna,rssi\n1,E2,1,loud", "line 2: the column 'rssi' with the value loud is not a number from -1000000 to 1000000.")]
    [InlineData("time_s,epc,antenna,rssi\n1,tag 7,1,-50", "line 2: the column 'epc' with the value tag 7 is not hexadecimal with an even number of 2 to 124 digits.")]
    [InlineData("time_s;epc;antenna;rssi\n1;3,03E+23;1;-50", "line 2: the column 'epc' with the value 3,03E+23 is a code that a spreadsheet took for a number and rounded; export the column as text.")]
    [InlineData("time_s,epc,antenna,rssi\n1,E2,left,-50", "line 2: the column 'antenna' with the value left is neither the number of an antenna nor the zone of one (inside, gate, outside) of reader gate-1.")]
    [InlineData("time,epc,antenna,rssi\n1.5,E2,1,-50", "line 2: the column 'time' with the value 1.5 is a number, but of what is not said; name the column time_s, time_ms or time_us.")]
    [InlineData("time_s,epc,antenna,rssi\n1e25,E2,1,-50", "line 2: the column 'time_s' with the value 1e25 is no time from 0 to the year 2100 in the unit of its column.")]
    [InlineData("time_s,epc,antenna,rssi\n-1,E2,1,-50", "line 2: the column 'time_s' with the value -1 is no time from 0 to the year 2100 in the unit of its column.")]
    [InlineData("time,epc,antenna,rssi\nnoon,E2,1,-50", "line 2: the column 'time' with the value noon is no time; it may be 2026-01-05T09:00:00.125Z, 2026/01/05 09:00:00.125, 5.1.2026 09:00:00, 09:00:00.125, or a number of seconds, milliseconds or microseconds since 1970.")]
    [InlineData("time,epc,antenna,rssi\n09:00:00,E2,1,-50\n2026-01-05T09:00:01Z,E2,1,-50", "line 3: the column 'time' with the value 2026-01-05T09:00:01Z is date and time, but the times before it are time of day; write all times of a file in one way.")]
    [InlineData("time_s,epc,antenna,rssi\n1,E2,1,-50,7", "line 2 has 5 values, but 4 columns are named; look at the sign between the values.")]
    [InlineData("[{\"epc\":\"E2\"", "line 1 is not valid JSON, neither as one object a line nor as one list.")]
    [InlineData("[{\"epc\":\"E2\",\"antenna\":1,\"time_s\":3}]", "has no field for the strength among epc, antenna, time_s; name one of them 'rssi'.")]
    [InlineData("time_s,epc,antenna,rssi\n1,E2,1,-50\n99999999,E2,1,-50", "lasts 1157 days; a replay lasts 366 at most. Look at the times, or cut the file.")]
    public void What_cannot_be_read_is_named(string text, string expected)
    {
        RecordingException error = Assert.Throws<RecordingException>(() => Play(text.ReplaceLineEndings("\n")));

        Assert.Equal($"{_path} {expected}", error.Message);
    }

    private static Epc Epc(string hex) => Core.Epc.TryParse(hex, out Epc epc) ? epc : throw new FormatException(hex);

    private List<ShopInput> Play(string text)
    {
        File.WriteAllText(_path, text);
        Assert.NotNull(RecordedReader.Look(_path, s_reader));
        return [.. RecordedReader.Read(_path, s_reader, Some.Morning)];
    }
}
