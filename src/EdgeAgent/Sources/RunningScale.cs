namespace EdgeAgent.Sources;

/// <summary>The scale of one cabinet with its worker. It goes on over a change of the configuration that leaves its cabinet and its address alone.</summary>
/// <param name="key">What it was made from: with the same key it need not be made anew.</param>
internal sealed class RunningScale(string key, ScaleRunner runner)
{
    private RunningTask? _running;

    public string Id => runner.Id;
    public string Key => key;
    public ScaleRunner Runner => runner;

    /// <param name="ended">Told when it ends without having been stopped, with the reason: that is a bug.</param>
    public void Start(Action<Exception?> ended) => _running = RunningTask.Start(runner.RunAsync, ended);

    public async Task StopAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
            _running = null;
        }
    }
}
