namespace EdgeAgent.Core.Gate;

/// <summary>
/// How coarse a gate's read times are. Recordings in whole seconds exist; a silence shorter than such a step is no silence. Learned from the reads
/// in the order of their times.
/// </summary>
internal struct TimeGrain
{
    // Different times, all of them whole seconds, before the clock is taken to be that coarse: by chance one in 10^12 for a clock of milliseconds.
    private const int EnoughTimes = 4;

    // A silence is two and a half steps: one may fall out.
    private const double Steps = 2.5;

    private int _times;
    private bool _fine;
    private DateTimeOffset _last;

    public void Take(DateTimeOffset read)
    {
        if (!_fine && read != _last)
        {
            _last = read;
            _times = Math.Min(_times + 1, EnoughTimes);
            _fine = read.UtcTicks % TimeSpan.TicksPerSecond != 0;
        }
    }

    /// <summary>The silence that counts, in seconds, where <paramref name="settle"/> is configured.</summary>
    public readonly double Silence(double settle) => !_fine && _times >= EnoughTimes ? Math.Max(settle, Steps) : settle;
}
