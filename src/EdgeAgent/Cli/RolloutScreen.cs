using EdgeAgent.Fleet;

namespace EdgeAgent.Cli;

/// <summary>How far a roll-out is: one line that changes in a terminal, a line for each wave and each bad box in a pipe.</summary>
internal sealed class RolloutScreen(Rollout rollout) : IDisposable
{
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private (int Wave, int Bad, int Silent) _told;

    public void Show()
    {
        string now = $"wave {rollout.Wave}: {rollout.Count(RolloutResult.Applied)} applied, {rollout.Count(RolloutResult.Sent)} waiting, "
            + $"{rollout.Count(RolloutResult.Bad)} bad, {rollout.Count(RolloutResult.Silent)} silent, {rollout.Count(RolloutResult.Away)} away, {rollout.Count(RolloutResult.NotSent)} not sent";
        (int, int, int) news = (rollout.Wave, rollout.Count(RolloutResult.Bad), rollout.Count(RolloutResult.Silent));
        if (_terminal)
        {
            Console.Error.Write($"\r\e[K{now}");
        }
        else if (news != _told)
        {
            Console.Error.WriteLine(now);
        }
        _told = news;
    }

    public void Dispose()
    {
        if (_terminal)
        {
            Console.Error.Write("\r\e[K");
        }
    }
}
