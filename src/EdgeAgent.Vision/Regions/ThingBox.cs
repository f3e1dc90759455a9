using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Regions;

/// <summary>
/// Finds the edges of a thing to the pixel. Cells say where it is to within <see cref="RegionGrid.CellPx"/>, and a rim of shelf around a thing of 60 pixels
/// costs a tenth of its likeness to the gallery.
/// </summary>
/// <param name="now">The camera's whole picture.</param>
/// <param name="before">The region's part of an earlier one.</param>
/// <param name="part">Where that part lies in the picture.</param>
/// <param name="gain">How much lighter it became as a whole.</param>
internal readonly ref struct ThingBox(Frame now, Frame before, PixelRect part, LightGain gain)
{
    // Of the difference inside: what differs less is shelf.
    private const float EdgeShare = 0.5f;

    /// <param name="place">The cells that changed, in pixels of the whole picture.</param>
    public PixelRect Within(PixelRect place)
    {
        float least = EdgeShare * Difference(place);
        int left = Edge(place with { Width = 1 }, 1, 0, least).X, top = Edge(place with { Height = 1 }, 0, 1, least).Y;
        int right = Edge(place with { X = place.X + place.Width - 1, Width = 1 }, -1, 0, least).X + 1;
        int bottom = Edge(place with { Y = place.Y + place.Height - 1, Height = 1 }, 0, -1, least).Y + 1;
        return right - left < RegionGrid.CellPx || bottom - top < RegionGrid.CellPx ? place : new PixelRect(left, top, right - left, bottom - top);
    }

    /// <summary>The first line that belongs to the thing, from a cell outside to a cell inside; the line itself where none does.</summary>
    private PixelRect Edge(PixelRect line, int inwardX, int inwardY, float least)
    {
        for (int step = -RegionGrid.CellPx; step <= RegionGrid.CellPx; step++)
        {
            PixelRect at = line with { X = line.X + (step * inwardX), Y = line.Y + (step * inwardY) };
            if (Holds(at) && Difference(at) >= least)
            {
                return at;
            }
        }
        return line;
    }

    private bool Holds(PixelRect rect) =>
        rect.X >= part.X && rect.Y >= part.Y && rect.X + rect.Width <= part.X + part.Width && rect.Y + rect.Height <= part.Y + part.Height;

    /// <summary>Mean over the pixels of the colour that differs most, in grey levels.</summary>
    private float Difference(PixelRect rect)
    {
        float sum = 0;
        for (int y = rect.Y; y < rect.Y + rect.Height; y++)
        {
            ReadOnlySpan<byte> a = now.Pixels.Slice(((y * now.Width) + rect.X) * 3, rect.Width * 3);
            ReadOnlySpan<byte> b = before.Pixels.Slice((((y - part.Y) * before.Width) + rect.X - part.X) * 3, rect.Width * 3);
            for (int i = 0; i < a.Length; i += 3)
            {
                sum += MathF.Max(MathF.Abs(a[i] - (b[i] * gain.Blue)), MathF.Max(MathF.Abs(a[i + 1] - (b[i + 1] * gain.Green)), MathF.Abs(a[i + 2] - (b[i + 2] * gain.Red))));
            }
        }
        return sum / (rect.Width * rect.Height);
    }
}
