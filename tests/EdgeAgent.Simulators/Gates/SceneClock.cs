namespace EdgeAgent.Simulators.Gates;

/// <summary>Where a scene is while it is played to live clients. All readers of a scene share one; the first client starts it.</summary>
/// <param name="speed">Seconds of the scene in one real second.</param>
public sealed class SceneClock(TimeProvider time, double speed = 1)
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _starting = new();
    private long _startedAt;
    private DateTimeOffset _startedUtc;

    public TimeProvider Time => time;

    public Task Started => _started.Task;

    /// <summary>Scene time; zero before the start.</summary>
    public TimeSpan Now => _started.Task.IsCompleted ? time.GetElapsedTime(_startedAt) * speed : TimeSpan.Zero;

    public void Start()
    {
        lock (_starting)
        {
            if (!_started.Task.IsCompleted)
            {
                _startedAt = time.GetTimestamp();
                _startedUtc = time.GetUtcNow();
                _started.SetResult();
            }
        }
    }

    /// <summary>The real time of a scene time. Tags are stamped with it, so that a client's own clock and the reader's run equally fast.</summary>
    public DateTimeOffset RealTime(TimeSpan sceneTime) => _startedUtc + (sceneTime / speed);

    public async Task WaitUntilAsync(TimeSpan sceneTime, CancellationToken cancel)
    {
        await Started.WaitAsync(cancel);
        TimeSpan early = (sceneTime - Now) / speed;
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, time, cancel);
        }
    }
}
