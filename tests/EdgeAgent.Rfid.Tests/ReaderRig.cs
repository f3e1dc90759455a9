using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;

namespace EdgeAgent.Rfid.Tests;

/// <summary>A runner against a simulated reader on a real TCP port, and what the shop hears of it.</summary>
internal sealed class ReaderRig : IAsyncDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(2);

    private readonly Channel<ShopInput> _shop = Channel.CreateBounded<ShopInput>(4096);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly List<byte[]> _sent = [];
    private readonly Task _running;

    public ReaderRig(TimeProvider time, LlrpReaderSimulator simulator, Func<ReaderConfig, ReaderConfig>? config = null, IReadOnlyList<int>? lamps = null, IReadOnlyList<int>? locks = null)
    {
        Simulator = simulator;
        ReaderConfig plain = Some.Reader(simulator.Port);
        Runner = new ReaderRunner(config is null ? plain : config(plain), time, Some.NoJitter, _warnings.Enqueue, lamps, locks);
        _running = Runner.RunAsync(_shop.Writer, _stop.Token);
    }

    public LlrpReaderSimulator Simulator { get; }

    public ReaderRunner Runner { get; }

    public ReaderCounters Counters => Runner.Counters;

    public IReadOnlyCollection<string> Warnings => _warnings;

    public static ReaderRig Start(params ReaderScript[] scripts) => Start(TimeProvider.System, null, scripts);

    public static ReaderRig Start(TimeProvider time, Func<ReaderConfig, ReaderConfig>? config, params ReaderScript[] scripts) =>
        new(time, new LlrpReaderSimulator(time, TimeSpan.Zero, scripts), config);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Simulator.DisposeAsync();
        _stop.Dispose();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async Task<ShopInput> InputAsync()
    {
        Task<bool> next = _shop.Reader.WaitToReadAsync().AsTask();
        if (await Task.WhenAny(next, _running) == _running && !next.IsCompleted)
        {
            await _running; // says why
            Assert.Fail("The runner ended by itself.");
        }
        return await _shop.Reader.ReadAsync();
    }

    public async Task<string> NextAsync() => Say(await InputAsync());

    /// <summary>The next inputs, in the words of <see cref="Say"/>.</summary>
    public async Task<string[]> NextAsync(int count)
    {
        string[] said = new string[count];
        for (int i = 0; i < count; i++)
        {
            said[i] = await NextAsync();
        }
        return said;
    }

    public async Task<TagRead> ReadAsync() => Assert.Single(Assert.IsType<ShopInput.TagsRead>(await InputAsync()).Reads);

    public bool TryNext(out string said)
    {
        bool any = _shop.Reader.TryRead(out ShopInput? input);
        said = any ? Say(input!) : "";
        return any;
    }

    /// <summary>Waits for something that other threads bring about; the time of the machine, not of the test, passes meanwhile.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 10_000, "What was waited for did not happen.");
            await Task.Delay(s_poll, TimeProvider.System);
        }
    }

    /// <summary>Seconds pass until something has happened. Each second is long enough for what it brings about to reach the other end.</summary>
    public static async Task PassUntilAsync(ManualTime time, Func<bool> condition)
    {
        for (int second = 0; !condition(); second++)
        {
            Assert.True(second < 120, "What was waited for did not happen in two minutes.");
            time.Advance(TimeSpan.FromSeconds(1));
            for (int poll = 0; poll < 25 && !condition(); poll++)
            {
                await Task.Delay(s_poll, TimeProvider.System);
            }
        }
    }

    /// <summary>Seconds pass until the shop hears something.</summary>
    public async Task<string> NextWhileTimePassesAsync(ManualTime time)
    {
        // What is said may be empty: reads of codes without a serial number.
        string said = "";
        bool heard = false;
        await PassUntilAsync(time, () =>
        {
            Assert.False(_running.IsCompleted, "The runner ended by itself.");
            return heard || (heard = TryNext(out said));
        });
        return said;
    }

    /// <summary>All that the runner has sent until now, in all connections.</summary>
    public IReadOnlyList<byte[]> Sent()
    {
        while (Simulator.Received.TryRead(out byte[]? message))
        {
            _sent.Add(message);
        }
        return _sent;
    }

    public int SentOf(MessageType type) => Sent().Count(m => TypeOf(m) == type);

    public byte[] SentOne(MessageType type) => Assert.Single(Sent(), m => TypeOf(m) == type);

    public static MessageType TypeOf(byte[] message) => LlrpHeader.TryRead(message, out LlrpHeader header) ? header.Type : 0;

    /// <summary>"State Reason", "pin 1 high", or the serial numbers of the reads.</summary>
    public static string Say(ShopInput input) => input switch
    {
        ShopInput.TagsRead reads => string.Join(' ', reads.Reads.Select(static r => Epcs.EpcIdentity.Identify(r.Epc).Serial)),
        ShopInput.SensorReported { Kind: SensorKind.Output } output => $"lamp {output.State} {output.Reason}",
        ShopInput.SensorReported sensor => $"{sensor.State} {sensor.Reason}",
        ShopInput.PinChanged pin => $"pin {pin.Port} {(pin.High ? "high" : "low")}",
        _ => input.ToString(),
    };

    public static ReaderSighting At(int number, TimeSpan at = default, ushort antenna = 1) => new(at, Some.Epc(number), antenna, -55);

    public static ReaderStep.Report Report(int number, TimeSpan at = default, TimeSpan? seen = null, ushort antenna = 1) => new(at, [At(number, seen ?? at, antenna)]);

    public static ReaderStep.Raw Raw(byte[] bytes) => new(TimeSpan.Zero, bytes);

    public static ReaderStep.Raw Raw(string hex) => Raw(Convert.FromHexString(hex));

    public static ReaderStep.Event Event(string parameter) => new(TimeSpan.Zero, parameter);
}
