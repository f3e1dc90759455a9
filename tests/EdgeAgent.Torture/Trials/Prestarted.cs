using EdgeAgent.Torture.Children;

namespace EdgeAgent.Torture.Trials;

/// <summary>Children that are started one ahead, so that a trial does not wait for a runtime to come up.</summary>
internal sealed class Prestarted : IAsyncDisposable
{
    private readonly Func<AppendingChild> _start;
    private AppendingChild _next;

    public Prestarted(Func<AppendingChild> start)
    {
        _start = start;
        _next = start();
    }

    /// <summary>A child that has compiled everything and waits for its word to go.</summary>
    public async Task<AppendingChild> TakeAsync()
    {
        AppendingChild child = _next;
        await child.ReadyAsync();
        _next = _start();
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        await _next.KillAsync();
        _next.Dispose();
    }
}
