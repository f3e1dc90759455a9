using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Regions;

/// <summary>
/// A part of a picture in cells of 4 by 4 pixels, each the mean of a few of its pixels in blue, green and red. What a region is watched with:
/// small enough to look at each picture, fine enough for a box of sweets.
/// </summary>
internal sealed class RegionGrid
{
    public const int CellPx = 4;

    private readonly float[] _cells;

    public RegionGrid(PixelRect part)
    {
        Part = part;
        Columns = part.Width / CellPx;
        Rows = part.Height / CellPx;
        _cells = new float[Columns * Rows * 3];
    }

    public PixelRect Part { get; }

    public int Columns { get; }

    public int Rows { get; }

    public int Count => Columns * Rows;

    /// <summary>Blue, green and red of each cell, row by row, 0..255.</summary>
    public Span<float> Cells => _cells;

    public void Fill(Frame frame)
    {
        ReadOnlySpan<byte> pixels = frame.Pixels;
        int stride = frame.Width * 3;
        int at = 0;
        for (int row = 0; row < Rows; row++)
        {
            int line = ((Part.Y + (row * CellPx)) * stride) + (Part.X * 3);
            for (int column = 0; column < Columns; column++, at += 3)
            {
                int corner = line + (column * CellPx * 3);
                int blue = 0, green = 0, red = 0;
                // Every other pixel of a chessboard: 8 of 16.
                for (int y = 0; y < CellPx; y++)
                {
                    ReadOnlySpan<byte> four = pixels.Slice(corner + (y * stride), CellPx * 3);
                    int first = (y & 1) * 3;
                    blue += four[first] + four[first + 6];
                    green += four[first + 1] + four[first + 7];
                    red += four[first + 2] + four[first + 8];
                }
                _cells[at] = blue / 8f;
                _cells[at + 1] = green / 8f;
                _cells[at + 2] = red / 8f;
            }
        }
    }

    public void CopyTo(RegionGrid other) => _cells.CopyTo(other._cells, 0);

    /// <summary>The pixels of cells, for a box of them.</summary>
    public PixelRect Pixels(in CellBox box) => new(
        Part.X + (box.Left * CellPx), Part.Y + (box.Top * CellPx), (box.Right - box.Left) * CellPx, (box.Bottom - box.Top) * CellPx);
}

/// <summary>A rectangle of cells; right and bottom are the first that no longer belong to it.</summary>
internal readonly record struct CellBox(int Left, int Top, int Right, int Bottom);
