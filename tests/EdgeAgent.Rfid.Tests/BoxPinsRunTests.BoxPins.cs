using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Rfid.Tests;

/// <summary>The box's own pins of a build with -p:Gpio=iot, on a chip made of software: the library's controller is the real one.</summary>
public class BoxPinsRunTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Inputs_say_their_level_and_their_changes_and_outputs_are_off_before_and_after()
    {
        var chip = new SimulatedChip { [17] = PinValue.High };
        Channel<ShopInput> shop = Channel.CreateBounded<ShopInput>(1024);
        using var stop = new CancellationTokenSource();
        var runner = new ReaderRunner(Config("gpio:0/17,27", gpi: [1]), TimeProvider.System, static bytes => bytes.Clear(), lamps: [2])
        {
            OpenChip = number => number == 0 ? new GpioController(chip) : throw new InvalidOperationException("no such chip"),
        };
        Task running = runner.RunAsync(shop.Writer, stop.Token);

        Assert.Equal((1, true), Pin(await NextAsync(shop)));
        Assert.Equal(SensorState.Online, Assert.IsType<ShopInput.SensorReported>(await NextAsync(shop)).State);
        chip.Change(17, PinValue.Low);
        Assert.Equal((1, false), Pin(await NextAsync(shop)));
        Assert.Equal(PinValue.Low, chip[27]);
        Assert.True(runner.SetOutput(2, on: true));
        await chip.Written(27, PinValue.High).WaitAsync(s_patience);

        await stop.CancelAsync();
        await running.WaitAsync(s_patience);
        Assert.Equal(PinValue.Low, chip[27]);
    }

    [Fact]
    public async Task A_chip_that_is_not_there_is_an_offline_reader_with_a_sentence()
    {
        Channel<ShopInput> shop = Channel.CreateBounded<ShopInput>(1024);
        using var stop = new CancellationTokenSource();
        var runner = new ReaderRunner(Config("gpio:7/17", gpi: [1]), TimeProvider.System, static bytes => bytes.Fill(7))
        {
            OpenChip = static _ => throw new IOException("no such chip"),
        };
        Task running = runner.RunAsync(shop.Writer, stop.Token);

        Assert.Equal(SensorState.Offline, Assert.IsType<ShopInput.SensorReported>(await NextAsync(shop)).State);
        Assert.Contains("/dev/gpiochip7 cannot be used", runner.LastTrouble, StringComparison.Ordinal);
        await stop.CancelAsync();
        await running.WaitAsync(s_patience);
    }

    [Theory]
    [InlineData("gpio:0/17,27", true)]
    [InlineData("gpio:0/17,17", false)]
    [InlineData("gpio:0", false)]
    [InlineData("gpio:x/1", false)]
    [InlineData("gpio:0/1,", false)]
    public void A_source_names_a_chip_and_each_line_once(string source, bool good) => Assert.Equal(good, BoxPins.TryParse(source, out _, out _));

    private static ReaderConfig Config(string source, int[] gpi) => new("pins", source, [], GpiPorts: gpi);

    private static (int Port, bool High) Pin(ShopInput input) => Assert.IsType<ShopInput.PinChanged>(input) is var pin ? (pin.Port, pin.High) : default;

    private static async Task<ShopInput> NextAsync(Channel<ShopInput> shop) => await shop.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    /// <summary>A chip whose lines a test sets.</summary>
    private sealed class SimulatedChip : GpioDriver
    {
        private readonly ConcurrentDictionary<int, PinValue> _levels = new();
        private readonly ConcurrentDictionary<int, PinMode> _modes = new();
        private readonly ConcurrentDictionary<int, PinChangeEventHandler> _handlers = new();
        private readonly ConcurrentDictionary<(int, bool), TaskCompletionSource> _written = new();

        public PinValue this[int line]
        {
            get => _levels.GetValueOrDefault(line, PinValue.Low);
            init => _levels[line] = value;
        }

        protected override int PinCount => 32;

        public void Change(int line, PinValue level)
        {
            _levels[line] = level;
            _handlers[line](this, new PinValueChangedEventArgs(level == PinValue.High ? PinEventTypes.Rising : PinEventTypes.Falling, line));
        }

        public Task Written(int line, PinValue level) => Written((line, level == PinValue.High)).Task;

        protected override void OpenPin(int pinNumber)
        {
        }

        protected override void ClosePin(int pinNumber)
        {
        }

        protected override void SetPinMode(int pinNumber, PinMode mode) => _modes[pinNumber] = mode;

        protected override PinMode GetPinMode(int pinNumber) => _modes[pinNumber];

        protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

        protected override PinValue Read(int pinNumber) => this[pinNumber];

        protected override void Write(int pinNumber, PinValue value)
        {
            _levels[pinNumber] = value;
            Written((pinNumber, value == PinValue.High)).TrySetResult();
        }

        protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => _handlers[pinNumber] = callback;

        protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => _handlers.TryRemove(pinNumber, out _);

        private TaskCompletionSource Written((int, bool) what) => _written.GetOrAdd(what, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
