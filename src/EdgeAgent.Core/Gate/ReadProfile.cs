using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

/// <summary>How strongly one tag was heard lately in each zone, in quarters of a second: what its movement is worked out from.</summary>
internal sealed class ReadProfile
{
    /// <summary>Sixteen seconds; what is older is let go.</summary>
    public const int Bins = 64;

    public const double BinSeconds = 0.25;

    private const long BinTicks = (long)(BinSeconds * TimeSpan.TicksPerSecond);

    // [zone × Bins + bin]: reads, and the strongest of them in tenths of a decibel.
    private readonly byte[] _reads = new byte[3 * Bins];
    private readonly short[] _strongest = new short[3 * Bins];
    private long _newest = long.MinValue;

    /// <summary>Number of the newest quarter; quarters count from the year 1.</summary>
    public long Newest => _newest;

    public bool IsEmpty => _newest == long.MinValue;

    public static long BinOf(DateTimeOffset at) => at.UtcTicks / BinTicks;

    public static DateTimeOffset MiddleOf(long bin) => new((bin * BinTicks) + (BinTicks / 2), TimeSpan.Zero);

    public void Add(DateTimeOffset at, AntennaZone zone, float db, int count)
    {
        long bin = BinOf(at);
        if (_newest == long.MinValue || bin - _newest >= Bins)
        {
            Clear();
            _newest = bin;
        }
        else if (bin <= _newest - Bins)
        {
            return;
        }
        while (_newest < bin)
        {
            Empty(++_newest);
        }
        int slot = Slot(zone, bin);
        short tenths = (short)Math.Clamp(MathF.Round(db * 10), short.MinValue, short.MaxValue);
        _strongest[slot] = _reads[slot] == 0 ? tenths : Math.Max(_strongest[slot], tenths);
        _reads[slot] = (byte)Math.Min(_reads[slot] + count, byte.MaxValue);
    }

    public int Reads(AntennaZone zone, long bin) => _reads[Slot(zone, bin)];

    public float Strongest(AntennaZone zone, long bin) => _strongest[Slot(zone, bin)] / 10f;

    /// <summary>The strongest read in this zone, in decibels; not a number when it heard nothing.</summary>
    public float Peak(AntennaZone zone) => Peak(zone, DateTimeOffset.MinValue);

    /// <summary>The strongest read in this zone since then, in decibels; not a number when it heard nothing.</summary>
    public float Peak(AntennaZone zone, DateTimeOffset from)
    {
        float peak = float.NaN;
        for (long bin = IsEmpty ? 1 : Math.Max(BinOf(from), _newest - Bins + 1); bin <= _newest; bin++)
        {
            peak = Reads(zone, bin) > 0 && !(Strongest(zone, bin) <= peak) ? Strongest(zone, bin) : peak;
        }
        return peak;
    }

    /// <summary>The last quarter since then in which this zone heard something, its middle; null when it heard nothing.</summary>
    public DateTimeOffset? Last(AntennaZone zone, DateTimeOffset from)
    {
        for (long bin = _newest; !IsEmpty && bin >= Math.Max(BinOf(from), _newest - Bins + 1); bin--)
        {
            if (Reads(zone, bin) > 0)
            {
                return MiddleOf(bin);
            }
        }
        return null;
    }

    /// <summary>Lets go of what was heard before.</summary>
    public void ForgetBefore(DateTimeOffset at)
    {
        if (_newest == long.MinValue)
        {
            return;
        }
        long last = Math.Min(BinOf(at) - 1, _newest);
        for (long bin = _newest - Bins + 1; bin <= last; bin++)
        {
            Empty(bin);
        }
    }

    public void Clear()
    {
        Array.Clear(_reads);
        _newest = long.MinValue;
    }

    private void Empty(long bin)
    {
        for (int zone = 0; zone < 3; zone++)
        {
            _reads[Slot((AntennaZone)zone, bin)] = 0;
        }
    }

    private static int Slot(AntennaZone zone, long bin) => ((int)zone * Bins) + (int)(((bin % Bins) + Bins) % Bins);
}
