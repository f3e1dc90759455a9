namespace EdgeAgent.Core.Gate;

/// <summary>
/// How strongly one tag is heard from one side of the gate while it stands still. Stock beside the gate and parked carts have such a level;
/// a tag that comes near to walk out is clearly stronger. Weaker is no sign of leaving: a body in front of the shelf does that.
/// </summary>
internal struct StandingLevel
{
    // A mean deviation above this is a bag in a hand, not a shelf. dB.
    private const float SteadyDb = 5;

    /// <summary>Stronger than the level by this much, or by some mean deviations if that is more: the tag has come nearer. Decibels.</summary>
    public const float NearerDb = 6;
    private const float NearerDeviations = 4;

    private const int NearerReads = 2;

    // A tag that was carried off is no longer heard at its level after this. Seconds.
    private const double HeardLatelySeconds = 0.6;

    private DateTimeOffset _lastRead;
    private double _heardSeconds;
    private float _meanDbm;
    private float _deviationDb;
    private int _reads;
    private int _nearer;
    private float _off;

    /// <summary>Heard steadily for so long that the tag stands there. Stays known when the strength begins to swing.</summary>
    public bool Known { get; private set; }

    /// <summary>The level, in decibels.</summary>
    public readonly float MeanDbm => _meanDbm;

    /// <summary>Takes a read in. True when it and another since the last weak one were clearly nearer than the known level.</summary>
    /// <param name="staticSeconds">How long a tag must be heard to be stock.</param>
    public bool Read(DateTimeOffset at, float rssiDbm, double staticSeconds)
    {
        double pause = Math.Max(0, (at - _lastRead).TotalSeconds);
        if (_reads == 0 || pause > Memory(staticSeconds))
        {
            this = new StandingLevel { _lastRead = at, _meanDbm = rssiDbm, _reads = 1 };
            return false;
        }
        _lastRead = at > _lastRead ? at : _lastRead;
        _reads = Math.Min(_reads + 1, 1_000_000);
        float off = rssiDbm - _meanDbm;
        _off = off;
        if (!Known || off <= 0)
        {
            _nearer = 0;
        }
        else if (off >= MathF.Max(NearerDb, NearerDeviations * _deviationDb))
        {
            _nearer++;
        }
        // A plain mean at first; later what is older than a third of the static time fades.
        float gain = (float)Math.Max(1.0 / _reads, Math.Min(pause, 1) / (Math.Min(pause, 1) + (staticSeconds / 3)));
        _meanDbm += gain * off;
        _deviationDb += gain * (MathF.Abs(off) - _deviationDb);
        // A long pause proves little: stock that is seldom heard takes longer to become known.
        _heardSeconds += Math.Min(pause, staticSeconds / 6);
        Known |= _heardSeconds >= staticSeconds && _deviationDb <= SteadyDb;
        return _nearer >= NearerReads;
    }

    /// <summary>It was heard at its level a moment ago: it stands there still.</summary>
    public readonly bool HoldsAt(DateTimeOffset at) =>
        Known && Math.Abs((at - _lastRead).TotalSeconds) <= HeardLatelySeconds && MathF.Abs(_off) < MathF.Max(NearerDb, NearerDeviations * _deviationDb);

    /// <summary>Pauses up to this long do not break what was learned.</summary>
    private readonly double Memory(double staticSeconds) => Known ? 10 * staticSeconds : 2 * staticSeconds;
}
