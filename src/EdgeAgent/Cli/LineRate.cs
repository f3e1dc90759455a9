namespace EdgeAgent.Cli;

/// <summary>How often a kind of line may be written to the log: a device that fails ten times a second must not fill the box's disk.</summary>
internal sealed class LineRate(TimeProvider time)
{
    /// <summary>Lines of one kind within a minute.</summary>
    public const int Most = 30;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private readonly Dictionary<(string Room, int Kind), Count> _counts = [];

    /// <summary>False when it is to be left out.</summary>
    /// <param name="kind">Rooms and kinds are the program's own, so there are few.</param>
    /// <param name="leftOut">How many of this kind were left out since the last that was written.</param>
    public bool Allows((string Room, int Kind) kind, LogLevel level, out long leftOut)
    {
        leftOut = 0;
        if (level == LogLevel.Critical)
        {
            return true;
        }
        lock (_turn)
        {
            if (!_counts.TryGetValue(kind, out Count? count))
            {
                _counts[kind] = count = new Count { Began = time.GetTimestamp() };
            }
            if (time.GetElapsedTime(count.Began) >= s_minute)
            {
                (count.Began, count.Written) = (time.GetTimestamp(), 0);
            }
            if (count.Written == Most)
            {
                count.LeftOut++;
                return false;
            }
            count.Written++;
            (leftOut, count.LeftOut) = (count.LeftOut, 0);
            return true;
        }
    }

    private sealed class Count
    {
        public long Began { get; set; }
        public int Written { get; set; }
        public long LeftOut { get; set; }
    }
}
