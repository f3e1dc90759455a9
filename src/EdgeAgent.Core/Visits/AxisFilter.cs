namespace EdgeAgent.Core.Visits;

/// <summary>
/// One coordinate of somebody who walks: a Kalman filter with place and speed, whose unknown is how they speed up. Units are those of the
/// caller, per second. Plain arithmetic in one order, so that a replay gives the same bits everywhere.
/// </summary>
internal struct AxisFilter
{
    private float _place;
    private float _speed;

    // The doubt: variance of the place, of the speed, and what they share.
    private float _placeDoubt;
    private float _shared;
    private float _speedDoubt;

    public AxisFilter(float place, float placeError, float speedError)
    {
        _place = place;
        _placeDoubt = placeError * placeError;
        _speedDoubt = speedError * speedError;
    }

    public readonly float Place => _place;

    public readonly float Speed => _speed;

    public readonly float Ahead(float seconds) => _place + (_speed * seconds);

    /// <summary>Lets time pass.</summary>
    /// <param name="acceleration">How much the speed may change in a second, as a standard deviation.</param>
    public void Advance(float seconds, float acceleration)
    {
        float q = acceleration * acceleration * seconds;
        _place += _speed * seconds;
        _placeDoubt += (2 * _shared * seconds) + (_speedDoubt * seconds * seconds) + (q * seconds * seconds / 3);
        _shared += (_speedDoubt * seconds) + (q * seconds / 2);
        _speedDoubt += q;
    }

    /// <summary>Takes a measurement in.</summary>
    /// <param name="error">Its standard deviation.</param>
    public void Measure(float place, float error)
    {
        float total = _placeDoubt + (error * error);
        if (total <= 0)
        {
            return;
        }
        float placeGain = _placeDoubt / total;
        float speedGain = _shared / total;
        float surprise = place - _place;
        _place += placeGain * surprise;
        _speed += speedGain * surprise;
        _speedDoubt -= speedGain * _shared;
        _shared -= speedGain * _placeDoubt;
        _placeDoubt -= placeGain * _placeDoubt;
    }
}
