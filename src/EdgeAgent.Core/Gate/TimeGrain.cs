namespace EdgeAgent.Core.Gate;

/// <summary>
/// How coarse a gate's read times are. Recordings in whole seconds exist; a silence shorter than such a step is no silence. Learned from the reads
/// in the order of their times.
/// </summary>
internal struct TimeGrain
{
    // A silence is two and a half steps: one may fall out.
    private const double Steps = 2.5;

    // One time that is no whole second proves a finer clock; a clock of milliseconds does so with nearly every read.
    private bool _fine;

    public void Take(DateTimeOffset read) => _fine |= read.UtcTicks % TimeSpan.TicksPerSecond != 0;

    /// <summary>The silence that counts, in seconds, where <paramref name="settle"/> is configured.</summary>
    public readonly double Silence(double settle) => !_fine ? Math.Max(settle, Steps) : settle;
}
