using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAgent.SyntheticModels.Onnx;

/// <summary>Runs a written model in ONNX Runtime on one thread: one float input, one float output.</summary>
internal sealed class OnnxCheck : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 1 };
    private readonly RunOptions _runOptions = new();
    private readonly InferenceSession _session;
    private readonly string[] _input;
    private readonly string[] _output;
    private readonly long[] _inputShape;

    public OnnxCheck(byte[] model)
    {
        _session = new InferenceSession(model, _options);
        _input = [.. _session.InputMetadata.Keys];
        _output = [.. _session.OutputMetadata.Keys];
        _inputShape = [.. _session.InputMetadata[_input[0]].Dimensions.Select(side => (long)side)];
    }

    public float[] Run(float[] input)
    {
        using OrtValue value = OrtValue.CreateTensorValueFromMemory(input, _inputShape);
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_runOptions, _input, [value], _output);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public static float LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float largest = a.Length == b.Length ? 0 : float.PositiveInfinity;
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            largest = MathF.Max(largest, MathF.Abs(a[i] - b[i]));
        }
        return largest;
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
        _options.Dispose();
    }
}
