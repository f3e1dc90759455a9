namespace EdgeAgent.SyntheticModels.Learning;

/// <summary>Shape of one convolution; the input is [Channels, Height, Width] and padded with zeros so that stride 1 keeps the size.</summary>
/// <param name="Active">Followed by <see cref="ConvLayer.Leak"/>y rectification.</param>
/// <param name="Residual">The input is added to what comes out; both have the same size.</param>
internal sealed record ConvShape(
    int InChannels, int InHeight, int InWidth, int OutChannels, int KernelHeight, int KernelWidth, int Stride, int Dilation, int Padding, bool Active,
    bool Residual = false)
{
    public int OutHeight => ((InHeight + (2 * Padding) - (Dilation * (KernelHeight - 1)) - 1) / Stride) + 1;
    public int OutWidth => ((InWidth + (2 * Padding) - (Dilation * (KernelWidth - 1)) - 1) / Stride) + 1;
    public int Taps => InChannels * KernelHeight * KernelWidth;
    public int Places => OutHeight * OutWidth;

    /// <summary>Places rounded up to whole panels.</summary>
    public int Columns => (Places + Gemm.Panel - 1) / Gemm.Panel * Gemm.Panel;
    public int Weights => OutChannels * Taps;
}

/// <summary>
/// The working memory of one convolution for one picture at a time: forward, and backward through the same picture.
/// The weights belong to the network and are only read; gradients are added to the caller's.
/// </summary>
internal sealed class ConvLayer
{
    /// <summary>What is left of negative values. Not 0, or channels that are negative everywhere would never learn again.</summary>
    public const float Leak = 0.1f;

    private readonly float[] _panels;
    private readonly float[] _panelGradient;
    private readonly float[] _turned;
    private readonly float[] _outer;
    private readonly bool[] _positive;
    private readonly int[] _source;
    private readonly int _inputLength;

    public ConvLayer(ConvShape shape, bool first)
    {
        Shape = shape;
        _inputLength = shape.InChannels * shape.InHeight * shape.InWidth;
        _panels = new float[shape.Taps * shape.Columns];
        _panelGradient = new float[first ? 0 : shape.Taps * shape.Columns];
        _turned = new float[shape.Weights];
        Output = new float[shape.OutChannels * shape.Columns];
        _outer = new float[shape.OutChannels * shape.Columns];
        InputGradient = new float[first ? 0 : _inputLength];
        _positive = new bool[Output.Length];
        _source = Sources(shape);
    }

    public ConvShape Shape { get; }

    /// <summary>[OutChannels, Columns]; the first Places of each row count.</summary>
    public float[] Output { get; }

    /// <summary>[InChannels, InHeight · InWidth]; empty for the first layer, whose input is the picture.</summary>
    public float[] InputGradient { get; }

    /// <param name="rowLength">Distance between the channels of <paramref name="input"/>.</param>
    public void Forward(ReadOnlySpan<float> input, int rowLength, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        int plane = Shape.InHeight * Shape.InWidth;
        bool dense = rowLength == plane;
        for (int i = 0; i < _source.Length; i++)
        {
            int from = _source[i];
            _panels[i] = from < 0 ? 0 : dense ? input[from] : input[(from / plane * rowLength) + (from % plane)];
        }
        Gemm.Multiply(weights, bias, _panels, Output, Shape.OutChannels, Shape.Taps, Shape.Columns);
        for (int i = 0; i < Output.Length && Shape.Active; i++)
        {
            _positive[i] = Output[i] > 0;
            Output[i] = _positive[i] ? Output[i] : Output[i] * Leak;
        }
        for (int channel = 0; channel < Shape.OutChannels && Shape.Residual; channel++)
        {
            Span<float> row = Output.AsSpan(channel * Shape.Columns, Shape.Places);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] += input[(channel * rowLength) + i];
            }
        }
    }

    /// <param name="outputGradient">[OutChannels, Places] with <paramref name="rowLength"/> between channels.</param>
    public void Backward(ReadOnlySpan<float> outputGradient, int rowLength, ReadOnlySpan<float> weights, Span<float> weightGradient, Span<float> biasGradient)
    {
        for (int channel = 0; channel < Shape.OutChannels; channel++)
        {
            Span<float> row = _outer.AsSpan(channel * Shape.Columns, Shape.Columns);
            ReadOnlySpan<bool> positive = _positive.AsSpan(channel * Shape.Columns, Shape.Columns);
            ReadOnlySpan<float> given = outputGradient.Slice(channel * rowLength, Shape.Places);
            float sum = 0;
            for (int i = 0; i < given.Length; i++)
            {
                float value = Shape.Active && !positive[i] ? given[i] * Leak : given[i];
                row[i] = value;
                sum += value;
            }
            row[given.Length..].Clear();
            biasGradient[channel] += sum;
        }
        Gemm.AddWeightGradient(_outer, _panels, weightGradient, Shape.OutChannels, Shape.Taps, Shape.Columns);
        if (InputGradient.Length > 0)
        {
            BackwardToInput(weights);
        }
        for (int channel = 0; channel < Shape.OutChannels && Shape.Residual; channel++)
        {
            Span<float> row = InputGradient.AsSpan(channel * Shape.Places, Shape.Places);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] += outputGradient[(channel * rowLength) + i];
            }
        }
    }

    private void BackwardToInput(ReadOnlySpan<float> weights)
    {
        for (int row = 0; row < Shape.OutChannels; row++)
        {
            for (int tap = 0; tap < Shape.Taps; tap++)
            {
                _turned[(tap * Shape.OutChannels) + row] = weights[(row * Shape.Taps) + tap];
            }
        }

        // The gradient of the output as panels of its own: [panel][channel][16].
        float[] panels = OuterPanels();
        Gemm.Multiply(_turned, default, panels, _panelGradient, Shape.Taps, Shape.OutChannels, Shape.Columns);
        Array.Clear(InputGradient);
        int at = 0;
        for (int panel = 0; panel < Shape.Columns / Gemm.Panel; panel++)
        {
            for (int tap = 0; tap < Shape.Taps; tap++)
            {
                ReadOnlySpan<float> from = _panelGradient.AsSpan((tap * Shape.Columns) + (panel * Gemm.Panel), Gemm.Panel);
                ReadOnlySpan<int> to = _source.AsSpan(at, Gemm.Panel);
                at += Gemm.Panel;
                for (int lane = 0; lane < Gemm.Panel; lane++)
                {
                    if (to[lane] >= 0)
                    {
                        InputGradient[to[lane]] += from[lane];
                    }
                }
            }
        }
    }

    private float[] OuterPanels()
    {
        // Output is not needed any more on the way back: it lends its memory.
        float[] panels = Output;
        int at = 0;
        for (int panel = 0; panel < Shape.Columns / Gemm.Panel; panel++)
        {
            for (int channel = 0; channel < Shape.OutChannels; channel++)
            {
                _outer.AsSpan((channel * Shape.Columns) + (panel * Gemm.Panel), Gemm.Panel).CopyTo(panels.AsSpan(at));
                at += Gemm.Panel;
            }
        }
        return panels;
    }

    /// <summary>For every value of the panels the index in the dense input, or -1 for padding.</summary>
    private static int[] Sources(ConvShape s)
    {
        int[] source = new int[s.Taps * s.Columns];
        int at = 0;
        for (int panel = 0; panel < s.Columns / Gemm.Panel; panel++)
        {
            for (int tap = 0; tap < s.Taps; tap++)
            {
                int kx = tap % s.KernelWidth;
                int ky = tap / s.KernelWidth % s.KernelHeight;
                int channel = tap / (s.KernelWidth * s.KernelHeight);
                for (int lane = 0; lane < Gemm.Panel; lane++)
                {
                    int place = (panel * Gemm.Panel) + lane;
                    int x = (place % s.OutWidth * s.Stride) - s.Padding + (kx * s.Dilation);
                    int y = (place / s.OutWidth * s.Stride) - s.Padding + (ky * s.Dilation);
                    bool inside = place < s.Places && x >= 0 && x < s.InWidth && y >= 0 && y < s.InHeight;
                    source[at++] = inside ? (((channel * s.InHeight) + y) * s.InWidth) + x : -1;
                }
            }
        }
        return source;
    }
}
