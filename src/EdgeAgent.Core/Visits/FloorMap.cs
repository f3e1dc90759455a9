using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Visits;

/// <summary>
/// From a camera's picture to metres on the store's floor: the homography through four measured places. Only for what stands on the floor.
/// </summary>
internal sealed class FloorMap
{
    // Corners flatter than this make a map that turns a pixel into metres. Twice the triangle's area over the square of its longest side.
    private const double Flattest = 0.02;

    // x' = (h0 x + h1 y + h2) / (h6 x + h7 y + 1), y' = (h3 x + h4 y + h5) / (h6 x + h7 y + 1), with x and y from the middle of the four places: that
    // lies on the floor, while the corner of the picture may lie on the horizon, where no such form exists.
    private readonly double[] _h;
    private readonly double _middleX;
    private readonly double _middleY;

    /// <param name="floor">Checked by the configuration rules; see <see cref="Problem"/>.</param>
    public FloorMap(FloorConfig floor)
    {
        _h = Solve(floor) ?? throw new ArgumentException("The four places do not span a floor.", nameof(floor));
        (_middleX, _middleY) = Middle(floor.Image);
    }

    /// <summary>What is wrong with the four places, in a sentence; null when they make a map.</summary>
    public static string? Problem(FloorConfig floor)
    {
        if (floor.Image.Count != 4 || floor.Metres.Count != 4)
        {
            return $"four places are needed, in the picture and on the floor, not {floor.Image.Count} and {floor.Metres.Count}.";
        }
        int inPicture = Turns(floor.Image);
        int onFloor = Turns(floor.Metres);
        if (inPicture == 0 || onFloor == 0)
        {
            string which = inPicture == 0 ? "image" : "metres";
            return $"three of the four places in {which} lie on one line, or the four are not named in order around; measure a wider quadrangle.";
        }
        return Solve(floor) is null ? "the four places do not make a map; measure a wider quadrangle." : null;
    }

    /// <summary>Where on the floor plan a foot point stands, in metres; null above the horizon.</summary>
    public Point? ToFloor(Point foot)
    {
        double x = foot.X - _middleX;
        double y = foot.Y - _middleY;
        double w = (_h[6] * x) + (_h[7] * y) + 1;
        if (w < 1e-6)
        {
            return null;
        }
        return new Point((float)(((_h[0] * x) + (_h[1] * y) + _h[2]) / w), (float)(((_h[3] * x) + (_h[4] * y) + _h[5]) / w));
    }

    /// <summary>1 or -1 when the corners turn one way all around; 0 when three lie on a line or the quadrangle crosses itself or dents.</summary>
    private static int Turns(IReadOnlyList<Point> p)
    {
        int sum = 0;
        for (int i = 0; i < 4; i++)
        {
            Point a = p[i], b = p[(i + 1) % 4], c = p[(i + 2) % 4];
            double ux = (double)b.X - a.X, uy = (double)b.Y - a.Y, vx = (double)c.X - b.X, vy = (double)c.Y - b.Y;
            double cross = (ux * vy) - (uy * vx);
            double longest = Math.Max((ux * ux) + (uy * uy), (vx * vx) + (vy * vy));
            if (!(Math.Abs(cross) > Flattest * longest))
            {
                return 0;
            }
            sum += Math.Sign(cross);
        }
        return Math.Abs(sum) == 4 ? Math.Sign(sum) : 0;
    }

    private static (double X, double Y) Middle(IReadOnlyList<Point> p) =>
        (((double)p[0].X + p[1].X + p[2].X + p[3].X) / 4, ((double)p[0].Y + p[1].Y + p[2].Y + p[3].Y) / 4);

    /// <summary>Eight equations, two for each place, by Gaussian elimination with pivots; null when they do not determine the map.</summary>
    private static double[]? Solve(FloorConfig floor)
    {
        double[,] m = new double[8, 9];
        (double middleX, double middleY) = Middle(floor.Image);
        for (int i = 0; i < 4; i++)
        {
            double x = floor.Image[i].X - middleX, y = floor.Image[i].Y - middleY, u = floor.Metres[i].X, v = floor.Metres[i].Y;
            (m[2 * i, 0], m[2 * i, 1], m[2 * i, 2], m[2 * i, 6], m[2 * i, 7], m[2 * i, 8]) = (x, y, 1, -u * x, -u * y, u);
            (m[(2 * i) + 1, 3], m[(2 * i) + 1, 4], m[(2 * i) + 1, 5]) = (x, y, 1);
            (m[(2 * i) + 1, 6], m[(2 * i) + 1, 7], m[(2 * i) + 1, 8]) = (-v * x, -v * y, v);
        }
        for (int column = 0; column < 8; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < 8; row++)
            {
                pivot = Math.Abs(m[row, column]) > Math.Abs(m[pivot, column]) ? row : pivot;
            }
            if (Math.Abs(m[pivot, column]) < 1e-9)
            {
                return null;
            }
            for (int k = 0; k < 9; k++)
            {
                (m[column, k], m[pivot, k]) = (m[pivot, k], m[column, k]);
            }
            for (int row = 0; row < 8; row++)
            {
                double part = row == column ? 0 : m[row, column] / m[column, column];
                for (int k = column; k < 9 && part != 0; k++)
                {
                    m[row, k] -= part * m[column, k];
                }
            }
        }
        double[] h = new double[8];
        for (int i = 0; i < 8; i++)
        {
            h[i] = m[i, 8] / m[i, i];
        }
        return h;
    }
}
