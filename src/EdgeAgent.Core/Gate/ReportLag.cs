namespace EdgeAgent.Core.Gate;

/// <summary>
/// How late a gate's readers report, learned from the reads: a decision waits as long as reads may still come, not as long as they might at the
/// worst reader.
/// </summary>
internal struct ReportLag
{
    // Fewer reads than this tell nothing: the whole late time is waited.
    private const int EnoughReads = 10;

    // A network is allowed to be half as late again as it was lately, and a little more. Seconds.
    private const double Margin = 1.5;
    private const double Least = 0.05;

    // How long a peak is remembered: halved in this time. Seconds.
    private const double HalfLife = 30;

    private int _reads;
    private double _peak;
    private DateTimeOffset _peakAt;

    public void Take(DateTimeOffset read, DateTimeOffset arrived)
    {
        double lag = Math.Max(0, (arrived - read).TotalSeconds);
        _reads = Math.Min(_reads + 1, EnoughReads);
        if (lag >= Faded(arrived))
        {
            _peak = lag;
            _peakAt = arrived;
        }
    }

    /// <param name="most">What is waited when nothing is known, and never more.</param>
    public readonly double Wait(DateTimeOffset now, double most) => _reads < EnoughReads ? most : Math.Min(most, (Margin * Faded(now)) + Least);

    private readonly double Faded(DateTimeOffset now) => _peak * Math.Pow(0.5, Math.Max(0, (now - _peakAt).TotalSeconds) / HalfLife);
}
