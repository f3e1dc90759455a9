namespace EdgeAgent.Simulators.Gates;

/// <summary>A way over the floor in time: straight stretches at a steady speed, and pauses.</summary>
public sealed class Walk
{
    private readonly List<Stretch> _stretches = [];

    public Walk(double start, IReadOnlyList<Waypoint> path, double speed)
    {
        double t = start;
        (double X, double Y) heading = (0, 1);
        for (int i = 1; i < path.Count; i++)
        {
            Waypoint a = path[i - 1];
            Waypoint b = path[i];
            double metres = Math.Sqrt(((b.X - a.X) * (b.X - a.X)) + ((b.Y - a.Y) * (b.Y - a.Y)));
            if (metres > 0)
            {
                heading = ((b.X - a.X) / metres, (b.Y - a.Y) / metres);
            }
            // Who waits at the first waypoint already looks where the way goes.
            Pause(a, heading, ref t);
            if (metres > 0)
            {
                double until = t + (metres / (b.Speed ?? speed));
                _stretches.Add(new Stretch(t, until, a.X, a.Y, b.X, b.Y, heading.X, heading.Y));
                t = until;
            }
        }
        Pause(path[^1], heading, ref t);
        if (_stretches.Count == 0)
        {
            _stretches.Add(new Stretch(t, t, path[0].X, path[0].Y, path[0].X, path[0].Y, heading.X, heading.Y));
        }
        Start = start;
        End = t;
    }

    public double Start { get; }

    /// <summary>When the last waypoint and its pause are over.</summary>
    public double End { get; }

    /// <summary>Where and looking where; before the start at the first waypoint, after the end at the last.</summary>
    public Stand At(double t)
    {
        int i = 0;
        while (i < _stretches.Count - 1 && t > _stretches[i].Until)
        {
            i++;
        }
        Stretch s = _stretches[i];
        double part = s.Until > s.From ? Math.Clamp((t - s.From) / (s.Until - s.From), 0, 1) : 1;
        return new Stand(s.X0 + (part * (s.X1 - s.X0)), s.Y0 + (part * (s.Y1 - s.Y0)), s.HeadingX, s.HeadingY);
    }

    /// <summary>When the line y is crossed between fromX and toX, outwards or inwards.</summary>
    public IEnumerable<(double T, bool Out)> Crossings(double y, double fromX, double toX)
    {
        foreach (Stretch s in _stretches)
        {
            if ((s.Y0 < y) == (s.Y1 < y))
            {
                continue;
            }
            double part = (y - s.Y0) / (s.Y1 - s.Y0);
            double x = s.X0 + (part * (s.X1 - s.X0));
            if (x >= fromX && x <= toX)
            {
                yield return (s.From + (part * (s.Until - s.From)), s.Y1 > s.Y0);
            }
        }
    }

    /// <summary>Times within <paramref name="near"/> metres of the line, by y; the x at the middle of each time lies between fromX and toX.</summary>
    public IEnumerable<(double From, double Until)> Near(double y, double near, double fromX, double toX)
    {
        (double From, double Until)? open = null;
        foreach (Stretch s in _stretches)
        {
            (double a, double b) = s.Within(y - near, y + near);
            double x = s.X0 + ((s.X1 - s.X0) * (s.Until > s.From ? (((a + b) / 2) - s.From) / (s.Until - s.From) : 0));
            if (a >= b || x < fromX || x > toX)
            {
                continue;
            }
            if (open is { } before && a - before.Until < 1e-9)
            {
                open = (before.From, b);
                continue;
            }
            if (open is { } done)
            {
                yield return done;
            }
            open = (a, b);
        }
        if (open is { } last)
        {
            yield return last;
        }
    }

    /// <summary>The largest y reached in a time.</summary>
    public double FarthestY(double from, double until)
    {
        double y = Math.Max(At(from).Y, At(until).Y);
        foreach (Stretch s in _stretches)
        {
            if (s.Until >= from && s.Until <= until)
            {
                y = Math.Max(y, s.Y1);
            }
        }
        return y;
    }

    private void Pause(Waypoint at, (double X, double Y) heading, ref double t)
    {
        if (at.PauseSeconds > 0)
        {
            _stretches.Add(new Stretch(t, t + at.PauseSeconds, at.X, at.Y, at.X, at.Y, heading.X, heading.Y));
            t += at.PauseSeconds;
        }
    }

    private readonly record struct Stretch(
        double From, double Until, double X0, double Y0, double X1, double Y1, double HeadingX, double HeadingY)
    {
        /// <summary>The part of this stretch's time at which low ≤ y ≤ high; an empty one when there is none.</summary>
        public (double From, double Until) Within(double low, double high)
        {
            double dy = Y1 - Y0;
            if (Math.Abs(dy) < 1e-12)
            {
                return Y0 >= low && Y0 <= high ? (From, Until) : (From, From);
            }
            double a = (low - Y0) / dy;
            double b = (high - Y0) / dy;
            (a, b) = (Math.Clamp(Math.Min(a, b), 0, 1), Math.Clamp(Math.Max(a, b), 0, 1));
            return (From + (a * (Until - From)), From + (b * (Until - From)));
        }
    }
}

/// <summary>Where somebody stands and where they look, a direction of length 1.</summary>
public readonly record struct Stand(double X, double Y, double HeadingX, double HeadingY)
{
    /// <summary>A place given as [right, forward, up] from the feet.</summary>
    public Place Offset(Place offset) =>
        new(X + (offset.X * HeadingY) + (offset.Y * HeadingX), Y - (offset.X * HeadingX) + (offset.Y * HeadingY), offset.Z);
}
