using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Ota;

/// <summary>Writes an entry back in the form of models/manifest.json, without what an artefact states itself.</summary>
internal static class ManifestForm
{
    public static JsonElement Write(ModelEntry entry)
    {
        var json = new JsonObject
        {
            ["role"] = entry.Role,
            ["licence"] = entry.Licence,
            ["source"] = entry.Source,
            ["synthetic"] = entry.Synthetic,
            ["inputs"] = new JsonArray(Tensor(entry.Input)),
            ["outputs"] = new JsonArray([.. entry.Outputs.Select(Tensor)]),
            ["pre"] = new JsonObject
            {
                ["fit"] = entry.Pre.Fit switch { Fit.LetterboxTopLeft => "letterbox-top-left", Fit.LetterboxCentre => "letterbox-centre", _ => "squash" },
                ["pad"] = entry.Pre.Pad,
                ["colour"] = entry.Pre.Colour == ColourOrder.Bgr ? "BGR" : "RGB",
                ["mean"] = Numbers(entry.Pre.Mean),
                ["scale"] = Numbers(entry.Pre.Scale),
            },
            ["post"] = Post(entry.Post),
        };
        if (entry.ReferencePoints.Count > 0)
        {
            json["referencePoints"] = new JsonArray([.. entry.ReferencePoints.Select(p => Numbers([p.X, p.Y]))]);
        }
        return JsonSerializer.SerializeToElement(json);
    }

    private static JsonObject Post(PostSpec post) => post switch
    {
        PostSpec.Yolox p => new()
        {
            ["family"] = "yolox", ["strides"] = Wholes(p.Strides), ["classes"] = p.Classes, ["class"] = p.Class, ["threshold"] = p.Threshold, ["nms"] = p.Nms,
        },
        PostSpec.BoxesScores p => new()
        {
            ["family"] = "boxes-scores", ["corners"] = p.Corners == Corners.X1Y1X2Y2 ? "x1y1x2y2" : "y1x1y2x2", ["column"] = p.Column,
            ["threshold"] = p.Threshold, ["nms"] = p.Nms,
        },
        PostSpec.Yunet p => new() { ["family"] = "yunet", ["strides"] = Wholes(p.Strides), ["threshold"] = p.Threshold, ["nms"] = p.Nms },
        PostSpec.Embedding p => new() { ["family"] = "embedding", ["threshold"] = p.Threshold },
        PostSpec.Liveness p => new() { ["family"] = "liveness", ["scale"] = p.Scale, ["live"] = p.Live, ["threshold"] = p.Threshold },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JsonObject Tensor(TensorSpec spec) => new() { ["name"] = spec.Name, ["shape"] = Wholes(spec.Shape), ["type"] = "float32" };

    private static JsonArray Wholes(IReadOnlyList<int> values) => new([.. values.Select(v => JsonValue.Create(v))]);

    private static JsonArray Numbers(IReadOnlyList<float> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
