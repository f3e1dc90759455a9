using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;

namespace EdgeAgent.Rfid.Tests;

public sealed class RecordedReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Recorded_reads_come_in_order_one_batch_per_instant()
    {
        List<ShopInput> inputs = Play("reads:x",
            $$"""{"atMs":0,"epc":"{{Some.Epc(1).ToHex()}}","antenna":1,"rssiDbm":-52.5}""",
            $$"""{"atMs":250,"epc":"{{Some.Epc(1).ToHex().ToLowerInvariant()}}","antenna":2,"rssiDbm":-48,"seenCount":3}""",
            "",
            $$"""{"atMs":250,"epc":"{{Some.Epc(2).ToHex()}}","antenna":1,"rssiDbm":-60}""");

        DateTimeOffset later = Some.Morning.AddMilliseconds(250);
        Assert.Equal([new TagRead(Some.Epc(1), 1, -52.5f, 1, Some.Morning)], Reads(inputs[0], Some.Morning));
        Assert.Equal([new TagRead(Some.Epc(1), 2, -48, 3, later), new TagRead(Some.Epc(2), 1, -60, 1, later)], Reads(inputs[1], later));
        Assert.Equal(2, inputs.Count);
    }

    [Fact]
    public void Fractions_of_a_millisecond_and_a_vendors_own_strengths_are_taken_as_they_are()
    {
        List<ShopInput> inputs = Play("reads:x",
            $$"""{"atMs":1000.0,"epc":"{{Some.Epc(1).ToHex()}}","antenna":0,"rssiDbm":-5200}""",
            $$"""{"atMs":1000.25,"epc":"{{Some.Epc(1).ToHex()}}","antenna":1,"rssiDbm":4711}""");

        Assert.Equal([new TagRead(Some.Epc(1), 0, -5200, 1, Some.Morning.AddSeconds(1))], Reads(inputs[0], Some.Morning.AddSeconds(1)));
        DateTimeOffset later = Some.Morning.AddTicks(10_002_500);
        Assert.Equal([new TagRead(Some.Epc(1), 1, 4711, 1, later)], Reads(inputs[1], later));
    }

    [Fact]
    public void A_recorded_pin_is_an_input_between_the_reads()
    {
        string tag = Some.Epc(1).ToHex();
        List<ShopInput> inputs = Play("reads:x",
            $$"""{"atMs":10,"epc":"{{tag}}","antenna":1,"rssiDbm":-52}""", """{"atMs":10,"gpi":1,"high":true}""",
            $$"""{"atMs":10,"epc":"{{tag}}","antenna":1,"rssiDbm":-52}""", """{"atMs":20.5,"gpi":1,"high":false}""");

        Assert.Equal(["reads 1 at 10", "pin 1 True at 10", "reads 1 at 10", "pin 1 False at 20.5"], inputs.Select(Say));
    }

    [Fact]
    public void A_recorded_GPI_event_has_the_readers_time_and_never_goes_back_behind_a_read()
    {
        byte[] connected = ReaderMessages.ConnectionAttemptEvent(1, Some.Micros(Some.Morning.AddHours(1)), ConnectionAttempt.Success);
        byte[] Pin(int ms) => ReaderMessages.Event(2, Some.Micros(Some.Morning.AddHours(1).AddMilliseconds(ms)), Convert.FromHexString("00F80007000180"));
        List<ShopInput> inputs = Play("llrp:x", Line(0, connected), Line(100, Pin(60)), Line(200, Some.ReportFrame(Some.Report(1, lastSeen: Some.Morning.AddHours(1).AddMilliseconds(190)))), Line(300, Pin(150)));

        Assert.Equal(["pin 1 True at 60", "reads 1 at 200", "pin 1 True at 200"], inputs.Select(Say));
    }

    [Theory]
    [InlineData("reads:x")]
    [InlineData("llrp:x")]
    public void A_recorded_reference_tag_is_no_goods(string source)
    {
        string[] lines = source == "llrp:x"
            ? [Line(0, Some.ReportFrame(Some.Report(1), Some.Report(2)))]
            : [.. new[] { 1, 2 }.Select(static n => $$"""{"atMs":0,"epc":"{{Some.Epc(n).ToHex()}}","antenna":1,"rssiDbm":-52}""")];
        File.WriteAllLines(_path, lines);
        ShopInput input = Assert.Single(RecordedReader.Read(
            _path, Some.Reader(source) with { Antennas = [new(1, ReferenceTag: Some.Epc(2).ToHex().ToLowerInvariant())] }, Some.Morning));

        Assert.Equal(Some.Epc(1), Assert.Single(((ShopInput.TagsRead)input).Reads).Epc);
    }

    [Fact]
    public void A_made_LLRP_recording_plays_the_sightings_it_was_made_of()
    {
        ReaderSighting[] sightings = [Sighting(500, 1), Sighting(500, 2), Sighting(12_000, 1), Sighting(31_000, 3)];
        // The reader's clock is two hours behind the agent's.
        LlrpRecording.Write(_path, sightings, Some.Morning.AddHours(-2));

        List<ShopInput> inputs = [.. RecordedReader.Read(_path, Some.Reader("llrp:x"), Some.Morning)];

        Assert.Equal(
            sightings.Select(static s => new TagRead(s.Epc, s.Antenna, s.RssiDbm, s.SeenCount, Some.Morning + s.At)),
            inputs.SelectMany(static i => ((ShopInput.TagsRead)i).Reads));
        Assert.Equal([500, 12_000, 31_000], inputs.Select(static i => (int)(i.At - Some.Morning).TotalMilliseconds));
        Assert.Contains("\"atMs\":30000,\"hex\":\"043e", File.ReadAllText(_path), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_sightings_give_the_same_file()
    {
        ReaderSighting[] sightings = [Sighting(500, 1), Sighting(12_000, 1)];
        LlrpRecording.Write(_path, sightings, Some.Morning);
        byte[] first = File.ReadAllBytes(_path);
        LlrpRecording.Write(_path, sightings.Reverse(), Some.Morning);
        Assert.Equal(first, File.ReadAllBytes(_path));
    }

    [Fact]
    public void A_damaged_message_is_reported_and_the_next_one_is_read()
    {
        List<ShopInput> inputs = Play("llrp:x",
            Line(0, Some.ReportFrame(1)),
            Line(100, [.. Some.ReportFrame(2), .. Some.DamagedFrame(), .. Some.ReportFrame(3)]));

        Assert.Equal(["reads 1 at 0", "reads 1 at 100", "Degraded DamagedMessage at 100", "reads 1 at 100"], inputs.Select(Say));
    }

    [Fact]
    public void A_message_may_be_split_over_lines()
    {
        byte[] frame = Some.ReportFrame(1);
        List<ShopInput> inputs = Play("llrp:x", Line(0, frame[..7]), Line(40, frame[7..30]), Line(90, frame[30..]));
        Assert.Equal(["reads 1 at 90"], inputs.Select(Say));
    }

    [Fact]
    public void A_message_cut_anywhere_costs_that_message_and_no_other()
    {
        byte[] frame = Some.ReportFrame(1);
        for (int kept = 1; kept < frame.Length; kept++)
        {
            List<ShopInput> inputs = Play("llrp:x", Line(0, frame[..kept]), Line(100, Some.ReportFrame(2)), Line(200, Some.ReportFrame(3)));
            Assert.Equal(["Degraded DamagedMessage at 100", "reads 1 at 100", "reads 1 at 200"], inputs.Select(Say));
        }
    }

    [Fact]
    public void After_a_length_that_is_a_lie_the_reader_is_gone_until_a_line_begins_well()
    {
        byte[] lie = Convert.FromHexString("043D0000000300000001");
        List<ShopInput> inputs = Play("llrp:x",
            Line(0, [.. Some.ReportFrame(1), .. lie, .. Some.ReportFrame(2)]),
            Line(100, [0xFF, .. Some.ReportFrame(3)]),
            Line(200, Some.DamagedFrame()),
            Line(300, Some.ReportFrame(4)));

        Assert.Equal(["reads 1 at 0", "Offline DamagedMessage at 0", "Online None at 300", "reads 1 at 300"], inputs.Select(Say));
    }

    [Fact]
    public void A_recording_that_ends_inside_a_message_says_so()
    {
        List<ShopInput> inputs = Play("llrp:x", Line(0, Some.ReportFrame(1)), Line(10, Some.ReportFrame(2)[..20]));
        Assert.Equal(["reads 1 at 0", "Degraded DamagedMessage at 10"], inputs.Select(Say));
    }

    [Fact]
    public void A_full_buffer_at_the_reader_is_a_loss()
    {
        List<ShopInput> inputs = Play("llrp:x", """{"atMs":5,"hex":"043f0000001e0000000100f600140080000c0005ac35bd20d1da00fb0004"}""");
        Assert.Equal(["Degraded BufferOverflow at 5"], inputs.Select(Say));
    }

    [SharedFact]
    public void A_session_between_two_other_programs_plays_without_damage()
    {
        string[] lines = [.. SharedVectors.Llrp()
            .Where(static v => v.Text("dir") == "R>C" && v.Text("id")!.StartsWith("edgexcli_std", StringComparison.Ordinal) && v.GetProperty("version").GetInt32() == 1)
            .Select(static v => Line(v.GetProperty("t_ms").GetInt32(), v.Bytes()))];
        List<ShopInput> inputs = Play("llrp:x", lines);
        Assert.Equal(12, inputs.OfType<ShopInput.TagsRead>().Sum(static i => i.Reads.Count));
        Assert.DoesNotContain(inputs, static i => i is ShopInput.SensorReported);
    }

    [Theory]
    [InlineData("reads:x", "{\"atMs\":1,", "line 2 is not valid JSON: {\"atMs\":1,.")]
    [InlineData("reads:x", "[1]", "line 2 is not a JSON object: [1].")]
    [InlineData("reads:x", "{\"epc\":\"30\"}", "line 2 lacks the field 'atMs': {\"epc\":\"30\"}.")]
    [InlineData("reads:x", "{\"atMs\":-1}", "line 2: the field 'atMs' with the value -1 is not a number from 0 to 31622400000.")]
    [InlineData("reads:x", "{\"atMs\":1e99}", "line 2: the field 'atMs' with the value 1e99 is not a number from 0 to 31622400000.")]
    [InlineData("reads:x", "{\"atMs\":4}", "line 2: the field 'atMs' with the value 4 goes back from 5; lines must be in order of time.")]
    [InlineData("reads:x", "{\"atMs\":6,\"epc\":\"3x\",\"antenna\":1,\"rssiDbm\":-50}", "line 2: the field 'epc' with the value \"3x\" is not hexadecimal with an even number of 2 to 124 digits.")]
    [InlineData("reads:x", "{\"atMs\":6,\"epc\":\"30\",\"rssiDbm\":-50}", "line 2 lacks the field 'antenna': {\"atMs\":6,\"epc\":\"30\",\"rssiDbm\":-50}.")]
    [InlineData("reads:x", "{\"atMs\":6,\"epc\":\"30\",\"antenna\":1,\"rssiDbm\":\"loud\"}", "line 2: the field 'rssiDbm' with the value \"loud\" is not a number from -1000000 to 1000000.")]
    [InlineData("reads:x", "{\"atMs\":6,\"epc\":\"30\",\"antenna\":-1,\"rssiDbm\":-5}", "line 2: the field 'antenna' with the value -1 is not a whole number from 0 to 65535.")]
    [InlineData("reads:x", "{\"atMs\":6,\"gpi\":0,\"high\":true}", "line 2: the field 'gpi' with the value 0 is not a whole number from 1 to 65535.")]
    [InlineData("reads:x", "{\"atMs\":6,\"gpi\":1,\"high\":1}", "line 2: the field 'high' with the value 1 is not true or false.")]
    [InlineData("llrp:x", "{\"atMs\":6,\"hex\":\"043\"}", "line 2: the field 'hex' with the value \"043\" is not hexadecimal with an even number of digits.")]
    [InlineData("llrp:x", "{\"atMs\":6,\"hex\":7}", "line 2: the field 'hex' with the value 7 is not a text.")]
    [InlineData("llrp:x", "{\"atMs\":6,\"hex\":\"\\ud800\"}", "line 2: the field 'hex' with the value \"\\ud800\" holds half a character.")]
    public void A_line_that_cannot_be_played_is_named(string source, string line, string expected)
    {
        string good = $$"""{"atMs":5,"epc":"30","antenna":1,"rssiDbm":-50,"hex":""}""";
        RecordingException error = Assert.Throws<RecordingException>(() => Play(source, good, line));
        Assert.Equal($"{_path} {expected}", error.Message);
    }

    [Fact]
    public void A_missing_file_and_a_live_source_are_named()
    {
        Assert.Equal("/no/such.jsonl cannot be read as a reader recording: it is missing or not readable.",
            Assert.Throws<RecordingException>(() => RecordedReader.Read("/no/such.jsonl", Some.Reader("reads:x"), Some.Morning).Count()).Message);
        Assert.Equal("Reader 'gate-1' has the source 'llrp://10.0.0.7', but a replay needs reads:FILE.jsonl or llrp:FILE.jsonl.",
            Assert.Throws<RecordingException>(() => RecordedReader.Read(_path, Some.Reader("llrp://10.0.0.7"), Some.Morning)).Message);
    }

    private static ReaderSighting Sighting(int ms, int number) => new(TimeSpan.FromMilliseconds(ms), Some.Epc(number), 1, -55);

    private static string Line(int atMs, byte[] bytes) => $$"""{"atMs":{{atMs}},"hex":"{{Convert.ToHexString(bytes)}}"}""";

    private static string Say(ShopInput input) => input switch
    {
        ShopInput.TagsRead reads => $"reads {reads.Reads.Count} at {(reads.At - Some.Morning).TotalMilliseconds}",
        ShopInput.PinChanged pin => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"pin {pin.Port} {pin.High} at {(pin.At - Some.Morning).TotalMilliseconds}"),
        ShopInput.SensorReported sensor => $"{sensor.State} {sensor.Reason} at {(sensor.At - Some.Morning).TotalMilliseconds}",
        _ => input.ToString(),
    };

    private static IReadOnlyList<TagRead> Reads(ShopInput input, DateTimeOffset at)
    {
        var reads = Assert.IsType<ShopInput.TagsRead>(input);
        Assert.Equal((at, "gate-1"), (reads.At, reads.Reader));
        return reads.Reads;
    }

    private List<ShopInput> Play(string source, params string[] lines)
    {
        File.WriteAllLines(_path, lines);
        return [.. RecordedReader.Read(_path, Some.Reader(source), Some.Morning)];
    }
}
