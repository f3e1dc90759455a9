namespace EdgeAgent.Vision.Imaging;

/// <summary>A candidate of a detector in pixels of the model's input.</summary>
/// <param name="Anchor">Its place in the outputs: breaks ties, and finds further values of the same candidate.</param>
internal readonly record struct Detection(float X1, float Y1, float X2, float Y2, float Score, int Anchor)
{
    /// <summary>A damaged model or an absurd exponent can give these.</summary>
    public bool IsUsable => float.IsFinite(X1) && float.IsFinite(Y1) && float.IsFinite(X2) && float.IsFinite(Y2) && X2 > X1 && Y2 > Y1;

    public float Overlap(in Detection other)
    {
        float width = MathF.Min(X2, other.X2) - MathF.Max(X1, other.X1);
        float height = MathF.Min(Y2, other.Y2) - MathF.Max(Y1, other.Y1);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }
        float both = width * height;
        return both / (((X2 - X1) * (Y2 - Y1)) + ((other.X2 - other.X1) * (other.Y2 - other.Y1)) - both);
    }
}

/// <summary>Of candidates that cover the same thing the best one stays.</summary>
internal static class NonMaxSuppression
{
    /// <summary>Sorts by score, best first, and moves those that stay to the front.</summary>
    /// <param name="limit">Two candidates that overlap by more than this (0..1) are the same thing.</param>
    /// <returns>How many stay.</returns>
    public static int Keep(Span<Detection> found, float limit)
    {
        found.Sort(default(BestFirst));
        int kept = 0;
        for (int i = 0; i < found.Length; i++)
        {
            bool covered = false;
            for (int k = 0; k < kept && !covered; k++)
            {
                covered = found[k].Overlap(found[i]) > limit;
            }
            if (!covered)
            {
                found[kept++] = found[i];
            }
        }
        return kept;
    }

    private readonly struct BestFirst : IComparer<Detection>
    {
        public int Compare(Detection x, Detection y)
        {
            int byScore = y.Score.CompareTo(x.Score);
            // The sort is not stable; the anchor makes its order the same on every run.
            return byScore != 0 ? byScore : x.Anchor.CompareTo(y.Anchor);
        }
    }
}
