using EdgeAgent.Vision.Models;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAgent.Benchmarks.Pipeline;

/// <summary>
/// The baseline: nothing but inference over tensors that lie ready. No decoding, no fitting, no boxes; it is what the model alone costs.
/// </summary>
internal sealed class BareInference : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[][] _inputs;
    private readonly OrtValue[] _outputs;

    /// <param name="tensors">Inputs in pinned arrays; their content may change between runs.</param>
    /// <param name="asTheAgent">Session settings of the agent; else ONNX Runtime's own but for the number of threads, which then spin while they wait.</param>
    public BareInference(ModelEntry model, string folder, int threads, IReadOnlyList<float[]> tensors, bool asTheAgent)
    {
        using var settings = new SessionOptions { IntraOpNumThreads = threads };
        if (asTheAgent)
        {
            settings.InterOpNumThreads = 1;
            settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        }
        _session = new InferenceSession(ModelFile.ReadVerified(model, folder), settings);
        _inputNames = [model.Input.Name];
        _outputNames = [.. model.Outputs.Select(o => o.Name)];
        _inputs = [.. tensors.Select(t => new[] { Value(t, model.Input) })];
        _outputs = [.. model.Outputs.Select(o => Value(GC.AllocateArray<float>(o.Count, pinned: true), o))];
    }

    public long RunAll()
    {
        foreach (OrtValue[] input in _inputs)
        {
            _session.Run(_options, _inputNames, input, _outputNames, _outputs);
        }
        return _inputs.Length;
    }

    public void Dispose()
    {
        foreach (OrtValue value in _inputs.SelectMany(i => i).Concat(_outputs))
        {
            value.Dispose();
        }
        _options.Dispose();
        _session.Dispose();
    }

    private static OrtValue Value(float[] pinned, TensorSpec spec) =>
        OrtValue.CreateTensorValueFromMemory(pinned, [.. spec.Shape.Select(d => (long)d)]);
}
