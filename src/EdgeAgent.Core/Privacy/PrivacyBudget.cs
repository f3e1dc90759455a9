namespace EdgeAgent.Core.Privacy;

/// <summary>What the releases of one UTC day may cost together, in hundredths of ε. Releases of one day add up; a new day has a new budget.</summary>
/// <remarks>
/// In memory: a start in the middle of a day does not know what was released before it, and takes it that every hour was.
/// </remarks>
internal sealed class PrivacyBudget
{
    private DateOnly? _day;
    private bool _started;

    /// <summary>Of the present day, in hundredths.</summary>
    public int Spent { get; private set; }

    /// <summary>False when the day's budget does not cover it: then nothing may be released.</summary>
    /// <param name="from">The hour that is to be released begins then.</param>
    public bool TrySpend(DateTimeOffset from, int cost, int perDay)
    {
        var day = DateOnly.FromDateTime(from.UtcDateTime);
        if (day != _day)
        {
            Spent = _started ? 0 : from.UtcDateTime.Hour * cost;
            (_day, _started) = (day, true);
        }
        if (Spent + cost > perDay)
        {
            return false;
        }
        Spent += cost;
        return true;
    }
}
