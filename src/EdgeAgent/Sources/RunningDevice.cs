namespace EdgeAgent.Sources;

/// <summary>A reader or a scale with its worker. It goes on over a change of the configuration that does not concern it.</summary>
/// <param name="key">What it was made from: with the same key it need not be made anew.</param>
/// <param name="run">Works until it is cancelled; may be run again.</param>
internal sealed class RunningDevice<TRunner>(string id, string key, TRunner runner, Func<CancellationToken, Task> run)
{
    private RunningTask? _running;

    public string Id => id;
    public string Key => key;
    public TRunner Runner => runner;

    /// <param name="ended">Told when it ends without having been stopped, with the reason: that is a bug.</param>
    public void Start(Action<Exception?> ended) => _running = RunningTask.Start(run, ended);

    /// <summary>Completes when the device's connection is closed. It may be started again.</summary>
    public async Task StopAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
            _running = null;
        }
    }
}
