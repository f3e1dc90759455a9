using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Simulators.Readers;

namespace EdgeAgent.Rfid.Tests;

/// <summary>The runner against a simulated reader on a real TCP port.</summary>
public sealed class ReaderRunnerTests : IAsyncLifetime
{
    private readonly Channel<ShopInput> _shop = Channel.CreateBounded<ShopInput>(1024);
    private readonly CancellationTokenSource _stop = new();
    private LlrpReaderSimulator? _reader;
    private ReaderRunner? _runner;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _reader!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Tags_at_the_reader_arrive_in_the_shop()
    {
        Start(TimeProvider.System, ReaderScript.Of([At(1), At(2), At(3)]));

        Assert.Equal("Online None", await NextAsync());
        Assert.Equal(["1", "2", "3"], [await NextAsync(), await NextAsync(), await NextAsync()]);
        Assert.Equal((1L, 3L), (_runner!.Counters.Connections, _runner.Counters.Reads));
    }

    [Fact]
    public async Task The_reader_is_set_up_in_the_order_of_a_gate_session()
    {
        Start(TimeProvider.System, new ReaderScript([new ReaderStep.Keepalive(TimeSpan.Zero, 0x4A), Report(1)]));
        Assert.Equal(["Online None", "1"], [await NextAsync(), await NextAsync()]);
        await StopAsync();

        List<byte[]> sent = Sent();
        Assert.Equal(
            [
                MessageType.GetReaderCapabilities, MessageType.Custom, MessageType.GetReaderCapabilities, MessageType.SetReaderConfig,
                MessageType.DeleteAccessSpec, MessageType.DeleteRoSpec, MessageType.AddRoSpec, MessageType.EnableRoSpec, MessageType.EnableEventsAndReports,
                MessageType.KeepaliveAck, MessageType.DisableRoSpec, MessageType.DeleteRoSpec, MessageType.CloseConnection,
            ], sent.Select(TypeOf));
        Assert.Equal("04480000000A0000004A", Convert.ToHexString(sent[9]));
    }

    [Fact]
    public async Task A_reader_that_is_not_there_is_unreachable()
    {
        // A port that was free a moment ago: every attempt is refused.
        _reader = new LlrpReaderSimulator(TimeProvider.System, TimeSpan.Zero);
        _runner = new ReaderRunner(Some.Reader(_reader.Port), TimeProvider.System, Some.NoJitter);
        await _reader.DisposeAsync();
        _running = _runner.RunAsync(_shop.Writer, _stop.Token);

        Assert.Equal("Offline Unreachable", await NextAsync());
        await StopAsync();
        Assert.False(_shop.Reader.TryRead(out _)); // said once, however often it is tried
    }

    [Fact]
    public async Task A_dropped_link_is_reported_and_built_up_again()
    {
        Start(TimeProvider.System,
            new ReaderScript([Report(1), new ReaderStep.Drop(TimeSpan.Zero)]),
            ReaderScript.Of([At(2)]));

        Assert.Equal(
            ["Online None", "1", "Offline Unreachable", "Online None", "2"],
            [await NextAsync(), await NextAsync(), await NextAsync(), await NextAsync(), await NextAsync()]);
    }

    [Fact]
    public async Task A_damaged_message_costs_that_message_only()
    {
        Start(TimeProvider.System, new ReaderScript([Report(1), new ReaderStep.Raw(TimeSpan.Zero, Some.DamagedFrame()), Report(2)]));

        Assert.Equal(
            ["Online None", "1", "Degraded DamagedMessage", "2"],
            [await NextAsync(), await NextAsync(), await NextAsync(), await NextAsync()]);
        Assert.Equal((1L, 1L), (_runner!.Counters.Connections, _runner.Counters.DamagedMessages));
    }

    [Fact]
    public async Task A_length_that_is_a_lie_costs_the_connection()
    {
        Start(TimeProvider.System, new ReaderScript([new ReaderStep.Raw(TimeSpan.Zero, Convert.FromHexString("043DFFFFFFFF00000001"))]), ReaderScript.Of([At(2)]));

        Assert.Equal(
            ["Online None", "Offline DamagedMessage", "Online None", "2"],
            [await NextAsync(), await NextAsync(), await NextAsync(), await NextAsync()]);
    }

    [Fact]
    public async Task A_refused_power_leaves_the_gate_working_and_says_so()
    {
        Start(TimeProvider.System, ReaderScript.Of([At(1)]) with { RefusesPower = true });

        Assert.Equal(["Degraded RejectedSettings", "1"], [await NextAsync(), await NextAsync()]);
        Assert.Contains("refused ADD_ROSPEC: ParameterError", _runner!.LastTrouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_antenna_that_the_reader_does_not_have_is_a_rejected_setting()
    {
        Start(TimeProvider.System, antenna: 5, [ReaderScript.Quiet]);

        Assert.Equal("Offline RejectedSettings", await NextAsync());
        Assert.Contains("Antenna 5 is configured, but the reader has 4.", _runner!.LastTrouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_leaves_no_ROSpec_at_the_reader()
    {
        Start(TimeProvider.System, ReaderScript.Quiet);
        await NextAsync();
        await StopAsync();

        Assert.Equal([MessageType.DisableRoSpec, MessageType.DeleteRoSpec, MessageType.CloseConnection], Sent().Select(TypeOf).TakeLast(3));
    }

    [Theory]
    [InlineData("llrp:FILE.jsonl")]
    [InlineData("http://reader")]
    [InlineData("llrps://reader")] // encrypted, but nothing says whom to trust
    [InlineData("reader")]
    public async Task A_source_that_is_no_reader_is_a_mistake_of_the_caller(string source)
    {
        Start(TimeProvider.System, ReaderScript.Quiet);
        Assert.Throws<ArgumentException>(() => new ReaderRunner(Some.Reader(source), TimeProvider.System, Some.NoJitter));
        await NextAsync();
    }

    private static ReaderSighting At(int number) => new(TimeSpan.Zero, Some.Epc(number), 1, -55);

    private static ReaderStep.Report Report(int number) => new(TimeSpan.Zero, [At(number)]);

    private static MessageType TypeOf(byte[] message) => LlrpHeader.TryRead(message, out LlrpHeader header) ? header.Type : 0;

    /// <summary>What the runner has sent; complete once it has stopped.</summary>
    private List<byte[]> Sent()
    {
        var sent = new List<byte[]>();
        while (_reader!.Received.TryRead(out byte[]? message))
        {
            sent.Add(message);
        }
        return sent;
    }

    /// <summary>"State Reason", or the serial numbers of the reads.</summary>
    private static string Say(ShopInput input) => input switch
    {
        ShopInput.TagsRead reads => string.Join(' ', reads.Reads.Select(static r => Epcs.EpcIdentity.Identify(r.Epc).Serial)),
        ShopInput.SensorReported sensor => $"{sensor.State} {sensor.Reason}",
        _ => input.ToString(),
    };

    private void Start(TimeProvider time, params ReaderScript[] scripts) => Start(time, TimeSpan.Zero, scripts);

    private void Start(TimeProvider time, int antenna, ReaderScript[] scripts) => Start(time, TimeSpan.Zero, antenna, scripts);

    private void Start(TimeProvider time, TimeSpan clockError, params ReaderScript[] scripts) => Start(time, clockError, antenna: 1, scripts);

    private void Start(TimeProvider time, TimeSpan clockError, int antenna, ReaderScript[] scripts)
    {
        _reader = new LlrpReaderSimulator(time, clockError, scripts);
        _runner = new ReaderRunner(Some.Reader(_reader.Port) with { Antennas = [new(antenna)] }, time, Some.NoJitter);
        _running = _runner.RunAsync(_shop.Writer, _stop.Token);
    }

    private async Task<ShopInput> InputAsync()
    {
        Task<bool> next = _shop.Reader.WaitToReadAsync().AsTask();
        if (await Task.WhenAny(next, _running) == _running && !next.IsCompleted)
        {
            await _running; // says why
            Assert.Fail("The runner ended by itself.");
        }
        return await _shop.Reader.ReadAsync();
    }

    private async Task<string> NextAsync() => Say(await InputAsync());

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }
}
