using System.Globalization;

namespace EdgeAgent.Vision.Models;

/// <summary>What the right model gives for <see cref="GoldenPattern"/>, as its publisher measured it: a few hundred values that travel with the model.</summary>
/// <param name="Pattern">The rule of the picture; <c>blocks-1</c>.</param>
/// <param name="Seed">Draws its colours.</param>
/// <param name="Outputs">In the manifest's order.</param>
public sealed record GoldenVectors(string Pattern, int Seed, IReadOnlyList<GoldenOutput> Outputs)
{
    /// <summary>Every column must be at least this like the expectation.</summary>
    public const double LeastCosine = 0.99;

    // Below this a column of the expectation is silence, and must stay nearly silent.
    private const double Silent = 1e-5;
    private const double NearlySilent = 1e-3;

    // Part of its size by which a column must vary to be compared about its mean.
    private const double Varies = 0.01;

    private const int MostValues = 1024;

    /// <summary>Runs the model and writes down what it gives.</summary>
    /// <exception cref="ModelException">The file cannot be used, or gives values that are no numbers.</exception>
    public static GoldenVectors Make(ModelEntry entry, string directory, int seed)
    {
        using OnnxModel model = OnnxModel.Open(entry, directory, threads: 1);
        Run(model, seed);
        return new GoldenVectors(GoldenPattern.Name, seed, Sample(model));
    }

    /// <summary>Opens the model, runs it once and compares: the least cosine over all columns.</summary>
    /// <exception cref="ModelException">The file cannot be used, or the expectation is not one for this entry.</exception>
    public static double Compare(ModelEntry entry, string directory, GoldenVectors? expected)
    {
        if (expected is not null && expected.Pattern != GoldenPattern.Name)
        {
            throw new ModelException($"Model '{entry.Name}': its golden vectors are of the pattern '{expected.Pattern}', this agent knows {GoldenPattern.Name}.") { Fault = ModelFault.Golden };
        }
        using OnnxModel model = OnnxModel.Open(entry, directory, threads: 1);
        Run(model, expected?.Seed ?? 0);
        return expected is null ? 1 : Least(entry, expected.Outputs, Sample(model));
    }

    private static void Run(OnnxModel model, int seed)
    {
        GoldenPattern.Fill(model.Entry, seed, model.Input);
        model.Run();
        if (!model.OutputsAreFinite)
        {
            throw new ModelException($"Model '{model.Entry.Name}': {model.Entry.File} gives values that are no numbers; use another export of the model.") { Fault = ModelFault.Run };
        }
    }

    private static double Least(ModelEntry entry, IReadOnlyList<GoldenOutput> expected, IReadOnlyList<GoldenOutput> got)
    {
        double least = 1;
        bool same = expected.Count == got.Count;
        for (int i = 0; same && i < got.Count; i++)
        {
            same = expected[i].Name == got[i].Name && expected[i].Columns.Count == got[i].Columns.Count;
            for (int c = 0; same && c < got[i].Columns.Count; c++)
            {
                same = expected[i].Columns[c].Count == got[i].Columns[c].Count;
                least = same ? Math.Min(least, Likeness(expected[i].Columns[c], got[i].Columns[c])) : least;
            }
        }
        return same ? least : throw new ModelException($"Model '{entry.Name}': its golden vectors are not those of its outputs; make them with `edge-agent models golden`.") { Fault = ModelFault.Golden };
    }

    /// <summary>
    /// The cosine of the two columns about the mean of the expectation: scores that are low everywhere would look alike, whatever they say. A column that hardly
    /// varies has nothing but its mean.
    /// </summary>
    private static double Likeness(IReadOnlyList<float> expected, IReadOnlyList<float> got)
    {
        double plain = Rms(expected, 0);
        if (plain < Silent)
        {
            return Rms(got, 0) < NearlySilent ? 1 : 0;
        }
        double mean = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            mean += (double)expected[i] / expected.Count;
        }
        mean = Rms(expected, mean) < Varies * plain ? 0 : mean;
        double dot = 0, a = 0, b = 0;
        for (int i = 0; i < got.Count; i++)
        {
            double x = expected[i] - mean, y = got[i] - mean;
            dot += x * y;
            a += x * x;
            b += y * y;
        }
        return b > 0 ? dot / Math.Sqrt(a * b) : 0;
    }

    private static double Rms(IReadOnlyList<float> values, double mean)
    {
        double sum = 0;
        for (int i = 0; i < values.Count; i++)
        {
            sum += (values[i] - mean) * (values[i] - mean);
        }
        return Math.Sqrt(sum / values.Count);
    }

    private static List<GoldenOutput> Sample(OnnxModel model)
    {
        int columns = model.Entry.Outputs.Sum(output => Columns(model.Entry, output).Length);
        int most = Math.Max(16, MostValues / columns);
        var outputs = new List<GoldenOutput>();
        for (int i = 0; i < model.Entry.Outputs.Count; i++)
        {
            TensorSpec spec = model.Entry.Outputs[i];
            int width = IsRows(spec) ? spec.Shape[2] : 1;
            outputs.Add(new GoldenOutput(spec.Name, [.. Columns(model.Entry, spec).Select(column => Column(model.Output(i), width, column, most))]));
        }
        return outputs;
    }

    /// <summary>Those columns of an output that the agent reads: a label that nobody uses may be anything.</summary>
    private static int[] Columns(ModelEntry entry, TensorSpec output) => entry.Post switch
    {
        PostSpec.Yolox yolox => [0, 1, 2, 3, 4, 5 + yolox.Class],
        PostSpec.BoxesScores boxes when output == entry.Outputs[1] => [boxes.Column],
        _ when IsRows(output) => [.. Enumerable.Range(0, output.Shape[2])],
        _ => [0],
    };

    private static bool IsRows(TensorSpec output) => output.Shape.Count == 3;

    private static float[] Column(ReadOnlySpan<float> output, int width, int column, int most)
    {
        int rows = output.Length / width;
        var values = new float[Math.Min(rows, most)];
        for (int i = 0; i < values.Length; i++)
        {
            // Six digits: processors differ in the seventh.
            float value = output[((int)((long)i * rows / values.Length) * width) + column];
            values[i] = float.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }
        return values;
    }
}

/// <summary>Some values of each column of one output, evenly spaced.</summary>
public sealed record GoldenOutput(string Name, IReadOnlyList<IReadOnlyList<float>> Columns);
