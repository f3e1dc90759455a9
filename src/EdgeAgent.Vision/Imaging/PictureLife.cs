using EdgeAgent.Core;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Whether a picture lives. No picture of a living sensor equals the one before, but an encoder may hide that: H.264 sends a still scene as
/// "nothing changed" until its next key picture, and the decoded pictures are then equal to the bit. So the camera itself says how long a part of
/// its picture may stay the same: half of its picture has never paused for longer than L. It is frozen when
/// <list type="bullet">
/// <item>the whole picture has been the same for ten seconds and for three times L, or</item>
/// <item>L is at most a second (the camera shows its noise) and seven of the last ten seconds saw no change at all: the sensor hangs, while its encoder may
/// still refresh key pictures.</item>
/// </list>
/// A camera that was watched for less than twenty seconds before its picture stood still has shown no L; it is frozen after two minutes.
/// </summary>
internal sealed class PictureLife(GreyGrid grid)
{
    public const int TilesAcross = 8;
    public const int TilesDown = 6;

    private const float FrozenSeconds = 10;
    private const float NeverAliveSeconds = 120;
    private const float NoisyPauseSeconds = 1;
    private const float LearnSeconds = 20;

    // L is the longest of the last five minutes, kept in parts; the newest waits for one part more, so that a sensor that hangs teaches nothing.
    private const float BucketSeconds = 15;
    private const int Buckets = 20;

    private readonly ushort[] _before = new ushort[grid.Sums.Length];
    private readonly float[] _since = new float[TilesAcross * TilesDown];
    private readonly float[] _longest = new float[TilesAcross * TilesDown];
    private readonly bool[] _unmasked = MarkUnmasked(grid);
    private readonly bool[] _changed = new bool[TilesAcross * TilesDown];
    private readonly float[] _sorted = new float[TilesAcross * TilesDown];
    private readonly float[] _pauses = new float[Buckets];
    private readonly RecentLooks _recent = new(FrozenSeconds);
    private float _watched;
    private float _inBucket;
    private int _bucket;
    private float _waiting;
    private bool _any;

    /// <summary><see cref="SensorReason.Frozen"/> or <see cref="SensorReason.None"/>.</summary>
    /// <param name="frozen">It is known to be frozen: this teaches nothing.</param>
    public SensorReason Look(GreyGrid now, float seconds, bool frozen)
    {
        bool same = !Compare(now);
        _watched += seconds;
        if (!_any)
        {
            _any = true;
            return SensorReason.None;
        }
        _recent.Add(seconds, same);
        float still = float.PositiveInfinity;
        for (int tile = 0; tile < _since.Length; tile++)
        {
            if (_changed[tile])
            {
                _longest[tile] = MathF.Max(_longest[tile], _since[tile]);
                _since[tile] = 0;
            }
            else
            {
                _since[tile] += seconds;
            }
            still = _unmasked[tile] ? MathF.Min(still, _since[tile]) : still;
        }
        if (!float.IsFinite(still))
        {
            return SensorReason.None; // nothing but masks
        }
        float known = MaxPause();
        KeepBucket(seconds, still, frozen);
        bool learned = _watched - still >= LearnSeconds;
        float pause = MathF.Max(known, MedianPause(still));
        bool hangs = still >= (learned ? MathF.Max(FrozenSeconds, 3 * pause) : NeverAliveSeconds);
        bool refreshed = known is > 0 and <= NoisyPauseSeconds && _recent.IsFull && _recent.Same >= 0.7f * FrozenSeconds;
        // Once found it stays found while most looks see no change.
        return hangs || refreshed || (frozen && _recent.Same > 0.5f * FrozenSeconds) ? SensorReason.Frozen : SensorReason.None;
    }

    /// <summary>Marks the tiles in which a cell differs from the last look; false when none does.</summary>
    private bool Compare(GreyGrid now)
    {
        Array.Clear(_changed);
        bool any = false;
        for (int row = 0; row < now.Rows; row++)
        {
            int tileRow = row * TilesDown / now.Rows * TilesAcross;
            for (int column = 0; column < now.Columns; column++)
            {
                int i = (row * now.Columns) + column;
                if (now.Sums[i] != _before[i])
                {
                    _changed[tileRow + (column * TilesAcross / now.Columns)] = true;
                    any = true;
                }
            }
        }
        now.Sums.CopyTo(_before, 0);
        return any;
    }

    private void KeepBucket(float seconds, float still, bool frozen)
    {
        _inBucket += seconds;
        if (_inBucket < BucketSeconds)
        {
            return;
        }
        if (!frozen)
        {
            if (_waiting > 0)
            {
                _pauses[_bucket++ % Buckets] = _waiting;
            }
            // At least the smallest step above nothing, to tell "known" from "not yet known".
            _waiting = MathF.Max(MedianPause(still), 0.01f);
        }
        else
        {
            _waiting = 0;
        }
        Array.Clear(_longest);
        _inBucket = 0;
    }

    private float MaxPause()
    {
        float longest = 0;
        foreach (float pause in _pauses)
        {
            longest = MathF.Max(longest, pause);
        }
        return longest;
    }

    /// <summary>The longest pause of the tile in the middle, over those that are not masked; what the whole picture's stillness added does not count.</summary>
    private float MedianPause(float still)
    {
        int count = 0;
        for (int tile = 0; tile < _since.Length; tile++)
        {
            if (_unmasked[tile])
            {
                _sorted[count++] = MathF.Max(_longest[tile], _since[tile] - still);
            }
        }
        Array.Sort(_sorted, 0, count);
        return _sorted[count / 2];
    }

    private static bool[] MarkUnmasked(GreyGrid grid)
    {
        bool[] unmasked = new bool[TilesAcross * TilesDown];
        for (int i = 0; i < grid.Masked.Length; i++)
        {
            int tile = (i / grid.Columns * TilesDown / grid.Rows * TilesAcross) + (i % grid.Columns * TilesAcross / grid.Columns);
            unmasked[tile] |= !grid.Masked[i];
        }
        return unmasked;
    }

    /// <summary>The looks of the last seconds: how much of them saw no change. Bounded: at five looks a second it holds all of ten seconds.</summary>
    private sealed class RecentLooks(float span)
    {
        private const int Most = 64;

        private readonly (float Seconds, bool Same)[] _looks = new (float, bool)[Most];
        private int _first;
        private int _count;
        private float _total;

        /// <summary>Seconds without a change.</summary>
        public float Same { get; private set; }

        public bool IsFull { get; private set; }

        public void Add(float seconds, bool same)
        {
            while (_count > 0 && (_count == Most || _total + seconds > span))
            {
                (float oldest, bool wasSame) = _looks[_first];
                _first = (_first + 1) % Most;
                _count--;
                _total -= oldest;
                Same -= wasSame ? oldest : 0;
                IsFull = true;
            }
            _looks[(_first + _count++) % Most] = (seconds, same);
            _total += seconds;
            Same += same ? seconds : 0;
        }
    }
}
