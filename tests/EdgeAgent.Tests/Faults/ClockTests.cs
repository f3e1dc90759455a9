using System.Text.Json;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Faults;

/// <summary>Rows 21 and 22 of the fault table: a clock that is set while the shop runs, and a time zone.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_clock_that_is_set_back_changes_nothing_and_is_said()
    {
        var clock = new ManualTime();
        var time = new SteadyTime(clock);
        DateTimeOffset before = time.GetUtcNow();
        clock.JumpClock(-TimeSpan.FromDays(1));
        for (int i = 1; i <= 3600; i++)
        {
            clock.Advance(s_second);
            Assert.Equal(before + (i * s_second), time.GetUtcNow());
            Assert.True(time.Disturbed);
        }
        clock.JumpClock(TimeSpan.FromDays(1));
        Assert.Equal(clock.GetUtcNow(), time.GetUtcNow());
        Assert.False(time.Disturbed);
    }

    [Fact]
    public void A_jump_of_ten_years_is_believed_after_five_minutes_only()
    {
        var clock = new ManualTime();
        var time = new SteadyTime(clock);
        DateTimeOffset before = time.GetUtcNow();
        clock.JumpClock(TimeSpan.FromDays(3650));
        Assert.Equal(before, time.GetUtcNow());
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(before + TimeSpan.FromMinutes(4.9), time.GetUtcNow());
        clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Equal(clock.GetUtcNow(), time.GetUtcNow());
        Assert.True(time.Disturbed);
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(clock.GetUtcNow(), time.GetUtcNow());
        Assert.False(time.Disturbed);
    }

    [Fact]
    public void Small_corrections_are_followed_and_time_never_goes_back()
    {
        var clock = new ManualTime();
        var time = new SteadyTime(clock);
        DateTimeOffset last = time.GetUtcNow();
        foreach (double correction in new[] { 0.5, -1.5, 1.9, -1.9, 0 })
        {
            clock.JumpClock(TimeSpan.FromSeconds(correction));
            for (int i = 0; i < 30; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(0.1));
                DateTimeOffset now = time.GetUtcNow();
                Assert.True(now >= last);
                last = now;
            }
            Assert.Equal(clock.GetUtcNow(), last);
            Assert.False(time.Disturbed);
        }
    }

    [FaketimeTheory]
    [InlineData("-1d")]
    [InlineData("+3650d")]
    public async Task Row_21_and_22_a_clock_that_is_set_while_a_bag_is_at_the_gate_changes_no_decision_and_the_wire_has_utc(string jump)
    {
        using var folder = new TestFolder();
        string clock = folder.Write("clock", "+0d");
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        using var store = new RunningStore(broker, reader);
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        using EdgeAgentProcess agent = store.Start(new Dictionary<string, string?>
        {
            ["LD_PRELOAD"] = FaketimeTheoryAttribute.Library, ["FAKETIME_TIMESTAMP_FILE"] = clock, ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["FAKETIME_NO_CACHE"] = "1",
            ["TZ"] = "Europe/Berlin",
        });
        JsonElement ready = await subscriber.DocumentAsync("/state", state => state.GetProperty("state").GetString() == "ready");
        File.WriteAllText(clock, jump);

        JsonElement held = await subscriber.DocumentAsync("/evt/exit/held");

        Assert.Equal("unsynced", held.GetProperty("clockquality").GetString());
        string at = held.GetProperty("time").GetString()!;
        Assert.EndsWith("Z", at, StringComparison.Ordinal);
        // As time runs, not as the clock says.
        Assert.InRange(DateTimeOffset.Parse(at, null) - ready.GetProperty("at").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(3));
        Assert.InRange(DateTimeOffset.Parse(at, null) - TimeProvider.System.GetUtcNow(), -TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3));
        var events = subscriber.Heard.Where(m => m.Topic.Contains("/evt/", StringComparison.Ordinal)).Select(m => JsonElement.Parse(m.Payload)).ToList();
        Assert.Equal(events.Select(e => e.GetProperty("time").GetString()).Order(StringComparer.Ordinal), events.OrderBy(e => e.GetProperty("seq").GetInt64()).Select(e => e.GetProperty("time").GetString()));
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
    }
}

/// <summary>A theory that needs libfaketime; skipped with a sentence where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FaketimeTheoryAttribute : TheoryAttribute
{
    public FaketimeTheoryAttribute() => Skip = MosquittoBroker.Executable is null
        ? "mosquitto is not installed: apt-get install mosquitto libmosquitto1."
        : Library is null ? "libfaketime is not installed: apt-get install libfaketime." : null;

    public static string? Library { get; } =
        Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists) : null;
}
