using System.CommandLine;
using EdgeAgent.Cli;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Commands;

/// <summary>
/// Every command with files that are not there, folders in their place, empty, meaningless and unreadable ones, and outputs that cannot be
/// written: one sentence that names the file, a documented exit code, never a stack trace.
/// </summary>
public sealed class HostileArgumentsTests(HostileFiles files) : IClassFixture<HostileFiles>
{
    // {in}, {dir}, {out} and {place} stand for a hostile file, folder, output and place for a new folder; the others for good ones.
    private static readonly string[] s_lines =
    [
        "run {in} --state {new}", "run {bare} --state {place}", "run {config} --state {new} --privacy {in}", "run {config} --state {new} --models {dir}",
        "doctor {in}", "health {in}",
        "demo --scenario {dir}", "demo --keep {place}",
        "replay {dir}", "replay {scenario} --events {out}", "replay {scenario} --score {out}", "replay {scenario} --record {out}", "replay {scenario} --explain {out}", "replay {scenario} --state {in}",
        "accept --scenarios {dir}", "accept {missing} --scenarios {scenarios}",
        "watch {in} --models {models} --out {new}.png", "calibrate {in} --models {models} --out {new}.png",
        "models list --models {dir}", "models verify --models {dir}", "models pull yolox-nano-416-megvii --models {place} --from {dir}", "models golden {in} --kind people", "models probe {in}",
        "config check {in}", "config check {config} --trust {dir}", "config schema", "config doc",
        "prices check {in}", "prices artefact {in} --url https://prices.example/list.json", "prices schema",
        "contract schema {missing}", "contract asyncapi", "contract check {in}", "contract write {place}",
        "products enroll {dir} --out {new}.gallery", "products list {in}", "products identify {in} {in}",
        "codes {in}",
        "members consent m-1 --text {in} --until 2027-12-31 --key {key}", "members consent m-1 --text {notice} --until 2027-12-31 --key {in}", "members consent m-1 --text {notice} --until {tomorrow} --key {key} --out {out}",
        "members enroll m-1 {in} --consent {in} --state {new} --models {models}", "members list --models {models} --state {place}", "members erase m-1 --state {place}", "members check {in} --models {models}",
        "privacy scan {in}", "privacy scan {notice} --canary {in}",
        "outbox status {dir}", "outbox dead {dir}", "outbox show {dir} 1/1", "outbox retry {dir} --all", "outbox verify {in}", "outbox verify {notice} --head {in}",
        "simulate store --out {place}", "simulate camera {in} --port 0", "simulate reader --port 0 --scenario {in}", "simulate reader --port 0 --truth {out}",
        "simulate gate --scenario {in} --out {new}", "simulate gate --scenario {scene} --out {place}", "simulate bags {in} --out {new}", "simulate bags {truth} --out {out}",
        "simulate boxes --broker 127.0.0.1:1 --trust {dir}",
        "explain {event} --state {dir}", "explain all --replay {dir}", "gate explain {event} --state {dir}",
        "epc decode {missing}", "epc encode {missing}", "epcis {in}", "llrp decode {in}",
        "fleet keygen --out {place}", "fleet sign {in} --key {key}", "fleet sign {config} --key {in}", "fleet sign {config} --key {key} --out {out}",
        "fleet push {config} --key {in} --broker 127.0.0.1:1 --to acme/*/*",
        "fleet list --broker 127.0.0.1:1 --boxes {in}", "fleet watch --broker 127.0.0.1:1 --boxes {in}", "fleet cmd selftest --broker 127.0.0.1:1 --boxes {in}",
        "completion {missing}",
    ];

    public static TheoryData<string> Lines => [.. s_lines];

    [Fact]
    public void No_command_is_left_out()
    {
        string[] commands = [.. Leaves(CommandLine.Create(), "")];

        Assert.True(commands.Length > 50);
        Assert.All(commands, command => Assert.Contains(s_lines, line => line == command || line.StartsWith(command + " ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Hostile_files_end_with_a_sentence_and_a_documented_code(string line)
    {
        string[][] hostile = line.Contains("{in}", StringComparison.Ordinal) ? [.. files.Inputs.Select(f => new[] { "{in}", f })]
            : line.Contains("{out}", StringComparison.Ordinal) ? [.. files.Outputs.Select(f => new[] { "{out}", f })]
            : line.Contains("{place}", StringComparison.Ordinal) ? [.. files.Places.Select(f => new[] { "{place}", f })]
            : line.Contains("{dir}", StringComparison.Ordinal) ? [.. files.Folders.Select(f => new[] { "{dir}", f })]
            : [["{missing}", files["nowhere"]]];
        await Task.WhenAll(hostile.Select(async h =>
        {
            using EdgeAgentProcess agent = EdgeAgentProcess.Start(files.Fill(line, h[0], h[1]));
            Check(await agent.EndAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System), $"{line} with {h[1]}", h[1]);
        }));
    }

    [Fact]
    public async Task A_full_disk_behind_standard_output_is_a_sentence()
    {
        foreach (string command in new[] { "config schema", "config doc", "models list", "contract asyncapi", "epc decode 3074257BF7194E4000001A85", "completion bash", "--help" })
        {
            using EdgeAgentProcess agent = EdgeAgentProcess.StartUnder(["/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh"], new Dictionary<string, string?>(), command.Split(' '));
            Ended ended = await agent.EndAsync();
            Check(ended, command, "");
            Assert.Equal(ExitCode.File, ended.ExitCode);
        }
    }

    [Fact]
    public async Task An_option_that_no_command_knows_is_refused()
    {
        // contract write would make a folder of that name.
        string[] commands = [.. Leaves(CommandLine.Create(), "").Where(command => command != "contract write")];
        await Parallel.ForEachAsync(commands, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (command, _) =>
        {
            // Commands that take any words take this one for a word, and find no file of that name.
            Ended ended = await EdgeAgentProcess.RunAsync([.. command.Split(' '), "--no-such-option"]);
            Assert.NotEqual(ExitCode.Ok, ended.ExitCode);
            Check(ended, command, "");
        });
    }

    private static void Check(Ended ended, string what, string file)
    {
        string said = ended.Out + ended.Error;
        Assert.False(said.Contains("   at ", StringComparison.Ordinal) || said.Contains("Unhandled", StringComparison.Ordinal), $"{what}: {said}");
        Assert.True(ended.ExitCode != ExitCode.Bug && ExitCode.All.Any(known => known.Code == ended.ExitCode), $"{what}: exit code {ended.ExitCode}. {said}");
        // What is wrong line by line is told with the line; without the shared models a missing model is told first.
        if (ended.ExitCode is not (ExitCode.Ok or ExitCode.Usage or ExitCode.Code or ExitCode.Different) && (Repo.Shared is not null || ended.ExitCode != ExitCode.Model))
        {
            Assert.True(said.Contains(Path.GetFileName(file), StringComparison.Ordinal), $"{what}: exit code {ended.ExitCode}, the file is not named: {said}");
        }
    }

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(c => Leaves(c, path.Length == 0 ? c.Name : $"{path} {c.Name}"));
}

/// <summary>Files as nobody wants them, and a few good ones beside them.</summary>
public sealed class HostileFiles : IDisposable
{
    private readonly TestFolder _folder = new();
    private int _made;

    public HostileFiles()
    {
        Directory.CreateDirectory(_folder["a-folder"]);
        _folder.Write("empty-file", "");
        _folder.Write("notice.txt", "The text that the member was shown.");
        byte[] bytes = new byte[5000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_folder["binary-file"], bytes);
        _folder.Write("bare.json", Running.RunningStore.Config(1, "llrp://127.0.0.1:1"));
        _folder.Write("truth.json", """{ "bags": [ { "t": 5, "epcs": [ "3034257BF7194E4000001A85" ] } ] }""");
        using SigningKey made = SigningKey.Create();
        _folder.Write("fleet.key.pem", made.PrivatePem);
        File.SetUnixFileMode(_folder["fleet.key.pem"], UnixFileMode.UserRead);
    }

    /// <summary>The last gives an error at the first read, whoever reads.</summary>
    public string[] Inputs => [_folder["nowhere"], _folder["a-folder"], _folder["empty-file"], _folder["binary-file"], "/proc/self/mem"];

    public string[] Outputs => ["/dev/full", _folder["a-folder"], _folder["nowhere/below"], _folder["binary-file/below"]];

    /// <summary>Where no folder can be made.</summary>
    public string[] Places => ["/dev/full", _folder["empty-file"], _folder["binary-file/below"]];

    public string[] Folders => [_folder["nowhere"], _folder["a-folder"], _folder["binary-file"]];

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    /// <summary>The words of a line with everything in its place.</summary>
    public string[] Fill(string line, string placeholder, string file) =>
    [
        .. line.Split(' ').Select(word => word.Replace(placeholder, file, StringComparison.Ordinal)
            .Replace("{dir}", _folder["a-folder"], StringComparison.Ordinal)
            .Replace("{config}", Repo.File("device-config/example-counter.json"), StringComparison.Ordinal)
            .Replace("{scenarios}", Repo.Scenarios, StringComparison.Ordinal)
            .Replace("{scenario}", Path.Combine(Repo.Scenarios, "side-by-side"), StringComparison.Ordinal)
            .Replace("{scene}", Path.Combine(Repo.Scenarios, "gate", "g02-twelve-in-a-bag.json"), StringComparison.Ordinal)
            .Replace("{bare}", _folder["bare.json"], StringComparison.Ordinal)
            .Replace("{truth}", _folder["truth.json"], StringComparison.Ordinal)
            .Replace("{notice}", _folder["notice.txt"], StringComparison.Ordinal)
            .Replace("{key}", _folder["fleet.key.pem"], StringComparison.Ordinal)
            .Replace("{models}", Path.Combine(Repo.Shared ?? "", "models"), StringComparison.Ordinal)
            .Replace("{event}", "019b8d62-7da0-776e-9977-e3a0b3620b09", StringComparison.Ordinal)
            .Replace("{tomorrow}", TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{new}", _folder[$"new-{Interlocked.Increment(ref _made)}"], StringComparison.Ordinal)),
    ];
}
