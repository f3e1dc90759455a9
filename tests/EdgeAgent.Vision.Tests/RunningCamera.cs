using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

/// <summary>A camera runner at work, with the project's own small model and short waits, and what it told the shop.</summary>
internal sealed class RunningCamera : IAsyncDisposable
{
    // A broken test ends with a sentence instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Channel<ShopInput> _shop = Channel.CreateUnbounded<ShopInput>();
    private readonly CancellationTokenSource _stop = new();
    private readonly FrameAnalyzer _analyzer;
    private readonly Task _running;

    public RunningCamera(CameraConfig camera)
    {
        _analyzer = OwnModel(camera.Id);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), bytes => bytes.Fill(0x80));
        Runner = new CameraRunner(camera, _analyzer, _shop.Writer, backoff, TimeProvider.System, warn: Warnings.Add);
        _running = Runner.RunAsync(_stop.Token);
    }

    public CameraRunner Runner { get; }

    public List<string> Warnings { get; } = [];

    /// <summary>Pictures observed since the start, counted while waiting.</summary>
    public int Observed { get; private set; }

    public static FrameAnalyzer OwnModel(string camera) => FrameAnalyzer.Open(
        camera, new ModelsConfig("synthetic-people", Threads: 1), Shared.Catalog(), Path.Combine(Shared.RepoRoot, "models", "synthetic"));

    /// <summary>Waits for the next report of a state.</summary>
    public async Task<SensorReason> UntilAsync(SensorState state)
    {
        while (true)
        {
            if (await NextAsync() is ShopInput.SensorReported report && report.State == state)
            {
                return report.Reason;
            }
        }
    }

    /// <summary>Waits until so many more pictures were observed; a report of another state fails.</summary>
    public async Task ObserveAsync(int pictures)
    {
        for (int end = Observed + pictures; Observed < end;)
        {
            if (await NextAsync() is ShopInput.SensorReported { State: not SensorState.Online } report)
            {
                Assert.Fail($"The camera became {report.State} ({report.Reason}): {Runner.Status.LastFault}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Assert.Equal(0, Runner.Status.FramesHeld);
        Runner.Dispose();
        _analyzer.Dispose();
        _stop.Dispose();
    }

    private async Task<ShopInput> NextAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        try
        {
            ShopInput input = await _shop.Reader.ReadAsync(patience.Token);
            Observed += input is ShopInput.FrameObserved ? 1 : 0;
            return input;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Nothing came from the camera for {s_patience.TotalSeconds} s; its last fault: {Runner.Status.LastFault}");
        }
    }
}
