using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeAgent.Vision.Models;

/// <summary>
/// A loaded model with its input and output memory. The only type that knows ONNX Runtime.
/// Fill <see cref="Input"/>, call <see cref="Run"/>, read <see cref="Output"/>; no managed memory is allocated on the way.
/// One thread at a time: the memory is shared by all runs.
/// </summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue[] _values;

    // Pinned for life: ONNX Runtime reads and writes these arrays in place.
    private readonly float[] _input;
    private readonly float[][] _outputs;

    static OnnxModel() => RuntimeTelemetry.Off();

    private OnnxModel(ModelEntry entry, InferenceSession session)
    {
        Entry = entry;
        _session = session;
        _input = GC.AllocateArray<float>(entry.Input.Count, pinned: true);
        _outputs = new float[entry.Outputs.Count][];
        _values = new OrtValue[1 + entry.Outputs.Count];
        _binding = session.CreateIoBinding();
        _values[0] = ValueOver(_input, entry.Input);
        _binding.BindInput(entry.Input.Name, _values[0]);
        for (int i = 0; i < _outputs.Length; i++)
        {
            _outputs[i] = GC.AllocateArray<float>(entry.Outputs[i].Count, pinned: true);
            _values[1 + i] = ValueOver(_outputs[i], entry.Outputs[i]);
            _binding.BindOutput(entry.Outputs[i].Name, _values[1 + i]);
        }
    }

    public ModelEntry Entry { get; }

    /// <summary>The input tensor in the manifest's shape, row-major.</summary>
    public Span<float> Input => _input;

    /// <summary>Loads a model whose size, hash, structure, tensor names, shapes and types are as the manifest says.</summary>
    /// <param name="threads">Threads for one run, 1 to 8.</param>
    /// <exception cref="ModelException">It is not, or ONNX Runtime refuses the file.</exception>
    public static OnnxModel Open(ModelEntry entry, string directory, int threads)
    {
        byte[] bytes = ModelFile.ReadVerified(entry, directory);
        InferenceSession? session = null;
        try
        {
            OrtEnv.Instance().DisableTelemetryEvents();
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            // Threads that spin while they wait for work would take the cores from the video decoder beside us.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            session = new InferenceSession(bytes, options);
            CheckTensors(entry, "input", [entry.Input], session.InputMetadata);
            CheckTensors(entry, "output", entry.Outputs, session.OutputMetadata);
            var model = new OnnxModel(entry, session);
            session = null;
            return model;
        }
        catch (OnnxRuntimeException refused)
        {
            throw new ModelException(
                $"Model '{entry.Name}': ONNX Runtime refuses {entry.File} ({FirstLine(refused.Message)}); use another export of the model.", refused);
        }
        catch (Exception broken) when (broken is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new ModelException(
                $"Model '{entry.Name}': ONNX Runtime's native library libonnxruntime.so cannot be loaded; reinstall the agent for this processor.",
                broken);
        }
        finally
        {
            session?.Dispose();
        }
    }

    /// <summary>Whether all outputs of the last run are numbers. A model that overflowed gives none, and detectors then see nothing.</summary>
    public bool OutputsAreFinite
    {
        get
        {
            foreach (float[] output in _outputs)
            {
                // Zero times a value is zero unless the value is infinite or no number: one addition per value, no branch.
                float sum = 0;
                foreach (float value in output)
                {
                    sum += value * 0;
                }
                if (sum != 0 || float.IsNaN(sum))
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>The values of an output after the last run, in the manifest's order of outputs. Valid until the next run.</summary>
    public ReadOnlySpan<float> Output(int index) => _outputs[index];

    public void Run()
    {
        try
        {
            _session.RunWithBinding(_options, _binding);
        }
        catch (OnnxRuntimeException failed)
        {
            throw new ModelException(
                $"Model '{Entry.Name}': a run of {Entry.File} failed ({FirstLine(failed.Message)}); use another export of the model.", failed) { Fault = ModelFault.Run };
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (OrtValue value in _values)
        {
            value.Dispose();
        }
        _options.Dispose();
        _session.Dispose();
        Wipe();
    }

    /// <summary>Zeroes what the last run took in and gave out: crops and vectors of people went through here.</summary>
    public void Wipe()
    {
        Array.Clear(_input);
        foreach (float[] output in _outputs)
        {
            Array.Clear(output);
        }
    }

    private static OrtValue ValueOver(float[] pinned, TensorSpec spec)
    {
        var shape = new long[spec.Shape.Count];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = spec.Shape[i];
        }
        return OrtValue.CreateTensorValueFromMemory(pinned, shape);
    }

    private static void CheckTensors(
        ModelEntry entry, string direction, IReadOnlyList<TensorSpec> expected, IReadOnlyDictionary<string, NodeMetadata> found)
    {
        bool same = expected.Count == found.Count;
        foreach (TensorSpec tensor in expected)
        {
            same = same && found.TryGetValue(tensor.Name, out NodeMetadata? metadata) && Matches(tensor, metadata);
        }
        if (same)
        {
            return;
        }
        var wanted = new List<string>();
        foreach (TensorSpec tensor in expected)
        {
            wanted.Add(tensor.Text + " float32");
        }
        var got = new List<string>();
        foreach ((string name, NodeMetadata metadata) in found)
        {
            got.Add(metadata.IsTensor ? $"{name} [{string.Join(',', metadata.Dimensions)}] {TypeName(metadata)}" : name + " (no tensor)");
        }
        throw new ModelException(
            $"Model '{entry.Name}': {entry.File} has {direction} {string.Join("; ", got)}, the manifest says {string.Join("; ", wanted)}; "
            + "correct the manifest entry or use the file it describes.") { Fault = ModelFault.Shape };
    }

    private static bool Matches(TensorSpec tensor, NodeMetadata metadata)
    {
        if (!metadata.IsTensor || metadata.ElementDataType != TensorElementType.Float || metadata.Dimensions.Length != tensor.Shape.Count)
        {
            return false;
        }
        for (int i = 0; i < tensor.Shape.Count; i++)
        {
            // A dimension that the file leaves open (-1) takes the manifest's size.
            if (metadata.Dimensions[i] != tensor.Shape[i] && metadata.Dimensions[i] != -1)
            {
                return false;
            }
        }
        return true;
    }

    private static string TypeName(NodeMetadata metadata) =>
        metadata.ElementDataType == TensorElementType.Float ? "float32" : metadata.ElementDataType.ToString();

    private static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        string line = end < 0 ? message : message[..end];
        return line.Length <= 200 ? line : line[..200];
    }
}
