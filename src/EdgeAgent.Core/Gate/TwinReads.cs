namespace EdgeAgent.Core.Gate;

/// <summary>
/// Two tags with one code, told by their strength: within one turn of an antenna a tag hardly changes it, and two tags that lie differently are
/// heard in turns. Two that lie alike are not told.
/// </summary>
internal struct TwinReads
{
    // Reads of one antenna's turn follow each other so fast. Seconds.
    private const double TurnSeconds = 0.05;

    // One tag does not change so much in that time. Decibels.
    private const float JumpDb = 3;

    // So many jumps, and one in three pairs of reads: no echo.
    private const int Jumps = 5;
    private const int PairsPerJump = 3;

    private DateTimeOffset _last;
    private int _source;
    private float _db;
    private int _pairs;
    private int _jumps;

    public readonly bool AreTwo => _jumps >= Jumps && _jumps * PairsPerJump >= _pairs;

    /// <param name="source">Reader and antenna.</param>
    public void Take(DateTimeOffset at, int source, float db)
    {
        if (source == _source && at >= _last && (at - _last).TotalSeconds <= TurnSeconds)
        {
            _pairs++;
            _jumps += MathF.Abs(db - _db) >= JumpDb ? 1 : 0;
        }
        (_last, _source, _db) = (at, source, db);
    }
}
