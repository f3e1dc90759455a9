namespace EdgeAgent.Tests;

/// <summary>Waiting for what another thread or process brings about.</summary>
internal static class Wait
{
    /// <summary>Far above anything that a loaded machine needs; only a hang reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until the condition holds.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(_ => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<CancellationToken, Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await condition(patience.Token))
        {
            await Task.Delay(s_look, TimeProvider.System, patience.Token);
        }
    }
}
