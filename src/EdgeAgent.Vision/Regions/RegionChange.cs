namespace EdgeAgent.Vision.Regions;

internal enum CellState : byte { Same, Shaded, Changed, Covered }

/// <summary>One place in a region that looks different from before.</summary>
/// <param name="Cells">Number of changed cells.</param>
/// <param name="Inside">How many of them lie in the region and not in its margin.</param>
/// <param name="AtEdge">It reaches the edge of what is looked at, as an arm does, or somebody who stands in front.</param>
/// <param name="EdgeNow">How much it stands out from its surroundings now, in grey levels.</param>
/// <param name="EdgeBefore">How much the same outline stood out before.</param>
internal readonly record struct Blob(CellBox Box, int Cells, int Inside, bool AtEdge, float EdgeNow, float EdgeBefore);

/// <summary>How many times as light a picture is as an earlier one, as a whole, in each colour.</summary>
internal readonly record struct LightGain(float Blue, float Green, float Red);

/// <summary>
/// Compares a region at rest with its earlier picture: which cells changed, and which of them belong together. A change of the light as a whole is
/// taken out first; soft shade is no change. All memory is allocated once.
/// </summary>
internal sealed class RegionChange
{
    // In grey levels of 255, after the light was made equal. Sensor noise in a mean of 8 pixels is about 1, a white box on a white shelf differs by 20 at its edges.
    private const float Threshold = 24;

    // A shadow darkens all three colours alike, to no less than this.
    private const float DarkestShade = 0.55f;
    private const float BrightestGlow = 1.3f;
    private const float ColourTolerance = 0.09f;

    // The same where a colour is cut off at white.
    private const float CutOffGlow = 1.45f;
    private const float CutOffTolerance = 0.3f;

    // In grey levels: from here on a camera shows white, however bright it is.
    private const float Overexposed = 248;

    /// <summary>Fewer changed cells are noise: about 10 by 10 pixels.</summary>
    public const int LeastCells = 6;

    private readonly CellState[] _states;
    private readonly int[] _labels;
    private readonly int[] _stack;
    private readonly float[] _ratios;
    private readonly List<Blob> _blobs = [];

    public RegionChange(int cells)
    {
        _states = new CellState[cells];
        _labels = new int[cells];
        _stack = new int[cells];
        _ratios = new float[cells];
    }

    /// <summary>Share of the cells that changed, of those that could be seen.</summary>
    public float ChangedShare { get; private set; }

    public IReadOnlyList<Blob> Blobs => _blobs;

    /// <summary>What was taken out of the comparison.</summary>
    public LightGain Gain { get; private set; }

    /// <summary>Position in <see cref="Blobs"/> of the blob that a cell belongs to, or -1.</summary>
    public int BlobOf(int cell) => _labels[cell];

    /// <param name="covered">Cells behind people: nothing is known about them.</param>
    public void Compare(RegionGrid now, RegionPicture before, ReadOnlySpan<bool> covered)
    {
        _blobs.Clear();
        Gain = new LightGain(GainOf(now, before.Cells, covered, 0), GainOf(now, before.Cells, covered, 1), GainOf(now, before.Cells, covered, 2));
        ReadOnlySpan<float> a = now.Cells, b = before.Cells.Cells;
        int seen = 0, changed = 0;
        for (int i = 0; i < _states.Length; i++)
        {
            _labels[i] = -1;
            if (covered[i])
            {
                _states[i] = CellState.Covered;
                continue;
            }
            seen++;
            ReadOnlySpan<float> old = b.Slice(i * 3, 3);
            bool wasWhite = MathF.Max(old[0], MathF.Max(old[1], old[2])) >= Overexposed;
            _states[i] = Judge(a.Slice(i * 3, 3), old[0] * Gain.Blue, old[1] * Gain.Green, old[2] * Gain.Red, wasWhite);
            changed += _states[i] == CellState.Changed ? 1 : 0;
        }
        ChangedShare = seen == 0 ? 1 : (float)changed / seen;
        for (int i = 0; i < _states.Length; i++)
        {
            if (_states[i] == CellState.Changed && _labels[i] < 0)
            {
                Grow(i, now, before);
            }
        }
    }

    /// <param name="blue">What the cell should be under the new light, not cut off at white.</param>
    /// <param name="wasWhite">The camera could not measure a colour of it before: under less light it may be brighter than computed.</param>
    private static CellState Judge(ReadOnlySpan<float> now, float blue, float green, float red, bool wasWhite)
    {
        float largest = MathF.Max(MathF.Abs(now[0] - blue), MathF.Max(MathF.Abs(now[1] - green), MathF.Abs(now[2] - red)));
        if (largest <= Threshold)
        {
            return CellState.Same;
        }
        float rb = now[0] / MathF.Max(blue, 1), rg = now[1] / MathF.Max(green, 1), rr = now[2] / MathF.Max(red, 1);
        float low = MathF.Min(rb, MathF.Min(rg, rr)), high = MathF.Max(rb, MathF.Max(rg, rr));
        // A colour that is cut off at white, before or now, changes the cell's tint although nothing but the light changed.
        bool isCutOff = wasWhite || MathF.Max(blue, MathF.Max(green, red)) >= Overexposed;
        float tolerance = isCutOff ? CutOffTolerance : ColourTolerance;
        return low >= DarkestShade && high <= (isCutOff ? CutOffGlow : BrightestGlow) && high - low <= tolerance ? CellState.Shaded : CellState.Changed;
    }

    /// <summary>How much brighter a colour became as a whole: the median over all cells, which a product cannot move.</summary>
    private float GainOf(RegionGrid now, RegionGrid before, ReadOnlySpan<bool> covered, int channel)
    {
        int count = 0;
        ReadOnlySpan<float> a = now.Cells, b = before.Cells;
        for (int i = 0; i < _states.Length; i++)
        {
            if (!covered[i] && b[(i * 3) + channel] > 16)
            {
                _ratios[count++] = a[(i * 3) + channel] / b[(i * 3) + channel];
            }
        }
        if (count == 0)
        {
            return 1;
        }
        _ratios.AsSpan(0, count).Sort();
        return Math.Clamp(_ratios[count / 2], 0.25f, 4);
    }

    /// <summary>Collects the changed cells that touch, corners too, and over a gap of one cell: a label and its can are one thing.</summary>
    private void Grow(int first, RegionGrid now, RegionPicture before)
    {
        int columns = now.Columns, rows = now.Rows, label = _blobs.Count;
        var box = new CellBox(columns, rows, 0, 0);
        int cells = 0, inside = 0, depth = 0;
        bool atEdge = false;
        _labels[first] = label;
        _stack[depth++] = first;
        while (depth > 0)
        {
            int cell = _stack[--depth];
            int x = cell % columns, y = cell / columns;
            cells++;
            inside += before.IsInside(cell) ? 1 : 0;
            box = new CellBox(Math.Min(box.Left, x), Math.Min(box.Top, y), Math.Max(box.Right, x + 1), Math.Max(box.Bottom, y + 1));
            atEdge |= x == 0 || y == 0 || x == columns - 1 || y == rows - 1;
            for (int ny = Math.Max(0, y - 2); ny <= Math.Min(rows - 1, y + 2); ny++)
            {
                for (int nx = Math.Max(0, x - 2); nx <= Math.Min(columns - 1, x + 2); nx++)
                {
                    int next = (ny * columns) + nx;
                    atEdge |= _states[next] == CellState.Covered;
                    if (_states[next] == CellState.Changed && _labels[next] < 0)
                    {
                        _labels[next] = label;
                        _stack[depth++] = next;
                    }
                }
            }
        }
        (float edgeNow, float edgeBefore) = Edges(label, box, now, before.Cells);
        _blobs.Add(new Blob(box, cells, inside, atEdge, edgeNow, edgeBefore));
    }

    /// <summary>Mean step across the blob's outline, now and before: a thing stands out from what it lies on, an empty place does not.</summary>
    private (float Now, float Before) Edges(int label, CellBox box, RegionGrid now, RegionGrid before)
    {
        float sumNow = 0, sumBefore = 0;
        int count = 0;
        for (int y = box.Top; y < box.Bottom; y++)
        {
            for (int x = box.Left; x < box.Right; x++)
            {
                int cell = (y * now.Columns) + x;
                if (_labels[cell] != label)
                {
                    continue;
                }
                for (int side = 0; side < 4; side++)
                {
                    int nx = x + (side == 0 ? -1 : side == 1 ? 1 : 0), ny = y + (side == 2 ? -1 : side == 3 ? 1 : 0);
                    if ((uint)nx >= (uint)now.Columns || (uint)ny >= (uint)now.Rows || _labels[(ny * now.Columns) + nx] == label)
                    {
                        continue;
                    }
                    sumNow += Step(now.Cells, cell, (ny * now.Columns) + nx);
                    sumBefore += Step(before.Cells, cell, (ny * now.Columns) + nx);
                    count++;
                }
            }
        }
        return count == 0 ? (0, 0) : (sumNow / count, sumBefore / count);
    }

    private static float Step(ReadOnlySpan<float> cells, int a, int b) => MathF.Max(
        MathF.Abs(cells[a * 3] - cells[b * 3]),
        MathF.Max(MathF.Abs(cells[(a * 3) + 1] - cells[(b * 3) + 1]), MathF.Abs(cells[(a * 3) + 2] - cells[(b * 3) + 2])));
}
