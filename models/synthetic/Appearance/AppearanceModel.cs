using EdgeAgent.Simulators.Scenes;
using EdgeAgent.SyntheticModels.Learning;
using EdgeAgent.SyntheticModels.Onnx;

namespace EdgeAgent.SyntheticModels.Appearance;

/// <summary>The embedder `synthetic-appearance`: input [1,3,64,32] BGR 0..255, a person cut out and squashed; output [1,32], length 1.</summary>
internal static class AppearanceModel
{
    public const int InputWidth = 32;
    public const int InputHeight = 64;
    public const int Length = 32;
    public const float Mean = 114;
    public const float Scale = 1f / 64;

    public static Network Create(Dice dice) => new(
    [
        new(3, 64, 32, 12, 3, 3, 2, 1, 1, true),
        new(12, 32, 16, 24, 3, 3, 2, 1, 1, true),
        new(24, 16, 8, 32, 3, 3, 2, 1, 1, true),

        // Sees the whole person at once: 8 x 4 places, no padding, one place out.
        new(32, 8, 4, Length, 8, 4, 1, 1, 0, false),
    ], dice);

    public static byte[] ToOnnx(Network network)
    {
        var graph = new OnnxGraph("synthetic-appearance");
        string at = graph.Normalize("data", Mean, Scale);
        for (int i = 0; i < network.Layers.Count; i++)
        {
            at = graph.Layer(at, network, i);
        }
        at = graph.UnitLength(graph.Reshape(at, 1, Length), axis: 1);
        return graph.Finish(
            "data", [1, 3, InputHeight, InputWidth], at, "embedding", [1, Length],
            "Tells the drawn people of EdgeAgent's demonstration apart. Trained on drawings only; of no use for real people.");
    }
}
