namespace EdgeAgent.Tests;

/// <summary>A clock that stands still until the test moves it, timers included.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly Lock _turn = new();
    private readonly List<Timer> _timers = [];
    private TaskCompletionSource _changed = NewSignal();

    // In the middle of a day after every build of this project.
    private DateTimeOffset _now = new(2100, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_turn)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state, dueTime);
        lock (_turn)
        {
            timer.At = _now + dueTime;
            _timers.Add(timer);
            Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
        }
        return timer;
    }

    /// <summary>Waits until somebody waits for exactly this time, then lets it pass.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        while (true)
        {
            Task changed;
            lock (_turn)
            {
                changed = _changed.Task;
                if (_timers.Exists(t => t.Due == wait))
                {
                    break;
                }
            }
            await changed.WaitAsync(Wait.Patience, System);
        }
        Advance(wait);
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_turn)
        {
            _now += by;
            due = _timers.FindAll(t => t.At <= _now);
            due.ForEach(t => _timers.Remove(t));
        }
        due.ForEach(t => t.Fire());
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Timer(TestClock clock, TimerCallback callback, object? state, TimeSpan due) : ITimer
    {
        public TimeSpan Due => due;
        public DateTimeOffset At { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("No code under test changes a timer.");

        public void Dispose()
        {
            lock (clock._turn)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
