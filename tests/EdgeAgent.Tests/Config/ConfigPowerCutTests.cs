using System.Text.Json;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Configs;

/// <summary>
/// The power goes at every point between two writes of an activation. What the disk holds then is made here by copying the state folder whenever a
/// file in it changes; each copy is started: it runs the old configuration or the new one, whole, and the ratchet is never below what runs.
/// </summary>
public sealed class ConfigPowerCutTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whenever_the_power_goes_the_next_start_has_the_old_or_the_new_one(bool rolledBack)
    {
        using var cuts = new TestFolder();
        await using ConfigBench box = new ConfigBench().Start();
        await box.TryAsync(box.Signed(2));
        byte[] third = box.Signed(3);
        List<string> states = [];
        using (var watch = new DiskWatch(box.State, cuts, states))
        {
            if (rolledBack)
            {
                box.Troubles.Add(new EdgeAgent.Config.Trouble(new Core.Config.ConfigError("$", "shop-stuck", "it stands still"), Harmful: true));
            }
            await box.AnswerAsync(third);
            watch.Look();
            await box.Clock.PassAsync(Desired.Probation);
            JsonElement report = await box.NextReportAsync();
            Assert.Equal(rolledBack ? "rolledBack" : "applied", report.GetProperty("outcome").GetString());
        }
        await box.KillAsync();

        // Before the trial, on trial, and after: the files of each were seen.
        Assert.True(states.Count >= 3, $"{states.Count} states of the disk.");
        var seen = new HashSet<long>();
        foreach (string state in states)
        {
            await using ConfigBench next = box.Again(state);
            long version = next.Active!.Version;
            Assert.Contains(version, new long[] { 2, 3 });
            Assert.Equal(1000 + version, next.Active.Config.Checkout.PriceBook[0].Price);
            Assert.False(File.Exists(Path.Combine(state, "config", "trial.json")));
            var ratchet = new Ratchet(Path.Combine(state, "ratchet.json"));
            Assert.Equal(Refusal.Stale, ratchet.Check("config", box.Key.Id, version - 1, "sha256:00"));
            seen.Add(version);
        }
        Assert.Equal(rolledBack ? [2L] : [2L, 3L], seen.Order());
    }

    /// <remarks>A folder where a file is to be, whoever runs this test: the rename is refused, or the writing, as in a folder of another user.</remarks>
    [Theory]
    [InlineData("config/trial.json/in-the-way")]
    [InlineData("config/trial.json.next")]
    [InlineData("ratchet.json.next")]
    public async Task A_disk_that_refuses_leaves_the_old_configuration_and_says_so(string inTheWay)
    {
        await using ConfigBench box = new ConfigBench().Start();
        Directory.CreateDirectory(Path.Combine(box.State, inTheWay));

        JsonElement report = await box.AnswerAsync(box.Signed(2));

        Assert.Equal(("rejected", "disk"), (report.GetProperty("outcome").GetString(), ConfigAdmissionTests.Code(report)));
        Assert.Empty(box.Activated);
        Assert.Equal(1, report.GetProperty("appliedVersion").GetInt64());
    }

    [Fact]
    public async Task A_disk_that_refuses_the_commit_rolls_back()
    {
        await using ConfigBench box = new ConfigBench().Start();
        await box.AnswerAsync(box.Signed(2));
        Directory.CreateDirectory(Path.Combine(box.State, "config", "applied.json", "in-the-way"));

        await box.Clock.PassAsync(Desired.Probation);
        JsonElement report = await box.NextReportAsync();

        Assert.Equal(("rolledBack", "disk"), (report.GetProperty("outcome").GetString(), ConfigAdmissionTests.Code(report)));
        Assert.Equal([2, 1], box.Activated);
    }

    /// <summary>Copies the state folder at each change of its files, as a power cut would leave it.</summary>
    private sealed class DiskWatch : IDisposable
    {
        private readonly string _state;
        private readonly TestFolder _cuts;
        private readonly List<string> _states;
        private readonly Lock _turn = new();
        private readonly FileSystemWatcher _watcher;
        private int _looks;
        private bool _over;

        public DiskWatch(string state, TestFolder cuts, List<string> states)
        {
            (_state, _cuts, _states) = (state, cuts, states);
            Look();
            _watcher = new FileSystemWatcher(state) { IncludeSubdirectories = true, EnableRaisingEvents = true };
            _watcher.Created += (_, _) => Look();
            _watcher.Renamed += (_, _) => Look();
            _watcher.Deleted += (_, _) => Look();
            _watcher.Changed += (_, _) => Look();
        }

        public void Look()
        {
            lock (_turn)
            {
                if (_over)
                {
                    // A change that was told when the watching ended.
                    return;
                }
                string copy = _cuts[$"cut-{_looks++}"];
                foreach (string file in Directory.EnumerateFiles(_state, "*", SearchOption.AllDirectories))
                {
                    try
                    {
                        string to = Path.Combine(copy, Path.GetRelativePath(_state, file));
                        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                        File.Copy(file, to);
                    }
                    catch (FileNotFoundException)
                    {
                        // Renamed meanwhile: the next look sees it.
                        return;
                    }
                }
                _states.Add(copy);
            }
        }

        public void Dispose()
        {
            _watcher.Dispose();
            lock (_turn)
            {
                Look();
                _over = true;
            }
        }
    }
}
