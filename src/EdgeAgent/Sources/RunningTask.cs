namespace EdgeAgent.Sources;

/// <summary>Something that runs until it is stopped. Ending by itself is a bug, which is passed on at once.</summary>
internal sealed class RunningTask : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private RunningTask(Func<CancellationToken, Task> run, Action<Exception?> ended) => _run = WatchAsync(run, ended);

    public static RunningTask Start(Func<CancellationToken, Task> run, Action<Exception?> ended) => new(run, ended);

    /// <summary>Stops it; completes when it has ended. Never throws, for its failure was passed on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task WatchAsync(Func<CancellationToken, Task> run, Action<Exception?> ended)
    {
        CancellationToken stop = _stop.Token;
        try
        {
            await Task.Run(() => run(stop), CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception bug)
        {
            ended(bug);
            return;
        }
        if (!stop.IsCancellationRequested)
        {
            ended(null);
        }
    }
}
