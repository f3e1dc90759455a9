using EdgeAgent.Core.Config;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Sources;

/// <summary>One camera with its models and its worker. It goes on over a change of the configuration that does not concern it.</summary>
/// <param name="key">What it was made from: with the same key it need not be made anew.</param>
/// <param name="analyzer">Belongs to this camera from now on.</param>
/// <param name="newRunner">A runner runs once; a restarted camera gets a new one.</param>
internal sealed class RunningCamera(
    CameraConfig config, string key, FrameAnalyzer analyzer, DetectionScheduler turns, Func<DetectionScheduler.Place, CameraRunner> newRunner) : IDisposable
{
    private CameraRunner? _runner;
    private DetectionScheduler.Place? _place;
    private RunningTask? _running;

    public string Id => config.Id;
    public string Key => key;
    public FrameAnalyzer Analyzer => analyzer;

    /// <summary>Pictures a second that the configuration asks for.</summary>
    public double WantedFps => config.Fps;

    /// <summary>Null before the first start.</summary>
    public CameraStatus? Status => Volatile.Read(ref _runner)?.Status;

    /// <param name="ended">Told when it ends without having been stopped, with the reason: that is a bug.</param>
    public void Start(Action<Exception?> ended)
    {
        _place ??= turns.Join(config.Fps);
        _runner?.Dispose();
        CameraRunner runner = newRunner(_place);
        Volatile.Write(ref _runner, runner);
        _running = RunningTask.Start(runner.RunAsync, ended);
    }

    /// <summary>Completes when the camera is free for somebody else. It may be started again.</summary>
    public async Task StopAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
            _running = null;
        }
    }

    /// <summary>When it is stopped.</summary>
    public void Dispose()
    {
        if (_place is not null)
        {
            turns.Leave(_place);
        }
        _runner?.Dispose();
        analyzer.Dispose();
    }
}
