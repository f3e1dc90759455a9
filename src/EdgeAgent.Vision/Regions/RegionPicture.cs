using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Regions;

/// <summary>
/// What a region looked like when it was last at rest: the cells that are compared and the pixels behind them, from which a thing that was taken
/// is recognised. Covers the region and a margin, for an arm comes in from outside and a product does not.
/// </summary>
internal sealed class RegionPicture : IDisposable
{
    // Of the region's own size, on each side.
    private const float Margin = 0.2f;

    private readonly Frame _pixels;
    private readonly bool[] _inside;

    public RegionPicture(RegionConfig region, int frameWidth, int frameHeight)
    {
        float left = 1, top = 1, right = 0, bottom = 0;
        foreach (Point corner in region.Area)
        {
            (left, right) = (MathF.Min(left, corner.X), MathF.Max(right, corner.X));
            (top, bottom) = (MathF.Min(top, corner.Y), MathF.Max(bottom, corner.Y));
        }
        float aside = (right - left) * Margin, above = (bottom - top) * Margin;
        PixelRect part = PixelRect.Around(
            new Box(left - aside, top - above, right - left + (2 * aside), bottom - top + (2 * above)), frameWidth, frameHeight);
        Cells = new RegionGrid(part);
        Whole = new PixelRect(0, 0, part.Width, part.Height);
        _pixels = new FramePool().Rent(part.Width, part.Height);
        _inside = new bool[Cells.Count];
        for (int i = 0; i < _inside.Length; i++)
        {
            float x = part.X + (((i % Cells.Columns) + 0.5f) * RegionGrid.CellPx), y = part.Y + (((i / Cells.Columns) + 0.5f) * RegionGrid.CellPx);
            _inside[i] = Polygon.Contains(region.Area, new Point(x / frameWidth, y / frameHeight));
        }
    }

    public RegionGrid Cells { get; }

    /// <summary>The picture of <see cref="Cells"/>' part; its own pixels begin at 0, 0.</summary>
    public Frame Pixels => _pixels;

    public PixelRect Whole { get; }

    /// <summary>Whether a cell lies in the region itself and not in the margin.</summary>
    public bool IsInside(int cell) => _inside[cell];

    /// <summary>Takes over one cell from the present.</summary>
    public void Learn(int cell, RegionGrid now, Frame frame)
    {
        now.Cells.Slice(cell * 3, 3).CopyTo(Cells.Cells[(cell * 3)..]);
        int x = cell % Cells.Columns * RegionGrid.CellPx, y = cell / Cells.Columns * RegionGrid.CellPx;
        // The last column and row of cells take the pixels with them that are too few for a cell.
        int width = x / RegionGrid.CellPx == Cells.Columns - 1 ? Whole.Width - x : RegionGrid.CellPx;
        int height = y / RegionGrid.CellPx == Cells.Rows - 1 ? Whole.Height - y : RegionGrid.CellPx;
        for (int line = y; line < y + height; line++)
        {
            frame.Pixels.Slice((((Cells.Part.Y + line) * frame.Width) + Cells.Part.X + x) * 3, width * 3)
                .CopyTo(_pixels.Pixels[(((line * Whole.Width) + x) * 3)..]);
        }
    }

    public void Dispose()
    {
        _pixels.Pixels.Clear();
        _pixels.Dispose();
    }
}
