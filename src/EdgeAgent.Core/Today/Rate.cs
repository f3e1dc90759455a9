namespace EdgeAgent.Core.Today;

/// <summary>How many of something came in each second of late, by the times of the inputs.</summary>
internal sealed class Rate
{
    // Whole seconds that are looked at; the one under way does not count yet.
    private const int Seconds = 5;

    private readonly long[] _counts = new long[Seconds + 1];
    private long _second = long.MinValue;
    private long _first;

    public long Total { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    public void Add(int count, DateTimeOffset at)
    {
        Move(at);
        _counts[_second % _counts.Length] += count;
        Total += count;
        Last = at;
    }

    /// <summary>Mean of the last five whole seconds, or of as many as there are.</summary>
    public double PerSecond(DateTimeOffset now)
    {
        Move(now);
        long sum = 0;
        for (int i = 1; i <= Seconds; i++)
        {
            sum += _counts[(_second - i) % _counts.Length];
        }
        return Math.Round((double)sum / Math.Clamp(_second - _first, 1, Seconds), 1);
    }

    private void Move(DateTimeOffset at)
    {
        long second = at.UtcTicks / TimeSpan.TicksPerSecond;
        if (_second == long.MinValue)
        {
            _first = _second = second;
        }
        if (second - _second > Seconds)
        {
            Array.Clear(_counts);
            _second = second;
        }
        while (_second < second)
        {
            _second++;
            _counts[_second % _counts.Length] = 0;
        }
    }
}
