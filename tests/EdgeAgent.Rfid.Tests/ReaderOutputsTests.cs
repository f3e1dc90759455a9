using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;
using static EdgeAgent.Rfid.Tests.ReaderRig;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Which level a lamp has, whatever became of the reader and the agent meanwhile.</summary>
public class ReaderOutputsTests
{
    private readonly ReaderCounters _counters = new();

    [Fact]
    public void The_last_of_many_switchings_while_the_reader_is_away_is_set_when_it_is_back()
    {
        var outputs = new ReaderOutputs(_counters, []);
        outputs.Connected();
        outputs.Disconnected();
        for (int i = 1; i <= 100; i++)
        {
            Assert.True(outputs.Set(1, on: i % 2 == 1));
            Assert.True(outputs.Set(2, on: i % 2 == 0));
        }

        outputs.Connected();

        Assert.Equal([new ReaderCommand(1, false), new ReaderCommand(2, true)], Waiting(outputs));
        Assert.Equal(0, _counters.OutputsDropped);
    }

    [Fact]
    public void Switchings_that_nobody_takes_are_bounded_and_counted()
    {
        var outputs = new ReaderOutputs(_counters, []);
        outputs.Connected();
        for (int i = 0; i < 64; i++)
        {
            Assert.True(outputs.Set(1, on: i % 2 == 0));
        }

        Assert.False(outputs.Set(1, on: true));

        Assert.Equal(1, _counters.OutputsDropped);
        outputs.Connected();
        Assert.Equal([new ReaderCommand(1, true)], Waiting(outputs)); // the next session sets what was wanted last
    }

    [Fact]
    public void Pins_are_bounded_and_counted()
    {
        var outputs = new ReaderOutputs(_counters, [1]);
        for (int port = 2; port <= 64; port++)
        {
            Assert.True(outputs.Set(port, on: true));
        }

        Assert.False(outputs.Set(65, on: true));
        Assert.True(outputs.Set(64, on: false));

        Assert.Equal((1L, 64), (_counters.OutputsDropped, outputs.Pins.Length));
    }

    [Fact]
    public void A_pin_below_one_is_no_pin()
    {
        var runner = new ReaderRunner(Some.Reader(5084), TimeProvider.System, Some.NoJitter);

        Assert.Throws<ArgumentOutOfRangeException>(() => runner.SetOutput(0, true));
    }

    [Fact]
    public async Task A_lamp_that_was_left_on_is_switched_off_at_the_start()
    {
        await using ReaderRig rig = WithLamps([2, 3], ReaderScript.Quiet);

        await UntilAsync(() => rig.Counters.OutputsSet == 2);

        Assert.Equal(["2 off", "3 off"], Switchings(rig));
    }

    [Fact]
    public async Task A_lamp_that_is_wanted_is_on_from_the_start()
    {
        await using ReaderRig rig = WithLamps([2, 3], ReaderScript.Quiet with { HeldByAnotherClient = true }, ReaderScript.Quiet);
        Assert.True(rig.Runner.SetOutput(3, true));

        await UntilAsync(() => rig.Counters.OutputsSet >= 2);

        Assert.Equal("3 on", Switchings(rig)[^1]);
    }

    [Fact]
    public async Task A_lamp_that_is_on_is_switched_off_when_the_agent_stops()
    {
        await using ReaderRig rig = WithLamps([2], ReaderScript.Quiet);
        await UntilAsync(() => rig.Counters.OutputsSet == 1);
        Assert.True(rig.Runner.SetOutput(2, true));
        await UntilAsync(() => rig.Counters.OutputsSet == 2);

        await rig.StopAsync();
        await UntilAsync(() => rig.SentOf(MessageType.CloseConnection) == 1);

        Assert.Equal(["2 off", "2 on", "2 off"], Switchings(rig));
    }

    private static ReaderRig WithLamps(int[] lamps, params ReaderScript[] scripts) =>
        new(TimeProvider.System, new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, scripts), lamps: lamps);

    private static List<ReaderCommand> Waiting(ReaderOutputs outputs)
    {
        List<ReaderCommand> commands = [];
        while (outputs.Waiting.TryRead(out ReaderCommand command))
        {
            commands.Add(command);
        }
        return commands;
    }

    /// <summary>What the reader was told of its output pins, in order: "2 on".</summary>
    private static string[] Switchings(ReaderRig rig) =>
    [
        .. rig.Sent().Where(static m => TypeOf(m) == MessageType.SetReaderConfig && Convert.ToHexString(m).Contains("00DB0007", StringComparison.Ordinal))
            .Select(static m => $"{m[^2]} {((m[^1] & 0x80) != 0 ? "on" : "off")}"),
    ];
}
