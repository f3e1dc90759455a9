using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Rfid.Tests.Gates;

public class ReaderPinsTests
{
    [Fact]
    public void An_input_says_nothing_until_a_client_wants_it_and_the_reader_forgets_that_when_it_boots()
    {
        var pins = new ReaderPins(TimeProvider.System);
        Assert.False(pins.SetInput(1, high: true));

        Assert.True(Configure(pins, GateRequests.SetReaderConfig(1, TimeSpan.FromSeconds(1), holdReports: true, [1])));
        Assert.True(pins.SetInput(1, high: false));
        Assert.False(pins.SetInput(2, high: true));

        pins.Restart();
        Assert.False(pins.SetInput(1, high: true));
    }

    [Fact]
    public void A_pin_that_is_not_there_is_refused()
    {
        var pins = new ReaderPins(TimeProvider.System);

        Assert.False(Configure(pins, GateRequests.SetReaderConfig(1, TimeSpan.FromSeconds(1), holdReports: true, [5])));
        Assert.False(Configure(pins, GateRequests.SetOutput(1, port: 5, on: true)));
    }

    [Fact]
    public void A_client_that_asks_gets_the_level_of_every_pin()
    {
        var pins = new ReaderPins(TimeProvider.System);
        Configure(pins, GateRequests.SetReaderConfig(1, TimeSpan.FromSeconds(1), holdReports: true, [3]));
        Configure(pins, GateRequests.SetOutput(2, port: 4, on: true));
        pins.SetInput(2, high: true);

        var writer = new LlrpWriter(MessageType.GetReaderConfig, 1);
        pins.Write(writer);

        // GPIPortCurrentState (225) four times, then GPOWriteData (219) four times.
        Assert.Equal(
            "00E1000800010000" + "00E1000800020001" + "00E1000800038000" + "00E1000800040000"
                + "00DB0007000100" + "00DB0007000200" + "00DB0007000300" + "00DB0007000480",
            Convert.ToHexString(writer.ToFrame().AsSpan(LlrpHeader.Size)));
    }

    private static bool Configure(ReaderPins pins, byte[] message)
    {
        bool good = true;
        var parameters = new ParameterReader(message.AsSpan(LlrpHeader.Size + 1));
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            good &= pins.Take(parameter);
        }
        return good;
    }
}
