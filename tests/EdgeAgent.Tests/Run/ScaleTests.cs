using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Scales;
using EdgeAgent.Sources;

namespace EdgeAgent.Tests.Running;

/// <summary>A scale on TCP: its lines and its troubles.</summary>
public sealed class ScaleTests
{
    [Theory]
    [InlineData("S S     100.00 g", "Stable", 100)]
    [InlineData("S S      -0.05 g\r", "Stable", -0.05)]
    [InlineData("S D     1.2345 kg", "Moving", 1234.5)]
    [InlineData("S S 2 lb", "Stable", 907.18474)]
    [InlineData("S S 16 oz", "Stable", 453.59237)]
    [InlineData("S +", "OutsideRange", 0)]
    [InlineData("S -", "OutsideRange", 0)]
    [InlineData("S I", "Busy", 0)]
    [InlineData("S L", "Refused", 0)]
    [InlineData("ES", "Refused", 0)]
    [InlineData("EL", "Refused", 0)]
    [InlineData("", "Foreign", 0)]
    [InlineData("S", "Foreign", 0)]
    [InlineData("S S", "Foreign", 0)]
    [InlineData("S S 12.5 pcs", "Foreign", 0)]
    [InlineData("S S 1e999 g", "Foreign", 0)]
    [InlineData("S S nan g", "Foreign", 0)]
    [InlineData("S + 12 g", "Foreign", 0)]
    [InlineData("45 g", "Foreign", 0)]
    [InlineData("HTTP/1.1 400 Bad Request", "Foreign", 0)]
    public void Each_line_of_the_standard_is_known_and_no_other(string line, string answer, double grams)
    {
        SicsLine read = SicsLine.Read(Encoding.ASCII.GetBytes(line));
        Assert.Equal(answer, read.Answer.ToString());
        Assert.Equal(grams, read.Grams, 9);
    }

    [Fact]
    public async Task Its_weighings_and_its_troubles_reach_the_shop_each_once()
    {
        await using var scale = new ScaleSimulator(5000, TimeProvider.System);
        await using var shop = new ScaleRun(scale.Address);
        await shop.StateAsync(SensorState.Online, SensorReason.None);
        Assert.Equal((5000, true), await shop.WeightAsync(5000));
        Assert.Equal((5000, true), await shop.WeightAsync(5000)); // the same once a second, for whoever waits for a weighing
        scale.Lies(4650.5, stable: false);
        Assert.Equal((4650.5, false), await shop.WeightAsync(4650.5));
        scale.Says("S +");
        await shop.StateAsync(SensorState.Degraded, SensorReason.OutsideRange);
        scale.Says(null);
        await shop.StateAsync(SensorState.Offline, SensorReason.Silent);
        Assert.Contains("Scale of cabinet 'fridge' at 127.0.0.1: no weight for 5 s.", shop.Runner.LastTrouble, StringComparison.Ordinal);
        scale.Lies(1);
        await shop.StateAsync(SensorState.Online, SensorReason.None);
        scale.Says("ES");
        await shop.StateAsync(SensorState.Offline, SensorReason.RejectedSettings);
    }

    [Theory]
    [InlineData("+  12.34 kg", "is not MT-SICS")]
    [InlineData("a line that has no end and is longer than any that a scale sends, whatever it is", "is not MT-SICS")]
    public async Task What_is_no_scale_is_said_to_be_none(string line, string sentence)
    {
        await using var other = new ScaleSimulator(1, TimeProvider.System);
        other.Says(line);
        await using var shop = new ScaleRun(other.Address);
        await shop.StateAsync(SensorState.Offline, SensorReason.DamagedMessage);
        Assert.Contains(line.Length > SicsLine.MostBytes ? "speaks MT-SICS" : sentence, shop.Runner.LastTrouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_unreachable()
    {
        await using var shop = new ScaleRun($"mt-sics://127.0.0.1:{MosquittoBroker.FreePort()}");
        await shop.StateAsync(SensorState.Offline, SensorReason.Unreachable);
    }

    private sealed class ScaleRun : IAsyncDisposable
    {
        private readonly Channel<ShopInput> _shop = Channel.CreateBounded<ShopInput>(16);
        private readonly RunningTask _run;

        public ScaleRun(string source)
        {
            Runner = new ScaleRunner(new CabinetConfig("fridge", Scale: new ScaleConfig([], Source: source)), _shop.Writer, RandomNumberGenerator.Fill, TimeProvider.System);
            _run = RunningTask.Start(Runner.RunAsync, bug => _shop.Writer.TryComplete(bug));
        }

        public ScaleRunner Runner { get; }

        public Task StateAsync(SensorState state, SensorReason reason) => NextAsync(input => input is ShopInput.SensorReported(_, SensorKind.Scale, "fridge", var s, var r) && s == state && r == reason);

        public async Task<(double Grams, bool Stable)> WeightAsync(double grams)
        {
            var weight = (ShopInput.WeightRead)await NextAsync(input => input is ShopInput.WeightRead { Cabinet: "fridge" } w && w.Grams == grams);
            return (weight.Grams, weight.Stable);
        }

        public ValueTask DisposeAsync() => _run.DisposeAsync();

        private async Task<ShopInput> NextAsync(Predicate<ShopInput> wanted)
        {
            using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
            while (true)
            {
                ShopInput input = await _shop.Reader.ReadAsync(patience.Token);
                if (wanted(input))
                {
                    return input;
                }
            }
        }
    }
}
