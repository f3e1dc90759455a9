using EdgeAgent.Core;

namespace EdgeAgent.Vision.Imaging;

/// <summary>
/// A picture in about 90 columns: for each cell its brightness and how sharply brightness changes inside it from pixel to pixel. Green stands for
/// brightness. Made anew for each size of picture, filled without allocation.
/// </summary>
internal sealed class GreyGrid
{
    private const int AboutColumns = 90;
    private const int SamplesAcross = 3;

    private readonly int _cellPx;
    private readonly int _stepPx;

    public GreyGrid(int width, int height, IReadOnlyList<IReadOnlyList<Point>> masks)
    {
        Width = width;
        Height = height;
        _cellPx = Math.Max(SamplesAcross, (width + AboutColumns - 1) / AboutColumns);
        _stepPx = _cellPx / SamplesAcross;
        // What is left over at the right and lower edge is less than a cell.
        Columns = width / _cellPx;
        Rows = Math.Max(1, height / _cellPx);
        Sums = new ushort[Columns * Rows];
        Fine = new ushort[Columns * Rows];
        Masked = new bool[Columns * Rows];
        for (int i = 0; i < Masked.Length; i++)
        {
            Masked[i] = IsMasked(masks, i % Columns, i / Columns);
        }
    }

    public int Width { get; }

    public int Height { get; }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>Sum of the cell's nine samples, 0..2295. Two equal pictures have equal sums; noise makes nearly every sum differ.</summary>
    public ushort[] Sums { get; }

    /// <summary>Sum of the squared steps from each sample to the pixel at its right, at most 65,535.</summary>
    public ushort[] Fine { get; }

    /// <summary>The cell lies in a privacy mask, at least in part.</summary>
    public bool[] Masked { get; }

    public void Fill(Frame frame)
    {
        ReadOnlySpan<byte> pixels = frame.Pixels;
        int stride = Width * 3;
        for (int row = 0; row < Rows; row++)
        {
            int top = Math.Min(row * _cellPx, Height - 1);
            for (int column = 0; column < Columns; column++)
            {
                int sum = 0, fine = 0;
                for (int y = 0; y < SamplesAcross; y++)
                {
                    int at = (Math.Min(top + (y * _stepPx), Height - 1) * stride) + (column * _cellPx * 3) + 1;
                    for (int x = 0; x < SamplesAcross; x++, at += _stepPx * 3)
                    {
                        int here = pixels[at];
                        int step = here - pixels[Math.Min(at + 3, pixels.Length - 1)];
                        sum += here;
                        fine += step * step;
                    }
                }
                Sums[(row * Columns) + column] = (ushort)sum;
                Fine[(row * Columns) + column] = (ushort)Math.Min(fine, ushort.MaxValue);
            }
        }
    }

    // A person may hide a corner of a mask's cell only: the four corners and the middle decide.
    private bool IsMasked(IReadOnlyList<IReadOnlyList<Point>> masks, int column, int row)
    {
        foreach (IReadOnlyList<Point> mask in masks)
        {
            for (int corner = 0; corner < 5; corner++)
            {
                float dx = corner == 4 ? 0.5f : corner & 1;
                float dy = corner == 4 ? 0.5f : corner >> 1;
                if (Polygon.Contains(mask, new Point((column + dx) * _cellPx / Width, (row + dy) * _cellPx / Height)))
                {
                    return true;
                }
            }
        }
        return false;
    }
}
