using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Tests.Replays;

namespace EdgeAgent.Tests.Commands;

/// <summary>What a person gets to see when a scenario, a recording or a broker cannot be used: one sentence and the code of the README.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Events_on_standard_output_are_the_expected_ones_and_nothing_else()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("replay", Replayed.TwoVisitors, "--events", "-");

        ended.AssertOk();
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Replayed.TwoVisitors, "expected.jsonl")), ended.Out);
    }

    [Fact]
    public async Task A_score_is_written_and_printed()
    {
        Ended ended = await EdgeAgentProcess.RunAsync("replay", Replayed.TwoVisitors, "--score", _folder["score.json"]);

        ended.AssertOk();
        Assert.Contains("Bags: 1 settled, 0 held.", ended.Out, StringComparison.Ordinal);
        JsonElement score = JsonElement.Parse(await File.ReadAllTextAsync(_folder["score.json"]));
        Assert.All(score.EnumerateObject(), kind => Assert.Equal((0, 0), (kind.Value.GetProperty("missed").GetInt32(), kind.Value.GetProperty("extra").GetInt32())));
    }

    [Fact]
    public async Task Without_truth_there_is_nothing_to_score() =>
        (await ReplayAsync(Bags.Scenario(_folder, "s"), "--score", _folder["score.json"])).AssertFailed(ExitCode.Config, "has no truth.json");

    [Fact]
    public async Task A_folder_that_is_not_there_or_no_scenario_is_a_sentence()
    {
        (await ReplayAsync(_folder["nowhere"])).AssertFailed(ExitCode.Config, "There is no scenario folder");
        (await ReplayAsync(_folder.Root)).AssertFailed(ExitCode.Config, "has no config.json");
    }

    [Theory]
    [InlineData("--events")]
    [InlineData("--record")]
    [InlineData("--score")]
    public async Task A_file_that_cannot_be_written_is_a_sentence(string option) =>
        (await ReplayAsync(Replayed.TwoVisitors, option, _folder["no/such/folder/file"])).AssertFailed(ExitCode.Config, "no/such/folder/file", "cannot be written");

    [Fact]
    public async Task A_missing_clip_is_a_sentence()
    {
        _folder.Write("config.json", (await File.ReadAllTextAsync(Path.Combine(Replayed.TwoVisitors, "config.json"))));

        (await ReplayAsync(_folder.Root)).AssertFailed(ExitCode.Config, "Camera front reads", "never-filmed.mp4, which does not exist");
    }

    /// <summary>Tags of no shop, in a table of another program's: one goes out, one comes in.</summary>
    [Fact]
    public async Task A_table_of_another_program_is_played_and_the_way_of_each_tag_is_printed()
    {
        _folder.Write("config.json", """
            {"version":1,"store":{"tenant":"acme","store":"s1","box":"b1"},"cameras":[],
             "readers":[{"id":"reader","source":"reads:walks.csv","antennas":[{"id":1,"zone":"inside"},{"id":2,"zone":"outside"}]}],
             "gates":[{"id":"front","readers":["reader"],"exits":[]}],"checkout":{"currency":"EUR","priceBook":[]}}
            """);
        var lines = new List<string> { "Time (ms);Tag ID;Antenna;RSSI" };
        foreach ((string tag, int from, int way) in new[] { ("E20090378904012112407101", 5_000, 1), ("E20090378904012112407102", 20_000, -1) })
        {
            for (int ms = 0; ms < 6_000; ms += 150)
            {
                double y = way * ((ms / 1_000.0) - 3);
                lines.Add($"{from + ms};{tag};1;{Decibels(-45 - (12 * Math.Abs(y + 0.8)))}");
                lines.Add($"{from + ms};{tag};2;{Decibels(-45 - (12 * Math.Abs(y - 0.8)))}");
            }
        }
        await File.WriteAllLinesAsync(_folder["walks.csv"], lines);

        Ended ended = await ReplayAsync(_folder.Root);

        ended.AssertOk();
        Assert.Contains("160 reads of 2 tags by antennas 1, 2", ended.Error, StringComparison.Ordinal);
        Assert.Contains("strength is 'RSSI', -90.6 to -45.6, taken as dBm", ended.Error, StringComparison.Ordinal);
        string[][] rows = [.. ended.Out.Split('\n').Where(l => l.StartsWith("E2", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal([("E20090378904012112407101", "out"), ("E20090378904012112407102", "in")], rows.Select(r => (r[0], r[2])));
        Assert.Contains("2 of the tags are no trade items (SGTIN): a gate counts those and tells nothing of them.", ended.Out, StringComparison.Ordinal);

        static string Decibels(double db) => db.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture).Replace('.', ',');
    }

    [SharedFact]
    public async Task A_clip_that_breaks_off_is_a_sentence_after_the_events_before_it()
    {
        string scenario = await ShortClip.ScenarioAsync(_folder, indexFirst: true);
        Cut(Path.Combine(scenario, "scene.mp4"), 0.6);

        (await ReplayAsync(scenario, "--models", Models)).AssertFailed(ExitCode.Recording, "scene.mp4");
    }

    [SharedFact]
    public async Task A_clip_without_its_index_is_a_sentence()
    {
        string scenario = await ShortClip.ScenarioAsync(_folder, indexFirst: false);
        Cut(Path.Combine(scenario, "scene.mp4"), 0.6);

        (await ReplayAsync(scenario, "--models", Models)).AssertFailed(ExitCode.Recording, "scene.mp4 is cut off: its index (moov) is missing");
    }

    [FfmpegFact]
    public async Task A_missing_model_is_a_sentence_that_says_how_to_get_it() =>
        (await ReplayAsync(await ShortClip.ScenarioAsync(_folder), "--models", _folder["models"]))
            .AssertFailed(ExitCode.Model, "Model 'yolox-nano-416'", "is missing; fetch it with 'edge-agent models pull'");

    [SharedFact]
    public async Task A_damaged_model_is_refused_by_its_hash()
    {
        const string File416 = "object_det_yolox_nano_416.onnx";
        Directory.CreateDirectory(_folder["models"]);
        byte[] model = await File.ReadAllBytesAsync(Path.Combine(Models, File416));
        model[model.Length / 2] ^= 0x01;
        await File.WriteAllBytesAsync(Path.Combine(_folder["models"], File416), model);

        (await ReplayAsync(await ShortClip.ScenarioAsync(_folder), "--models", _folder["models"]))
            .AssertFailed(ExitCode.Model, "Model 'yolox-nano-416'", "has sha256", "and should have");
    }

    [Fact]
    public async Task A_broken_frame_of_a_reader_ends_in_a_held_bag_and_not_in_an_error()
    {
        string scenario = Bags.Scenario(_folder, "s");
        string gate = Path.Combine(scenario, "gate.jsonl");
        string[] lines = await File.ReadAllLinesAsync(gate);
        int report = Array.FindIndex(lines, line => line.Contains("\"hex\":\"043d", StringComparison.Ordinal)) + 3;
        // A report whose first parameter says that it is longer than the message: the bytes of the length in the parameter's header.
        lines[report] = Corrupt(lines[report]);
        await File.WriteAllLinesAsync(gate, lines);

        Ended ended = await ReplayAsync(scenario, "--events", _folder["events.jsonl"]);

        ended.AssertOk();
        JsonElement[] events = [.. (await File.ReadAllLinesAsync(_folder["events.jsonl"])).Select(line => JsonElement.Parse(line))];
        JsonElement sensor = events.First(e => e.GetProperty("type").GetString() == "sst.sensor.state.v1").GetProperty("data");
        Assert.Equal(("degraded", "damaged-message"), (sensor.GetProperty("state").GetString(), sensor.GetProperty("reason").GetString()));
        JsonElement held = events.First(e => e.GetProperty("type").GetString() == "sst.exit.held.v1").GetProperty("data");
        Assert.Contains("reader-degraded", held.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
    }

    [Theory]
    [InlineData("this is not JSON", "gate.jsonl line 2 is not valid JSON")]
    [InlineData("[1]", "gate.jsonl line 2 is not a JSON object")]
    [InlineData("{\"atMs\":1}", "gate.jsonl line 2 lacks the field 'hex'")]
    [InlineData("{\"atMs\":1,\"hex\":\"0xFF\"}", "gate.jsonl line 2: the field 'hex'")]
    public async Task A_reader_file_that_is_no_recording_is_named_with_its_line(string line, string words)
    {
        string scenario = Bags.Scenario(_folder, "s");
        string gate = Path.Combine(scenario, "gate.jsonl");
        string first = File.ReadLines(gate).First();
        await File.WriteAllTextAsync(gate, first + "\n" + line + "\n");

        (await ReplayAsync(scenario)).AssertFailed(ExitCode.Recording, words);
    }

    [Theory]
    [InlineData("{\"at\":2,\"sensor\":{\"kind\":\"camera\",\"id\":\"front\",\"state\":\"online\",\"reason\":\"none\"}}\n{\"at\":1,\"frame\":{\"camera\":\"front\",\"people\":[]}}", "line 2 is at 1 s")]
    [InlineData("{\"at\":1e10,\"frame\":{\"camera\":\"front\",\"people\":[]}}", "line 1 is at 10000000000 s")]
    [InlineData("{\"at\":-1,\"frame\":{\"camera\":\"front\",\"people\":[]}}", "line 1 is at -1 s")]
    [InlineData("{\"at\":1,\"sensor\":{\"kind\":\"77\",\"id\":\"x\",\"state\":\"online\",\"reason\":\"none\"}}", "is none of Camera, Reader")]
    [InlineData("{\"modelset\":5}", "line 1 is not a recorded input")]
    [InlineData("{\"modelset\":\"seen by Eva\"}", "line 1 is not a recorded input")]
    public async Task Inputs_that_cannot_have_happened_are_named_with_their_line(string lines, string words)
    {
        CopyTwoVisitors();
        _folder.Write("inputs.jsonl", lines + "\n");

        (await ReplayAsync(_folder.Root)).AssertFailed(ExitCode.Config, "inputs.jsonl, ", words);
    }

    [Theory]
    [InlineData("--record", "inputs.jsonl")]
    [InlineData("--events", "config.json")]
    [InlineData("--score", "truth.json")]
    public async Task What_a_replay_reads_is_not_written_over(string option, string file)
    {
        CopyTwoVisitors();
        byte[] before = await File.ReadAllBytesAsync(_folder[file]);

        (await ReplayAsync(_folder.Root, option, _folder[file])).AssertFailed(ExitCode.Config, "is read by this replay");
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder[file]));
    }

    [Fact]
    public async Task A_readers_recording_is_not_written_over()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Repo.Root, "tests", "scenarios", "one-by-one")))
        {
            File.Copy(file, _folder[Path.GetFileName(file)]);
        }
        byte[] before = await File.ReadAllBytesAsync(_folder["gate.jsonl"]);

        (await ReplayAsync(_folder.Root, "--events", _folder["gate.jsonl"])).AssertFailed(ExitCode.Config, "is read by this replay");
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["gate.jsonl"]));
    }

    [Theory]
    [InlineData("--events")]
    [InlineData("--record")]
    [InlineData("--score")]
    public async Task A_full_disk_is_a_sentence(string option) =>
        // Without .NET's lock on the file: there is one /dev/full on a machine, and other tests write to it at the same time.
        (await EdgeAgentProcess.RunAsync(
            new Dictionary<string, string?> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" }, "replay", Replayed.TwoVisitors, option, "/dev/full")).AssertFailed(ExitCode.File, "No space left on device");

    [Fact]
    public async Task A_file_without_a_name_is_a_sentence() =>
        (await ReplayAsync(Replayed.TwoVisitors, "--events", "")).AssertFailed(ExitCode.Config, "cannot be written");

    [Fact]
    public async Task Truth_may_say_more_than_is_scored_and_begin_with_a_byte_order_mark()
    {
        CopyTwoVisitors();
        _folder.Write("truth.json", "\uFEFF{\"fps\":10,\"visits\":[{\"in\":0.4,\"out\":4.4,\"who\":\"first\"}]}");

        (await ReplayAsync(_folder.Root, "--score", _folder["score.json"])).AssertOk();
        Assert.Equal(1, JsonElement.Parse(await File.ReadAllTextAsync(_folder["score.json"])).GetProperty("visits").GetProperty("matched").GetInt32());
    }

    [Fact]
    public async Task Truth_with_an_epc_that_is_none_is_refused_before_the_replay()
    {
        CopyTwoVisitors();
        _folder.Write("truth.json", "{\"bags\":[{\"t\":1,\"epcs\":[\"zz\"]}]}");

        (await ReplayAsync(_folder.Root)).AssertFailed(ExitCode.Config, "truth.json names the EPC \"zz\"");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named_with_its_address()
    {
        int port = FreePort();

        (await ReplayAsync(Replayed.TwoVisitors, "--broker", $"127.0.0.1:{port}"))
            .AssertFailed(ExitCode.Broker, $"The MQTT broker at 127.0.0.1:{port} cannot be reached: nothing listens there.");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:0")]
    [InlineData(":1883")]
    public async Task A_broker_that_is_no_address_is_a_sentence(string broker) =>
        (await ReplayAsync(Replayed.TwoVisitors, "--broker", broker)).AssertFailed(ExitCode.Config, $"--broker \"{broker}\" is not HOST:PORT");

    [Fact]
    public async Task Bags_are_not_simulated_from_what_is_no_truth_file()
    {
        string truth = _folder.Write("truth.json", """{ "bags": [ { "t": 1, "epcs": [ "XY" ] } ] }""");

        (await EdgeAgentProcess.RunAsync("simulate", "bags", truth, "--out", _folder["gate.jsonl"])).AssertFailed(ExitCode.Config, "\"XY\", which is not hexadecimal");
        (await EdgeAgentProcess.RunAsync("simulate", "bags", _folder.Write("list.json", "[]"), "--out", _folder["gate.jsonl"])).AssertFailed(ExitCode.Config, "is not a truth file");
        (await EdgeAgentProcess.RunAsync("simulate", "bags", _folder["nowhere"], "--out", _folder["gate.jsonl"])).AssertFailed(ExitCode.Config, "There is no");
        string good = Path.Combine(Replayed.TwoVisitors, "truth.json");
        (await EdgeAgentProcess.RunAsync("simulate", "bags", good, "--out", _folder["no/folder/gate.jsonl"])).AssertFailed(ExitCode.Config, "cannot be written");
    }

    [Fact]
    public async Task Nothing_is_accepted_where_there_is_no_scenario() =>
        (await EdgeAgentProcess.RunAsync("accept", "--scenarios", _folder["nowhere"])).AssertFailed(ExitCode.Config, "There is no folder");

    public void Dispose() => _folder.Dispose();

    private static string Models => Path.Combine(Repo.Shared!, "models");

    private void CopyTwoVisitors()
    {
        foreach (string name in (string[])["config.json", "inputs.jsonl", "truth.json"])
        {
            File.Copy(Path.Combine(Replayed.TwoVisitors, name), _folder[name]);
        }
    }

    private static Task<Ended> ReplayAsync(string scenario, params string[] options) => EdgeAgentProcess.RunAsync(["replay", scenario, .. options]);

    private static void Cut(string file, double part)
    {
        using FileStream stream = File.OpenWrite(file);
        stream.SetLength((long)(stream.Length * part));
    }

    /// <summary>LLRP 1.1, 17.1.3: header of 10 bytes, then TagReportData with type in bytes 0 and 1 and length in bytes 2 and 3.</summary>
    private static string Corrupt(string line)
    {
        int hex = line.IndexOf("043d", StringComparison.Ordinal);
        int length = hex + (2 * 12);
        return line[..length] + "ffff" + line[(length + 4)..];
    }

    /// <summary>A port at which nothing listens any more.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
