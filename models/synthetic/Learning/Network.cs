using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.SyntheticModels.Learning;

/// <summary>A chain of convolutions and all its weights in one array, layer by layer: weights [out, in, ky, kx], then biases.</summary>
internal sealed class Network
{
    private readonly int[] _start;

    public Network(IReadOnlyList<ConvShape> layers, Dice dice)
    {
        Layers = layers;
        _start = new int[layers.Count + 1];
        for (int i = 0; i < layers.Count; i++)
        {
            _start[i + 1] = _start[i] + layers[i].Weights + layers[i].OutChannels;
        }
        Parameters = new float[_start[^1]];
        for (int i = 0; i < layers.Count; i++)
        {
            // He's initialisation: keeps the size of the signal through rectified layers; residual ones start small. A uniform number has deviation 1/√3.
            float reach = MathF.Sqrt((layers[i].Residual ? 0.5f : layers[i].Active ? 2f : 1f) / layers[i].Taps * 3);
            foreach (ref float weight in Weights(Parameters, i))
            {
                weight = dice.Between(-reach, reach);
            }
        }
    }

    public IReadOnlyList<ConvShape> Layers { get; }

    public float[] Parameters { get; }

    public Span<float> Weights(float[] parameters, int layer) => parameters.AsSpan(_start[layer], Layers[layer].Weights);

    public Span<float> Biases(float[] parameters, int layer) =>
        parameters.AsSpan(_start[layer] + Layers[layer].Weights, Layers[layer].OutChannels);
}

/// <summary>One thread's working memory for a network.</summary>
internal sealed class Pass(Network network)
{
    private readonly ConvLayer[] _layers = [.. network.Layers.Select((shape, i) => new ConvLayer(shape, first: i == 0))];

    /// <summary>Output of the last layer: [channels, <see cref="ConvShape.Columns"/>].</summary>
    public float[] Output => _layers[^1].Output;

    /// <param name="input">Dense [channels, height, width], already normalised.</param>
    public void Forward(ReadOnlySpan<float> input)
    {
        ReadOnlySpan<float> from = input;
        int rowLength = network.Layers[0].InHeight * network.Layers[0].InWidth;
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Forward(from, rowLength, network.Weights(network.Parameters, i), network.Biases(network.Parameters, i));
            from = _layers[i].Output;
            rowLength = _layers[i].Shape.Columns;
        }
    }

    /// <summary>Adds to <paramref name="gradient"/> (as long as the parameters). Only once after each <see cref="Forward"/>: it uses up the outputs.</summary>
    /// <param name="outputGradient">Same layout as <see cref="Output"/>.</param>
    public void Backward(ReadOnlySpan<float> outputGradient, float[] gradient)
    {
        ReadOnlySpan<float> from = outputGradient;
        int rowLength = _layers[^1].Shape.Columns;
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].Backward(from, rowLength, network.Weights(network.Parameters, i), network.Weights(gradient, i), network.Biases(gradient, i));
            from = _layers[i].InputGradient;
            rowLength = network.Layers[i].InHeight * network.Layers[i].InWidth;
        }
    }
}
