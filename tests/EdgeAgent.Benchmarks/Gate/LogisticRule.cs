namespace EdgeAgent.Benchmarks.Gate;

/// <summary>A logistic regression: how likely something is, from numbers. Trained step by step on all examples at once, so that the same examples give the same rule.</summary>
internal sealed class LogisticRule
{
    private const int Steps = 1_500;
    private const double StepSize = 0.5;

    // Keeps a number that says little from being believed much.
    private const double Shrink = 1e-4;

    private readonly double[] _mean;
    private readonly double[] _deviation;
    private readonly double[] _weight;
    private double _bias;

    private LogisticRule(int count)
    {
        _mean = new double[count];
        _deviation = new double[count];
        _weight = new double[count];
    }

    /// <summary>What each number weighs, in its own deviations.</summary>
    public IReadOnlyList<double> Weights => _weight;

    public static LogisticRule Train(IReadOnlyList<double[]> examples, IReadOnlyList<bool> labels)
    {
        var rule = new LogisticRule(examples[0].Length);
        rule.Scale(examples);
        double[][] scaled = [.. examples.Select(rule.Scaled)];
        double[] slope = new double[rule._weight.Length];
        for (int step = 0; step < Steps; step++)
        {
            Array.Clear(slope);
            double bias = 0;
            for (int i = 0; i < scaled.Length; i++)
            {
                double error = rule.Of(scaled[i]) - (labels[i] ? 1 : 0);
                bias += error;
                for (int k = 0; k < slope.Length; k++)
                {
                    slope[k] += error * scaled[i][k];
                }
            }
            rule._bias -= StepSize * bias / scaled.Length;
            for (int k = 0; k < slope.Length; k++)
            {
                rule._weight[k] -= StepSize * ((slope[k] / scaled.Length) + (Shrink * rule._weight[k]));
            }
        }
        return rule;
    }

    /// <summary>0 to 1.</summary>
    public double Probability(double[] example) => Of(Scaled(example));

    private double Of(double[] scaled)
    {
        double sum = _bias;
        for (int k = 0; k < scaled.Length; k++)
        {
            sum += _weight[k] * scaled[k];
        }
        return 1 / (1 + Math.Exp(-sum));
    }

    private void Scale(IReadOnlyList<double[]> examples)
    {
        for (int k = 0; k < _mean.Length; k++)
        {
            double mean = examples.Average(e => e[k]);
            _mean[k] = mean;
            _deviation[k] = Math.Max(1e-6, Math.Sqrt(examples.Average(e => (e[k] - mean) * (e[k] - mean))));
        }
    }

    private double[] Scaled(double[] example)
    {
        double[] scaled = new double[example.Length];
        for (int k = 0; k < scaled.Length; k++)
        {
            scaled[k] = (example[k] - _mean[k]) / _deviation[k];
        }
        return scaled;
    }
}
