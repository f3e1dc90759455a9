using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.SyntheticModels.Learning;
using EdgeAgent.SyntheticModels.Onnx;

namespace EdgeAgent.SyntheticModels.People;

/// <summary>One found person; the box in pixels of the model's input.</summary>
internal readonly record struct Found(Box Box, float Score);

/// <summary>
/// The detector `synthetic-people`: input [1,3,192,320] BGR 0..255, output [1,240,6] = cx, cy, w, h as YOLOX leaves them raw, objectness, class.
/// </summary>
internal static class PeopleModel
{
    public const int InputWidth = 320;
    public const int InputHeight = 192;
    public const int Stride = 16;
    public const int GridWidth = InputWidth / Stride;
    public const int GridHeight = InputHeight / Stride;
    public const int Cells = GridWidth * GridHeight;

    /// <summary>The letterbox's grey becomes 0, which is also what the convolutions see beyond the picture.</summary>
    public const float Mean = 114;
    public const float Scale = 1f / 64;

    // Rows of the network's output.
    public const int X = 0;
    public const int Y = 1;
    public const int W = 2;
    public const int H = 3;
    public const int Objectness = 4;
    private const int Outputs = 5;

    public static Network Create(Dice dice)
    {
        ConvShape[] layers =
        [
            new(3, 192, 320, 8, 3, 3, 2, 1, 1, true),
            new(8, 96, 160, 16, 3, 3, 2, 1, 1, true),
            new(16, 48, 80, 32, 3, 3, 2, 1, 1, true),
            new(32, 24, 40, 32, 3, 3, 1, 1, 1, true, Residual: true),
            new(32, 24, 40, 40, 3, 3, 2, 1, 1, true),
            new(40, 12, 20, 40, 3, 3, 1, 1, 1, true, Residual: true),
            // Dilated: a cell must see the whole of a figure that is 120 pixels tall.
            new(40, 12, 20, 40, 3, 3, 1, 2, 2, true, Residual: true),
            new(40, 12, 20, 40, 3, 3, 1, 1, 1, true, Residual: true),
            new(40, 12, 20, 40, 1, 1, 1, 1, 0, true),
            new(40, 12, 20, Outputs, 1, 1, 1, 1, 0, false),
        ];
        var network = new Network(layers, dice);
        Span<float> bias = network.Biases(network.Parameters, layers.Length - 1);
        bias[W] = 0.5f;
        bias[H] = 1.4f;
        bias[Objectness] = -4;
        return network;
    }

    /// <summary>Boxes above the threshold after non-maximum suppression, best first.</summary>
    /// <param name="output">[5, <see cref="Cells"/>]: the box raw, then the score.</param>
    public static List<Found> Decode(ReadOnlySpan<float> output, float threshold = 0.5f, float overlap = 0.45f)
    {
        var found = new List<Found>();
        for (int cell = 0; cell < Cells; cell++)
        {
            float score = output[(Objectness * Cells) + cell];
            if (score >= threshold)
            {
                float cx = (output[(X * Cells) + cell] + (cell % GridWidth)) * Stride;
                float cy = (output[(Y * Cells) + cell] + (cell / GridWidth)) * Stride;
                float w = MathF.Exp(output[(W * Cells) + cell]) * Stride;
                float h = MathF.Exp(output[(H * Cells) + cell]) * Stride;
                found.Add(new Found(new Box(cx - (w / 2), cy - (h / 2), w, h), score));
            }
        }
        found.Sort((a, b) => b.Score.CompareTo(a.Score));
        for (int i = 0; i < found.Count; i++)
        {
            Found best = found[i];
            found.RemoveAll(other => other.Score < best.Score && other.Box.Overlap(best.Box) > overlap);
        }
        return found;
    }

    public static byte[] ToOnnx(Network network)
    {
        var graph = new OnnxGraph("synthetic-people");
        string at = graph.Normalize("images", Mean, Scale);
        int last = network.Layers.Count - 1;
        for (int i = 0; i < last; i++)
        {
            at = graph.Layer(at, network, i);
        }
        ConvShape head = network.Layers[last];
        ReadOnlySpan<float> weights = network.Weights(network.Parameters, last);
        ReadOnlySpan<float> bias = network.Biases(network.Parameters, last);
        string box = graph.Conv(at, head with { OutChannels = 4 }, weights[..(4 * head.Taps)], bias[..4]);

        // There is one class only: its score is the constant 1 (the sigmoid of 20, rounded).
        float[] scores = new float[2 * head.Taps];
        weights[(4 * head.Taps)..].CopyTo(scores);
        string score = graph.Sigmoid(graph.Conv(at, head with { OutChannels = 2 }, scores, [bias[Objectness], 20]));
        at = graph.Reshape(graph.Concat(box, score, 1), 1, 6, Cells);
        return graph.Finish(
            "images", [1, 3, InputHeight, InputWidth], graph.Transpose(at, 0, 2, 1), "output", [1, Cells, 6],
            "Finds the drawn people of EdgeAgent's demonstration. Trained on drawings only; of no use for real pictures.");
    }
}
