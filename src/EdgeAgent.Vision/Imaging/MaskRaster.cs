using EdgeAgent.Core;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// Privacy masks as runs of pixels. Whatever pixel an area touches is painted flat grey; nothing of it can be found again. The runs are made once for each
/// size of picture.
/// </summary>
internal sealed class MaskRaster(IReadOnlyList<IReadOnlyList<Point>> areas)
{
    /// <summary>Middle grey: a detector sees no edge in it, and it is neither black nor white.</summary>
    public const byte Grey = 0x80;

    private readonly List<(int Start, int Length)> _runs = [];
    private int _width;
    private int _height;

    /// <summary>Paints the areas out.</summary>
    public void Paint(Frame frame)
    {
        if (frame.Width != _width || frame.Height != _height)
        {
            Rasterise(frame.Width, frame.Height);
        }
        Span<byte> pixels = frame.Pixels;
        foreach ((int start, int length) in _runs)
        {
            pixels.Slice(start, length).Fill(Grey);
        }
    }

    private void Rasterise(int width, int height)
    {
        (_width, _height) = (width, height);
        _runs.Clear();
        bool[] row = new bool[width];
        var crossings = new List<float>();
        foreach (IReadOnlyList<Point> area in areas)
        {
            for (int y = 0; y < height; y++)
            {
                Array.Clear(row);
                // A row of pixels is a strip: what an area covers at its upper edge, in its middle or at its lower edge is covered.
                Scan(area, y, row, crossings);
                Scan(area, y + 0.5f, row, crossings);
                Scan(area, y + 0.999f, row, crossings);
                AddRuns(row, y);
            }
        }
    }

    /// <summary>Marks the pixels that the area touches on one horizontal line, in pixels from the top.</summary>
    private void Scan(IReadOnlyList<Point> area, float line, bool[] row, List<float> crossings)
    {
        crossings.Clear();
        for (int i = 0, j = area.Count - 1; i < area.Count; j = i++)
        {
            (float ax, float ay) = (area[i].X * _width, area[i].Y * _height);
            (float bx, float by) = (area[j].X * _width, area[j].Y * _height);
            if (ay > line != by > line)
            {
                crossings.Add(ax + ((line - ay) * (bx - ax) / (by - ay)));
            }
        }
        crossings.Sort();
        for (int i = 0; i + 1 < crossings.Count; i += 2)
        {
            int left = Math.Clamp((int)MathF.Floor(crossings[i]), 0, _width);
            int right = Math.Clamp((int)MathF.Ceiling(crossings[i + 1]), left, _width);
            row.AsSpan(left, right - left).Fill(true);
        }
    }

    private void AddRuns(bool[] row, int y)
    {
        for (int x = 0; x < row.Length; x++)
        {
            if (row[x])
            {
                int end = Array.IndexOf(row, false, x);
                end = end < 0 ? row.Length : end;
                _runs.Add((((y * _width) + x) * 3, (end - x) * 3));
                x = end;
            }
        }
    }
}
