namespace EdgeAgent.SyntheticModels.Appearance;

/// <summary>
/// Supervised contrast (Khosla et al., arXiv 2004.11362, equation 2) among the cuts of one scene: cuts of the same person should be nearer
/// to each other than to the others. A second term pulls them together even where nobody else is near.
/// </summary>
internal static class ContrastLoss
{
    private const float Temperature = 0.15f;
    private const float Pull = 1f;

    /// <param name="units">One vector of length 1 per cut.</param>
    /// <param name="person">Who is on each cut.</param>
    /// <param name="gradient">Of the loss by <paramref name="units"/>; added to.</param>
    public static float Measure(IReadOnlyList<float[]> units, IReadOnlyList<int> person, IReadOnlyList<float[]> gradient)
    {
        float loss = 0;
        float[] likeness = new float[units.Count];
        float[] weight = new float[units.Count];
        for (int i = 0; i < units.Count; i++)
        {
            int same = 0;
            float sum = 0;
            for (int j = 0; j < units.Count; j++)
            {
                likeness[j] = Dot(units[i], units[j]);
                weight[j] = j == i ? 0 : MathF.Exp((likeness[j] - 1) / Temperature);
                sum += weight[j];
                same += j != i && person[j] == person[i] ? 1 : 0;
            }
            if (same == 0)
            {
                continue;
            }
            for (int j = 0; j < units.Count; j++)
            {
                if (j == i)
                {
                    continue;
                }
                bool match = person[j] == person[i];
                float slope = ((weight[j] / sum) - (match ? 1f / same : 0)) / Temperature;
                if (match)
                {
                    loss += (MathF.Log(sum) - ((likeness[j] - 1) / Temperature) + (Pull * (1 - likeness[j]))) / same;
                    slope -= Pull / same;
                }
                for (int d = 0; d < units[i].Length; d++)
                {
                    gradient[i][d] += slope * units[j][d];
                    gradient[j][d] += slope * units[i][d];
                }
            }
        }
        return loss;
    }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
