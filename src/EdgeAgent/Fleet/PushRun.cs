using System.Threading.Channels;

namespace EdgeAgent.Fleet;

/// <summary>Which document is pushed: its topics, and where a box's answer to it stands.</summary>
internal sealed record PushKind(string Name, string Desired, string ReportedTopic, Func<BoxStatus, Reported> Of)
{
    public static PushKind Config { get; } = new("config", "cfg/desired", "cfg/reported", box => box.Config);
    public static PushKind Models { get; } = new("models", "ota/desired", "ota/reported", box => box.Models);
}

/// <summary>Carries a roll-out through: publishes what it says, tells it what the boxes answer, until it has ended.</summary>
internal sealed class PushRun(FleetLine line, PushKind kind, long version, Rollout rollout, IReadOnlyDictionary<BoxName, byte[]> documents, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    // The broker's own limit of messages without an answer.
    private const int AtOnce = 20;

    // Number of each box's last answer when it was sent the document.
    private readonly Dictionary<BoxName, long> _before = [];

    /// <summary>Called when something changed, for a screen.</summary>
    public Action? OnChange { get; init; }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            foreach (BoxName box in rollout.Order)
            {
                if (_before.TryGetValue(box, out long before))
                {
                    rollout.Take(box, kind.Of(line.Of(box)).About(version, before));
                }
            }
            IReadOnlyList<BoxName> next = rollout.Next(time.GetUtcNow());
            foreach (BoxName box in next)
            {
                _before[box] = kind.Of(line.Of(box)).Number;
            }
            OnChange?.Invoke();
            if (rollout.Ended)
            {
                return;
            }
            await Parallel.ForEachAsync(next, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
                async (box, ct) => await line.PublishAsync(box, kind.Desired, documents[box], retain: true, ct));
            if (next.Count == 0)
            {
                await NewsAsync(cancel);
            }
        }
    }

    /// <summary>Until a box has said something, at most a second: patience ends by the clock.</summary>
    private async Task NewsAsync(CancellationToken cancel)
    {
        using var look = new CancellationTokenSource(s_look, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(look.Token, cancel);
        try
        {
            await line.News.WaitToReadAsync(either.Token);
            while (line.News.TryRead(out _))
            {
                // What it says stands in the box's status already.
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }
    }
}
