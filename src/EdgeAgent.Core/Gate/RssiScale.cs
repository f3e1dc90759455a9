namespace EdgeAgent.Core.Gate;

/// <summary>
/// Brings a reader's strengths to decibels of unknown offset, for the rules rest on differences. Readers give dBm, tenths or hundredths of dBm, a
/// byte, a fraction of full scale or a linear value; which of them is learned from the values, by majority, so that one odd value changes nothing.
/// </summary>
public struct RssiScale
{
    // Weaker than any receiver hears and stronger than any tag answers, in dBm: beyond it the value is in another unit.
    private const float WeakestDbm = -130;
    private const float StrongestDbm = 20;

    // Below it hundredths of dBm, above tenths: -1,300 is -130.0 or -13.00 dBm, and no tag answers at either.
    private const float WeakestTenths = -1_300;

    // Above it no byte: linear strengths run into thousands.
    private const float LargestByte = 300;

    // Strengths of tags differ by no more than this at one gate. Bytes that differ by more are in finer steps than decibels.
    private const float WidestDb = 60;

    // Full scale of a fraction 0..1 spans about this much, as most receivers do. dB.
    private const float FullScaleDb = 60;

    // After so many values the older half counts half.
    private const int Memory = 512;

    private int _dbm;
    private int _tenths;
    private int _hundredths;
    private int _bytes;
    private int _linear;
    private int _fractions;
    private float _leastByte;
    private float _mostByte;

    /// <summary>Takes a value in and gives it in decibels.</summary>
    public float Take(float value)
    {
        ref int unit = ref _dbm;
        if (value < WeakestTenths)
        {
            unit = ref _hundredths;
        }
        else if (value < WeakestDbm)
        {
            unit = ref _tenths;
        }
        else if (value > LargestByte)
        {
            unit = ref _linear;
        }
        else if (value > StrongestDbm)
        {
            unit = ref _bytes;
            (_leastByte, _mostByte) = _bytes == 0 ? (value, value) : (MathF.Min(_leastByte, value), MathF.Max(_mostByte, value));
        }
        else if (value is > 0 and < 1)
        {
            unit = ref _fractions;
        }
        if (++unit >= Memory)
        {
            Halve();
        }
        return ToDecibels(value);
    }

    /// <summary>The values were in dBm so far.</summary>
    public readonly bool IsDbm => Learned == Scale.Dbm;

    /// <summary>For a person: which unit the values were in so far.</summary>
    public readonly string Unit => Learned switch
    {
        Scale.Hundredths => "hundredths of a dBm",
        Scale.Tenths => "tenths of a dBm",
        Scale.Linear => "a linear scale",
        Scale.Steps => "a reader's own steps, more is stronger",
        Scale.Fractions => "a fraction of full scale, more is stronger",
        _ => "dBm",
    };

    /// <summary>A value in decibels, without learning from it.</summary>
    public readonly float ToDecibels(float value) => Learned switch
    {
        Scale.Hundredths => value / 100,
        Scale.Tenths => value / 10,
        Scale.Linear => 10 * MathF.Log10(MathF.Max(value, 1)),
        Scale.Steps => value * MathF.Min(1, WidestDb / MathF.Max(_mostByte - _leastByte, 1)),
        Scale.Fractions => value * FullScaleDb,
        _ => value,
    };

    private readonly Scale Learned
    {
        get
        {
            int negative = Math.Max(_tenths, _hundredths);
            int positive = Math.Max(_bytes, _linear);
            // A linear scale has small values too, and a byte may be below 20: of the positive ones the larger unit explains both.
            return positive > 0 && positive * 4 >= _dbm && positive >= negative ? (_linear * 4 >= _bytes ? Scale.Linear : Scale.Steps)
                : negative > _dbm ? (_hundredths * 4 >= _tenths ? Scale.Hundredths : Scale.Tenths)
                : _fractions > _dbm * 4 ? Scale.Fractions
                : Scale.Dbm;
        }
    }

    private enum Scale
    {
        Dbm,
        Tenths,
        Hundredths,
        Steps,
        Linear,
        Fractions,
    }

    private void Halve()
    {
        _dbm /= 2;
        _tenths /= 2;
        _hundredths /= 2;
        _bytes /= 2;
        _linear /= 2;
        _fractions /= 2;
    }
}
