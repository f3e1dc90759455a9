using EdgeAgent.Core;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// What the picture shows, against what this camera has shown so far: black, covered, out of focus or turned away. It works on steps of brightness between
/// neighbouring cells, which a lamp scales but does not shift, and it lets 48 tiles vote, so that people in front of some of them decide nothing.
/// </summary>
internal sealed class PictureScene
{
    private const int TilesAcross = PictureLife.TilesAcross;
    private const int TilesDown = PictureLife.TilesDown;
    private const int Tiles = TilesAcross * TilesDown;

    // Brightness of a cell is a mean of nine samples; all levels are of 255.
    private const float SamplesPerCell = 9;
    private const float BlackMean = 20;
    private const float BlackSpread = 8;

    // Mean squared step from cell to cell. A wall in bad light has about 1; a shelf has hundreds.
    private const float EmptyEnergy = 0.25f;
    private const float StructuredEnergy = 4;

    // Measured on drawn shops and on five filmed clips: a blur of 3 px at 640 takes the sharpness of nine tiles in ten below a third of its baseline; compression and
    // light leave it above two thirds.
    private const float SharpnessLeft = 0.4f;
    private const float DefocusedShare = 0.7f;
    private const float SharpFine = 40;

    // A turn by 4 % of the picture takes the likeness of nearly every tile below this; noise, light and shadows leave it above 0.8.
    private const float Alike = 0.5f;
    private const float MovedShare = 0.6f;

    // A fault that is known is over when this part of the votes that found it is left.
    private const float OverShare = 0.5f;

    // A blur leaves coarse steps nearly as they were; where they went too, it is light that went.
    private const float CoarseLeft = 0.35f;
    private const int FewestTiles = 5;

    private const float RecentSeconds = 0.8f;
    private const float FirstLearnSeconds = 4;
    private const float LearnSeconds = 120;
    private const float EmptyLearnSeconds = 15;
    private const float BeforeSeconds = 2.5f;

    private readonly int[] _tileOf;
    private readonly bool[] _steps;
    private readonly int _columns;
    private readonly int _rows;
    private readonly float[] _recent;
    private readonly float[] _smooth;
    private readonly float[] _reference;
    private readonly float[] _before;
    private readonly float[] _baseline = new float[Tiles];
    private readonly float[] _fineLevel = new float[Tiles];
    private readonly float[] _alike = new float[Tiles];
    private readonly bool[] _informative = new bool[Tiles];
    private readonly TileSums[] _sums = new TileSums[Tiles];
    private readonly float[] _sorted = new float[Tiles];
    private readonly PictureShift _shift;
    private float _sinceBefore;
    private float _learned;
    private bool _any;

    public PictureScene(GreyGrid grid)
    {
        int cells = grid.Sums.Length;
        _columns = grid.Columns;
        _tileOf = new int[cells];
        _steps = new bool[cells];
        _rows = grid.Rows;
        (_recent, _smooth, _reference, _before) = (new float[cells], new float[cells], new float[cells], new float[cells]);
        for (int i = 0; i < cells; i++)
        {
            (int column, int row) = (i % _columns, i / _columns);
            _tileOf[i] = (row * TilesDown / grid.Rows * TilesAcross) + (column * TilesAcross / _columns);
            // A step needs its right and lower neighbour, and none of the three in a mask: the mask's edge is sharp for ever.
            _steps[i] = column + 1 < _columns && row + 1 < grid.Rows && !grid.Masked[i] && !grid.Masked[i + 1] && !grid.Masked[i + _columns];
        }
        _shift = new PictureShift(_columns, _rows, _steps);
    }

    /// <param name="fault">What is known to be wrong; only when nothing is, this picture may teach what is usual.</param>
    public SensorReason Look(GreyGrid now, float seconds, SensorReason fault)
    {
        (float mean, float spread) = Follow(now, seconds);
        Smooth();
        KeepBefore(seconds);
        Sum(now);
        Vote(out float energy, out float referenceEnergy, out float alike, out float defocused, out float moved, out int informative);
        bool known = _learned >= FirstLearnSeconds;
        SensorReason seen = SensorReason.None;
        if (mean < BlackMean && spread < BlackSpread)
        {
            seen = SensorReason.Black;
        }
        else if (energy < EmptyEnergy || (known && referenceEnergy > StructuredEnergy && energy < 0.08f * referenceEnergy && alike < Alike))
        {
            seen = SensorReason.Covered;
        }
        else if (known && defocused >= DefocusedShare * (fault == SensorReason.Defocused ? OverShare : 1))
        {
            seen = SensorReason.Defocused;
        }
        else if (known && ((informative >= FewestTiles && moved >= MovedShare * (fault == SensorReason.Moved ? OverShare : 1))
            || _shift.IsShifted(_smooth, _reference, alike, seconds, known: fault == SensorReason.Moved)))
        {
            seen = SensorReason.Moved;
        }
        if (fault == SensorReason.None && seen == SensorReason.None && seconds > 0)
        {
            Learn(seconds, known, trouble: moved >= MovedShare / 2);
        }
        return seen;
    }

    /// <summary>Follows the picture within a second, which averages noise out.</summary>
    private (float Mean, float Spread) Follow(GreyGrid now, float seconds)
    {
        float share = _any ? MathF.Min(1, seconds / RecentSeconds) : 1;
        _any = true;
        float sum = 0, squares = 0;
        int count = 0;
        for (int i = 0; i < _recent.Length; i++)
        {
            float grey = now.Sums[i] * (1 / SamplesPerCell);
            _recent[i] += (grey - _recent[i]) * share;
            if (_steps[i])
            {
                sum += grey;
                squares += grey * grey;
                count++;
            }
        }
        float mean = sum / Math.Max(1, count);
        return (mean, MathF.Sqrt(MathF.Max(0, (squares / Math.Max(1, count)) - (mean * mean))));
    }

    /// <summary>
    /// The mean of each cell and its eight neighbours: specks of a floor, which a hair's breadth of shaking turns into others, go; what is as large as a shelf stays.
    /// </summary>
    private void Smooth()
    {
        for (int row = 0; row < _rows; row++)
        {
            int up = Math.Max(row - 1, 0) * _columns, here = row * _columns, down = Math.Min(row + 1, _rows - 1) * _columns;
            for (int column = 0; column < _columns; column++)
            {
                int left = Math.Max(column - 1, 0), right = Math.Min(column + 1, _columns - 1);
                _smooth[here + column] = (_recent[up + left] + _recent[up + column] + _recent[up + right]
                    + _recent[here + left] + _recent[here + column] + _recent[here + right]
                    + _recent[down + left] + _recent[down + column] + _recent[down + right]) * (1 / 9f);
            }
        }
    }

    /// <summary>Keeps the picture as it was some seconds ago.</summary>
    private void KeepBefore(float seconds)
    {
        _sinceBefore += seconds;
        if (_sinceBefore >= BeforeSeconds)
        {
            _sinceBefore = 0;
            _smooth.CopyTo(_before, 0);
        }
    }

    private void Sum(GreyGrid now)
    {
        Array.Clear(_sums);
        for (int i = 0; i < _steps.Length; i++)
        {
            if (!_steps[i])
            {
                continue;
            }
            ref TileSums tile = ref _sums[_tileOf[i]];
            (float x, float y) = (_smooth[i + 1] - _smooth[i], _smooth[i + _columns] - _smooth[i]);
            (float rx, float ry) = (_reference[i + 1] - _reference[i], _reference[i + _columns] - _reference[i]);
            (float bx, float by) = (_before[i + 1] - _before[i], _before[i + _columns] - _before[i]);
            tile.Count++;
            tile.Fine += now.Fine[i];
            tile.Own += (x * x) + (y * y);
            tile.Reference += (rx * rx) + (ry * ry);
            tile.Before += (bx * bx) + (by * by);
            tile.WithReference += (x * rx) + (y * ry);
            tile.WithBefore += (x * bx) + (y * by);
        }
    }

    private void Vote(out float energy, out float referenceEnergy, out float alike, out float defocused, out float moved, out int informative)
    {
        float floor = NoiseFloor();
        float own = 0, reference = 0, with = 0;
        int cells = 0, sharp = 0, blurred = 0, away = 0;
        informative = 0;
        for (int t = 0; t < Tiles; t++)
        {
            ref TileSums tile = ref _sums[t];
            float count = Math.Max(1, tile.Count);
            cells += tile.Count;
            own += tile.Own;
            reference += tile.Reference;
            with += tile.WithReference;
            _alike[t] = Likeness(tile.WithReference, tile.Own, tile.Reference);
            _informative[t] = tile.Reference / count > StructuredEnergy;
            if (_informative[t])
            {
                informative++;
                bool still = Likeness(tile.WithBefore, tile.Own, tile.Before) > 0.8f;
                away += still && _alike[t] < Alike ? 1 : 0;
            }
            tile.Sharpness = MathF.Max(0, (tile.Fine / count) - floor) / (tile.Own / count + StructuredEnergy);
            if (_fineLevel[t] > SharpFine)
            {
                sharp++;
                blurred += tile.Sharpness < SharpnessLeft * _baseline[t] && tile.Own > CoarseLeft * tile.Reference ? 1 : 0;
            }
        }
        energy = own / Math.Max(1, cells);
        referenceEnergy = reference / Math.Max(1, cells);
        alike = Likeness(with, own, reference);
        defocused = sharp >= FewestTiles ? (float)blurred / sharp : 0;
        moved = informative > 0 ? (float)away / informative : 0;
    }

    /// <summary>Fine steps of the flattest fifth of the picture are the sensor's noise.</summary>
    private float NoiseFloor()
    {
        int count = 0;
        for (int t = 0; t < Tiles; t++)
        {
            if (_sums[t].Count > 0)
            {
                _sorted[count++] = _sums[t].Fine / _sums[t].Count;
            }
        }
        Array.Sort(_sorted, 0, count);
        return count == 0 ? 0 : _sorted[count / 5];
    }

    /// <param name="trouble">Much of the picture differs: only what is as known may be learned, or a moved camera would teach its new view.</param>
    private void Learn(float seconds, bool known, bool trouble)
    {
        _learned += seconds;
        float first = seconds / MathF.Max(seconds, MathF.Min(_learned, FirstLearnSeconds));
        float floor = NoiseFloor();
        for (int t = 0; t < Tiles; t++)
        {
            float share = !known ? first : seconds / (_informative[t] ? LearnSeconds : EmptyLearnSeconds);
            _sums[t].Share = known && trouble && _informative[t] && _alike[t] < Alike ? 0 : share;
            float count = Math.Max(1, _sums[t].Count);
            _fineLevel[t] += (MathF.Max(0, (_sums[t].Fine / count) - floor) - _fineLevel[t]) * _sums[t].Share;
            _baseline[t] += (_sums[t].Sharpness - _baseline[t]) * _sums[t].Share;
        }
        for (int i = 0; i < _reference.Length; i++)
        {
            _reference[i] += (_smooth[i] - _reference[i]) * _sums[_tileOf[i]].Share;
        }
    }

    private static float Likeness(float product, float own, float other) => own > 0 && other > 0 ? product / MathF.Sqrt(own * other) : 0;

    private struct TileSums
    {
        public int Count;
        public float Fine;
        public float Own;
        public float Reference;
        public float Before;
        public float WithReference;
        public float WithBefore;
        public float Sharpness;
        public float Share;
    }
}
