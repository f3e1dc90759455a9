namespace EdgeAgent.SyntheticModels.Learning;

/// <summary>Kingma and Ba's optimiser (arXiv 1412.6980, algorithm 1) with a little decoupled weight decay.</summary>
internal sealed class Adam(float[] parameters)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.99f;
    private const float Decay = 1e-4f;

    private readonly float[] _mean = new float[parameters.Length];
    private readonly float[] _square = new float[parameters.Length];
    private float _beta1Power = 1;
    private float _beta2Power = 1;

    /// <summary>One step down the gradient, whose length is cut to <paramref name="longest"/>.</summary>
    public void Step(ReadOnlySpan<float> gradient, float rate, float longest)
    {
        double length = 0;
        foreach (float value in gradient)
        {
            length += (double)value * value;
        }
        float cut = length > (double)longest * longest ? (float)(longest / Math.Sqrt(length)) : 1;
        _beta1Power *= Beta1;
        _beta2Power *= Beta2;
        for (int i = 0; i < gradient.Length; i++)
        {
            float g = gradient[i] * cut;
            _mean[i] += (1 - Beta1) * (g - _mean[i]);
            _square[i] += (1 - Beta2) * ((g * g) - _square[i]);
            float step = _mean[i] / (1 - _beta1Power) / (MathF.Sqrt(_square[i] / (1 - _beta2Power)) + 1e-8f);
            parameters[i] -= rate * (step + (Decay * parameters[i]));
        }
    }
}
