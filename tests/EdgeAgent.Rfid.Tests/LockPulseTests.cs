using System.Net;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Rfid.Tests;

/// <summary>A lock at an output that turns itself off. The bytes are Impinj's; the end of the pulse is the simulated reader's.</summary>
public class LockPulseTests
{
    [Fact]
    public void Mode_of_an_output_is_impinj_s_custom_parameter_64()
    {
        // SET_READER_CONFIG | length | id | no reset | 03ff length vendor 25882 subtype 64 | port 3 | mode 1 | 3000 ms
        Assert.Equal("04030000001F0000000700" + "03FF0014" + "0000651A" + "00000040" + "0003" + "0001" + "00000BB8", Convert.ToHexString(GateRequests.ImpinjOutputMode(7, 3, TimeSpan.FromSeconds(3))));
        Assert.EndsWith("0003" + "0000" + "00000000", Convert.ToHexString(GateRequests.ImpinjOutputMode(7, 3, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Level_that_is_written_as_a_pulse_turns_back_and_one_that_is_renewed_does_not()
    {
        var time = new ManualTime(GateStage.Start);
        var pins = new ReaderPins(time);
        Take(pins, GateRequests.ImpinjOutputMode(1, 3, TimeSpan.FromSeconds(3)));
        for (int second = 0; second < 10; second++)
        {
            Take(pins, GateRequests.SetOutput(2, 3, on: true));
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(pins.IsOutputOn(3));
        }
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(pins.IsOutputOn(3));

        // Written off as a pulse it turns on: to open, the mode goes first.
        Take(pins, GateRequests.SetOutput(3, 3, on: false));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(pins.IsOutputOn(3));
        Take(pins, GateRequests.ImpinjOutputMode(4, 3, null));
        Take(pins, GateRequests.SetOutput(5, 3, on: false));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(pins.IsOutputOn(3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Runner_shuts_a_lock_by_pulses_and_opens_it_for_good(bool isLock)
    {
        GateScene quiet = new GateSceneBuilder("shelf").Gate().With(new SceneShelf("shelf", new Place(0, -2, 1), [new SceneTags(Gtin: Goods.Socks.Gtin, Count: 3)])).Build(3600, new SceneWire());
        await using var reader = new GateReaderServer(quiet, "exit-reader", new SceneClock(TimeProvider.System), IPAddress.Loopback);
        var changes = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        reader.OutputChanged += (port, on) => _ = port != 3 || changes.Writer.TryWrite(on);
        var shop = System.Threading.Channels.Channel.CreateUnbounded<Core.ShopInput>();
        using var stop = new CancellationTokenSource();
        var runner = new ReaderRunner(Some.Reader(reader.Port) with { Antennas = [new AntennaConfig(1)] }, TimeProvider.System, Some.NoJitter, null, [3], isLock ? [3] : []);
        Task running = runner.RunAsync(shop.Writer, stop.Token);

        Assert.True(runner.SetOutput(3, true));
        Assert.True(await NextAsync());
        if (isLock)
        {
            // Nobody renews it.
            Assert.False(await NextAsync());
            Assert.True(runner.SetOutput(3, true));
            Assert.True(await NextAsync());
        }
        Assert.True(runner.SetOutput(3, false));
        Assert.False(await NextAsync());
        Assert.Equal(isLock ? true : null, runner.LocksExpire);
        await stop.CancelAsync();
        await running;
        Assert.False(changes.Reader.TryRead(out _));

        async Task<bool> NextAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
            return await changes.Reader.ReadAsync(patience.Token);
        }
    }

    [Fact]
    public async Task Reader_that_knows_no_pulses_gets_plain_levels_once_and_that_is_said()
    {
        await using var rig = new ReaderRig(
            TimeProvider.System, new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero, ReaderScript.Quiet with { Faults = new(RefusesPulses: true) }), null, [3], [3]);
        Assert.Equal("Online None", await rig.NextAsync());
        await ReaderRig.UntilAsync(() => rig.Runner.LocksExpire == false && rig.Counters.OutputsSet == 1); // off at the connect

        for (int again = 0; again < 5; again++)
        {
            Assert.True(rig.Runner.SetOutput(3, true));
        }
        Assert.True(rig.Runner.SetOutput(3, false));
        await ReaderRig.UntilAsync(() => rig.Counters.OutputsSet == 3);
        Assert.Equal(0, rig.Counters.OutputsRefused);
        Assert.Contains("wire it by a time relay", Assert.Single(rig.Warnings), StringComparison.Ordinal);
    }

    private static void Take(ReaderPins pins, byte[] frame)
    {
        var parameters = new ParameterReader(frame.AsSpan(LlrpHeader.Size + 1));
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            Assert.True(pins.Take(parameter));
        }
    }
}
