using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Rfid;

/// <summary>The box's own pins in the place of a reader's, of a build with -p:Gpio=iot: photo-eyes and buttons in, lamps and locks out.</summary>
public sealed partial class ReaderRunner
{
    /// <summary>Opens a chip of the kernel; a test gives one of its own.</summary>
    internal Func<int, GpioController> OpenChip { get; set; } = chip => new GpioController(new LibGpiodDriver(chip));

    private async Task ServePinsAsync(ChannelWriter<ShopInput> shop, CancellationToken cancel)
    {
        _ = BoxPins.TryParse(_reader.Config.Source, out int number, out int[] lines);
        GpioController? chip = null;
        try
        {
            chip = OpenChip(number);
            OpenInputs(chip, lines, shop, cancel);
            OpenOutputs(chip, lines);
            Counters.Connections++;
            _reader.Outputs.Connected();
            await ReportAsync(shop, SensorState.Online, SensorReason.None, cancel);
            await foreach (ReaderCommand command in _reader.Outputs.Waiting.ReadAllAsync(cancel))
            {
                if (command != ReaderCommand.Probe)
                {
                    chip.Write(LineOf(command.Port, lines), command.On);
                    Counters.OutputsSet++;
                }
            }
        }
        catch (Exception e) when (e is not (OperationCanceledException or ReaderFaultException))
        {
            // The library throws a kind of its own for each driver; none of them is a bug of this agent.
            throw new ReaderFaultException(SensorReason.Unreachable, $"the pins of /dev/gpiochip{number} cannot be used: {e.Message}");
        }
        finally
        {
            _reader.Outputs.Disconnected();
            Leave(chip, lines);
        }
    }

    /// <summary>Each input says its level once at the start, then its changes, on the library's own thread: when the shop is full that thread waits.</summary>
    private void OpenInputs(GpioController chip, int[] lines, ChannelWriter<ShopInput> shop, CancellationToken cancel)
    {
        foreach (int port in _reader.Config.GpiPorts ?? [])
        {
            int line = LineOf(port, lines);
            chip.OpenPin(line, PinMode.Input);
            chip.RegisterCallbackForPinValueChangedEvent(line, PinEventTypes.Rising | PinEventTypes.Falling, (_, change) => Tell(port, change.ChangeType == PinEventTypes.Rising));
            Tell(port, chip.Read(line) == PinValue.High);
        }

        void Tell(int port, bool high)
        {
            try
            {
                Counters.PinChanges++;
                shop.WriteAsync(new ShopInput.PinChanged(_time.GetUtcNow(), Id, port, high), cancel).AsTask().GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
            {
                // The agent stops.
            }
        }
    }

    private void OpenOutputs(GpioController chip, int[] lines)
    {
        foreach (int port in _reader.Outputs.Pins)
        {
            chip.OpenPin(LineOf(port, lines), PinMode.Output, PinValue.Low);
        }
    }

    /// <summary>Lamps do not shine for an agent that has stopped.</summary>
    private void Leave(GpioController? chip, int[] lines)
    {
        foreach (int port in _reader.Outputs.Pins)
        {
            if (port <= lines.Length && chip?.IsPinOpen(lines[port - 1]) == true)
            {
                chip.Write(lines[port - 1], PinValue.Low);
            }
        }
        chip?.Dispose();
    }

    private static int LineOf(int port, int[] lines) => port <= lines.Length
        ? lines[port - 1]
        : throw new ReaderFaultException(SensorReason.RejectedSettings, $"port {port} is used, but the source names {lines.Length} lines.");
}
