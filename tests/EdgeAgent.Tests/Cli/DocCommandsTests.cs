using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

/// <summary>Every command of README.md and docs/*.md is run, or at least read by the real parser; links lead somewhere.</summary>
public sealed class DocCommandsTests : IDisposable
{
    private const string NoModel = "it needs a model that its publisher has";
    private const string NoBroker = "it needs a broker of that name or port";

    private static readonly Dictionary<string, Way> s_ways = new(StringComparer.Ordinal)
    {
        ["./dev demo"] = new Way.RunBy(typeof(DemoCommandTests)),
        ["./dev publish"] = new Way.Script("PackageTests publishes a folder of its own"),
        ["./dev deb"] = new Way.Script("PackageTests builds the package of a small folder"),
        ["./dev image"] = new Way.Script("it needs an engine for containers"),
        ["./dev test"] = new Way.Script("it would run this test"),
        ["./dev sim"] = new Way.RunBy(typeof(NewcomerTests)),
        ["./dev sim tests/scenarios/gate/g05-one-second-apart.json"] = new Way.Script("it waits for an agent; SimulateCommandTests runs what it calls"),
        ["./dev agent config check out/simulated-store/store.json"] = new Way.RunBy(typeof(NewcomerTests)),
        ["./dev agent doctor out/simulated-store/store.json --state out/simulated-store/state --allow-synthetic-models"] = new Way.RunBy(typeof(NewcomerTests)),
        ["./dev run out/simulated-store/store.json --state out/simulated-store/state --allow-synthetic-models"] = new Way.RunBy(typeof(NewcomerTests)),
        ["./dev agent outbox status out/simulated-store/state"] = new Way.RunBy(typeof(NewcomerTests)),
        ["./dev agent models verify --models ../shared/models"] = new Way.Parsed(NoModel),
        ["./dev replay tests/scenarios/one-by-one --models ../shared/models --events events.jsonl --score score.json"] = new Way.RunBy(typeof(Replays.OneByOneTests)),
        ["edge-agent completion bash > edge-agent.bash"] = new Way.Run(),
        ["edge-agent completion zsh > _edge-agent"] = new Way.Run(),
        ["edge-agent completion fish > edge-agent.fish"] = new Way.Run(),
        ["edge-agent calibrate clip.mp4 --out places.png"] = new Way.RunBy(typeof(WatchCommandTests)),
        ["edge-agent watch clip.mp4 --line 0.2,0.6,0.5,0.6 --out overlay.mp4"] = new Way.RunBy(typeof(WatchCommandTests)),
        ["edge-agent explain EVENT-ID --state /var/lib/edge-agent"] = new Way.Parsed("only a box knows the id of its event"),
        ["edge-agent outbox status /var/lib/edge-agent"] = new Way.RunBy(typeof(OutboxCommandTests)),
        ["edge-agent outbox dead /var/lib/edge-agent"] = new Way.RunBy(typeof(OutboxCommandTests)),
        ["edge-agent outbox show /var/lib/edge-agent 412/90211"] = new Way.RunBy(typeof(OutboxCommandTests)),
        ["edge-agent outbox retry /var/lib/edge-agent --all"] = new Way.RunBy(typeof(OutboxCommandTests)),
        ["edge-agent outbox verify events.jsonl --head head.json"] = new Way.RunBy(typeof(OutboxCommandTests)),
        ["edge-agent contract check heard.jsonl"] = new Way.Run(),
        ["edge-agent epc decode 3074257BF7194E4000001A85"] = new Way.Run(),
        ["edge-agent epc decode - < codes.txt"] = new Way.Run(),
        ["edge-agent epc encode '(01)80614141123458(21)6789' --filter 1 --company-prefix 7"] = new Way.Run(),
        ["edge-agent epc encode 'https://shop.example/01/80614141123458/21/6789'"] = new Way.Run(),
        ["edge-agent epcis events.jsonl --gln 0614141123452 --offset +01:00 > epcis.json"] = new Way.Run(),
        ["edge-agent fleet keygen --out keys"] = new Way.Run("keys", "new-keys"),
        ["edge-agent fleet push store.json --key keys/fleet.key.pem --broker mqtt.example.com --ca ca.pem --cert fleet.pem --cert-key fleet.key --to 'acme/*/*'"] = new Way.Parsed(NoBroker),
        ["edge-agent simulate boxes --count 500 --bad 2 --broker 127.0.0.1:1883 --trust keys &"] = new Way.Parsed(NoBroker),
        ["edge-agent fleet push store.json --key keys/fleet.key.pem --broker 127.0.0.1:1883 --to 'demo/*/*'"] = new Way.Parsed(NoBroker),
        ["edge-agent fleet keygen --out keys --name desk"] = new Way.Run("keys", "desk-keys"),
        ["edge-agent members consent m-4711 --text notice.txt --until 2027-12-31 --key keys/desk.key.pem --out m-4711.json"] = new Way.Run("2027-12-31", TimeProvider.System.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        ["edge-agent members enroll m-4711 front.jpg smile.jpg --consent m-4711.json --state /var/lib/edge-agent --models /var/lib/edge-agent/models"] = new Way.Parsed(NoModel),
        ["edge-agent members list  --state /var/lib/edge-agent"] = new Way.Parsed(NoModel),
        ["edge-agent members erase m-4711 --state /var/lib/edge-agent"] = new Way.Parsed(NoModel),
        ["edge-agent members check front.jpg"] = new Way.Parsed(NoModel),
        ["edge-agent models golden people-2026-11.onnx --kind people --like yolox-nano-416 --url https://models.acme.example/people-2026-11.onnx"] = new Way.Parsed(NoModel),
        ["edge-agent products enroll photos --out products.gallery --gtins gtins.csv --models /var/lib/edge-agent/models"] = new Way.Parsed(NoModel),
        ["edge-agent products list products.gallery"] = new Way.RunBy(typeof(ProductsCommandTests)),
        ["edge-agent products identify products.gallery photo.jpg --models /var/lib/edge-agent/models"] = new Way.Parsed(NoModel),
        ["edge-agent simulate reader --port 0 --speed 20 --exit"] = new Way.Parsed("it waits for an agent; SimulateCommandTests runs one"),
        ["edge-agent simulate reader --scenario tests/scenarios/gate/g02-twelve-in-a-bag.json --port 0 --speed 20 --truth truth.json --exit"] = new Way.RunBy(typeof(SimulateCommandTests)),
        ["edge-agent simulate gate --scenario tests/scenarios/gate/g02-twelve-in-a-bag.json --out g02 --as llrp"] = new Way.Run(),
        ["edge-agent simulate store --out simulated-store"] = new Way.RunBy(typeof(NewcomerTests)),
        ["edge-agent simulate camera clip.mp4 --port 0"] = new Way.RunBy(typeof(NewcomerTests)),
    };

    private readonly TestFolder _folder = new();

    public static TheoryData<string> ToRun => [.. s_ways.Where(w => w.Value is Way.Run).Select(w => w.Key)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_command_of_the_docs_is_listed_here_and_no_other() =>
        Assert.Equal(s_ways.Keys.Order(StringComparer.Ordinal), DocCommands.Lines().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_command_of_the_docs_and_of_the_help_is_read_by_the_parser()
    {
        RootCommand root = CommandLine.Create();
        string help = string.Join('\n', Leaves(root).Append(root).Select(Examples.Of));
        string[] examples = [.. help.Split('\n').Select(l => Regex.Replace(l, @"\s{3,}.*$", "")).Where(l => l.StartsWith("edge-agent ", StringComparison.Ordinal) && !l.Contains('…', StringComparison.Ordinal))];
        Assert.True(examples.Length > 40);
        string[] whole = [.. DocCommands.Lines(), .. examples];
        Assert.All(whole, line =>
        {
            if (DocCommands.AgentWords(line) is string[] words)
            {
                Assert.Empty(root.Parse(words).Errors.Select(e => e.Message));
            }
        });
        // Within a sentence the words may be fewer than the command needs, but there is such a command and such an option.
        Assert.All(DocCommands.Mentioned(), code =>
        {
            if (DocCommands.AgentWords(code) is { Length: > 0 } words && words[0] is not ("COMMAND" or "ARGS…" or "--help"))
            {
                ParseResult read = root.Parse(words);
                Assert.NotSame(root, read.CommandResult.Command);
                Assert.DoesNotContain(read.UnmatchedTokens, t => t.StartsWith("--", StringComparison.Ordinal));
            }
        });
    }

    [Fact]
    public void The_script_knows_every_command_that_the_docs_give_it()
    {
        string script = File.ReadAllText(Repo.File("dev"));
        string[] named = [.. DocCommands.Lines().Concat(DocCommands.Mentioned()).Where(l => l.StartsWith("./dev ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]).Distinct()];

        Assert.True(named.Length > 5);
        Assert.All(named, name => Assert.Matches($@"\n    {name}\)", script));
    }

    [Theory]
    [MemberData(nameof(ToRun))]
    public async Task A_command_of_the_docs_runs(string line)
    {
        var way = (Way.Run)s_ways[line];
        await PrepareAsync();
        string command = DocCommands.AgentLine(line)!;
        command = way.Part is null ? command : command.Replace(way.Part, way.Instead, StringComparison.Ordinal);

        (int code, string said) = await BashAsync(command);

        Assert.True(code == ExitCode.Ok, $"{command}: exit code {code}. {said}");
    }

    [Fact]
    public void Every_command_has_its_row_in_the_list_of_commands()
    {
        string[] rows = [.. File.ReadLines(Repo.File("docs/commands.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal))];

        Assert.All(CommandLine.Create().Subcommands, command =>
        {
            string own = string.Join(' ', rows.Where(r => Regex.IsMatch(r, $@"`{command.Name}[ `]")));
            Assert.NotEmpty(own);
            Assert.All(command.Subcommands.Where(c => !c.Hidden), sub => Assert.Matches($@"\b{sub.Name}\b", own));
        });
    }

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading()
    {
        foreach (string file in Repo.Files("docs", "*.md").Append("README.md").Append("ARCHITECTURE.md"))
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(Repo.File(file)), @"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)"))
            {
                string target = link.Groups[1].Length == 0 ? Repo.File(file) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repo.File(file))!, link.Groups[1].Value));
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{file}: {link.Value} leads nowhere.");
                Assert.True(!link.Groups[2].Success || Headings(target).Contains(link.Groups[2].Value), $"{file}: {link.Value} has no such heading.");
            }
        }
    }

    private static IEnumerable<string> Headings(string file) => File.ReadLines(file).Where(l => l.StartsWith('#'))
        .Select(l => Regex.Replace(l.TrimStart('#', ' ').ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));

    private static IEnumerable<Command> Leaves(Command command) => command.Subcommands.SelectMany(c => Leaves(c).Append(c));

    /// <summary>What the commands of the docs find in their folder.</summary>
    private async Task PrepareAsync()
    {
        string program = _folder.Write("bin/edge-agent", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "edge-agent.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateSymbolicLink(_folder["tests"], Repo.File("tests"));
        _folder.Write("codes.txt", "3074257BF7194E4000001A85\n");
        _folder.Write("notice.txt", "The text that the member was shown.");
        (int code, string said) = await BashAsync("edge-agent replay tests/scenarios/side-by-side --events events.jsonl && cp events.jsonl heard.jsonl && edge-agent fleet keygen --out keys --name desk");
        Assert.True(code == ExitCode.Ok, said);
    }

    private async Task<(int Code, string Said)> BashAsync(string command)
    {
        using var bash = new Process { StartInfo = new ProcessStartInfo("bash", ["-euc", command]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Root } };
        bash.StartInfo.Environment["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        bash.Start();
        Task<string> error = bash.StandardError.ReadToEndAsync();
        string said = await bash.StandardOutput.ReadToEndAsync() + await error;
        await bash.WaitForExitAsync();
        return (bash.ExitCode, said);
    }
}
