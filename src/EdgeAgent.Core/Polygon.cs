namespace EdgeAgent.Core;

/// <summary>An area with straight edges, in fractions of the picture.</summary>
public static class Polygon
{
    /// <summary>Whether <paramref name="p"/> lies inside, by the number of edges to its right (even-odd rule). Points on an edge may fall to either side.</summary>
    public static bool Contains(IReadOnlyList<Point> corners, Point p)
    {
        bool inside = false;
        for (int i = 0, j = corners.Count - 1; i < corners.Count; j = i++)
        {
            Point a = corners[i];
            Point b = corners[j];
            if (a.Y > p.Y != b.Y > p.Y && p.X < ((b.X - a.X) * (p.Y - a.Y) / (b.Y - a.Y)) + a.X)
            {
                inside = !inside;
            }
        }
        return inside;
    }

    /// <summary>The area of the polygon in fractions of the picture's area.</summary>
    public static float Area(IReadOnlyList<Point> corners)
    {
        float twice = 0;
        for (int i = 0, j = corners.Count - 1; i < corners.Count; j = i++)
        {
            twice += (corners[j].X * corners[i].Y) - (corners[i].X * corners[j].Y);
        }
        return MathF.Abs(twice) / 2;
    }
}
