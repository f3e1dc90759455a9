namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// Which pictures of a decoder can be believed. What it could not decode it patches with what it has, and goes on from there: people who are not there
/// may be seen until the next whole (key) picture. One thread at a time.
/// </summary>
internal sealed class PictureTrust
{
    // A decoder complains when it reads a picture and shows it later, as many pictures as they are out of order. Encoders with three B pictures make it five; the
    // standards allow 16.
    private const int OutOfOrder = 8;
    private const int InOrder = 2;

    // A stream may have no whole picture but its first, and refresh itself piece by piece.
    private const double LongestSeconds = 30;

    // A picture that is lost whole is missed by no decoder, but by whoever knows its beat: so many steps of one length, and then one of nearly two.
    private const int Even = 20;
    private const double Evenly = 0.2;
    private const double Missed = 1.8;

    private double _step;
    private int _evenSteps;
    private bool _missing;
    private double _missingAt;
    private bool _outOfOrder;
    private bool _damaged;
    private int _shownSince;
    private double _damagedAt;
    private double _lastShown;
    private double _wholeFrom = double.NegativeInfinity;
    private bool _patched;

    /// <summary>Pictures that come now are not to be believed.</summary>
    public bool IsDamaged => _damaged;

    /// <summary>Decoding begins. What was said before came of a first look at the stream, and is said again.</summary>
    public void Begin() => (_damaged, _patched) = (false, false);

    /// <summary>The decoder, or what reads the stream, complains.</summary>
    public void Complain() => (_damaged, _shownSince, _damagedAt) = (true, 0, _lastShown);

    /// <summary>The next picture that is shown was patched.</summary>
    public void Patched()
    {
        _patched = true;
        Complain();
    }

    /// <summary>The decoder shows its next picture.</summary>
    /// <param name="seconds">The picture's time; NaN where it has none.</param>
    /// <param name="key">It needs no other picture.</param>
    /// <param name="between">It is made from pictures before and after it, so that they come out of order.</param>
    public void Show(double seconds, bool key, bool between)
    {
        seconds = double.IsNaN(seconds) ? _lastShown : seconds;
        _shownSince++;
        _outOfOrder |= between;
        KeepBeat(seconds - _lastShown);
        bool whole = key && !_patched && _shownSince > (_outOfOrder ? OutOfOrder : InOrder);
        if (_damaged && (whole || seconds - _damagedAt > LongestSeconds))
        {
            (_damaged, _wholeFrom) = (false, seconds);
        }
        if (_missing && (key || seconds - _missingAt > LongestSeconds))
        {
            (_missing, _wholeFrom) = (false, seconds);
        }
        (_patched, _lastShown) = (false, seconds);
    }

    /// <summary>
    /// Whether the picture of this time, which was shown already, can be believed. Of a recording also not when one before it is missing; live cameras leave
    /// pictures out as they please.
    /// </summary>
    public bool Believes(double seconds) => !_damaged && !_missing && !(seconds < _wholeFrom);

    private void KeepBeat(double step)
    {
        if (_evenSteps >= Even && step > Missed * _step)
        {
            (_missing, _missingAt) = (true, _lastShown + step);
            return;
        }
        _evenSteps = Math.Abs(step - _step) <= Evenly * _step ? _evenSteps + 1 : 0;
        _step = _evenSteps == 0 ? step : _step;
    }
}
