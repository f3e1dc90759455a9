using EdgeAgent.Core.Config;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

public class ManifestTests
{
    [Fact]
    public void The_projects_own_manifest_is_good_and_has_a_person_detector()
    {
        ModelCatalog catalog = Shared.Catalog();
        ModelEntry people = catalog.Find("yolox-nano-416", "people");
        Assert.Equal("object_det_yolox_nano_416.onnx", people.File);
        Assert.Contains(catalog.Models, model => model.Role == "faces");
    }

    [Fact]
    public void An_unknown_model_name_lists_those_of_the_role()
    {
        ModelException error = Assert.Throws<ModelException>(() => Shared.Catalog().Find("yolo9000", "people"));
        Assert.Contains("yolo9000", error.Message, StringComparison.Ordinal);
        Assert.Contains("yolox-nano-416", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_model_with_one_class_and_one_stride_is_an_entry_and_not_code()
    {
        ModelEntry entry = Parse(Some());
        var post = Assert.IsType<PostSpec.Yolox>(entry.Post);
        Assert.Equal((1, 0, 8), (post.Classes, post.Class, Assert.Single(post.Strides)));
        Assert.Equal(24 * 12, entry.Outputs[0].Shape[1]);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        // field to change (dots step down), new JSON value or "-" to remove, field that the message must name
        { "licence", "-", "licence" },
        { "licences", "\"MIT\"", "licences" },
        { "sha256", "\"ABC\"", "sha256" },
        { "size", "\"12\"", "size" },
        { "size", "-", "size" },
        { "file", "\"../x.onnx\"", "file" },
        { "url", "\"ftp://x/y.onnx\"", "url" },
        { "synthetic", "1", "synthetic" },
        { "inputs", "[]", "inputs" },
        { "inputs", "[{\"name\":\"i\",\"shape\":[1,3,96,192],\"type\":\"uint8\"}]", "inputs[0].type" },
        { "outputs", "[{\"name\":\"o\",\"shape\":[1,287,6],\"type\":\"float32\"}]", "outputs" },
        { "pre.fit", "\"stretch\"", "pre.fit" },
        { "pre.pad", "256", "pre.pad" },
        { "pre.colour", "\"GRB\"", "pre.colour" },
        { "pre.mean", "[0,0]", "pre.mean" },
        { "pre.blur", "1", "pre.blur" },
        { "post.family", "\"yolo\"", "post.family" },
        { "post.strides", "[7]", "post.strides" },
        { "post.class", "1", "post.class" },
        { "post.threshold", "1.5", "post.threshold" },
        { "post.nms", "-", "post.nms" },
        { "referencePoints", "[[0.5,0.5]]", "referencePoints" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_names_the_file_the_model_and_the_field(string field, string value, string named)
    {
        JsonObject entry = Some();
        string[] steps = field.Split('.');
        JsonObject owner = steps.Length == 2 ? entry[steps[0]]!.AsObject() : entry;
        owner.Remove(steps[^1]);
        if (value != "-")
        {
            owner[steps[^1]] = JsonNode.Parse(value);
        }
        ModelException error = Assert.Throws<ModelException>(() => Parse(entry));
        Assert.StartsWith($"some.json, model 'some', field {named}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_models_of_one_name_and_what_is_no_json_are_refused()
    {
        Assert.Contains("two entries", Assert.Throws<ModelException>(() => Parse(Some(), Some())).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "some.json is not JSON", Assert.Throws<ModelException>(() => ModelManifest.Parse("{\"models\":["u8.ToArray(), "some.json")).Message,
            StringComparison.Ordinal);
    }

    internal static JsonObject Some() => JsonNode.Parse("""
        { "name": "some", "role": "people", "file": "some.onnx", "sha256": "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
          "size": 100, "licence": "MIT", "source": "here", "url": null, "synthetic": true,
          "inputs": [{ "name": "images", "shape": [1, 3, 96, 192], "type": "float32" }],
          "outputs": [{ "name": "output", "shape": [1, 288, 6], "type": "float32" }],
          "pre": { "fit": "letterbox-top-left", "pad": 114, "colour": "BGR", "mean": [0, 0, 0], "scale": [1, 1, 1] },
          "post": { "family": "yolox", "strides": [8], "classes": 1, "class": 0, "threshold": 0.3, "nms": 0.45 } }
        """)!.AsObject();

    internal static ModelEntry Parse(params JsonObject[] entries)
    {
        var root = new JsonObject { ["models"] = new JsonArray([.. entries]) };
        return ModelManifest.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "some.json")[0];
    }

    [Fact]
    public void A_faint_threshold_that_is_not_below_the_models_own_is_refused_with_both()
    {
        ModelException refused = Assert.Throws<ModelException>(() => FrameAnalyzer.Open(
            "door", new ModelsConfig("synthetic-people", FaintThreshold: 0.9), Shared.Catalog(), Path.Combine(Shared.RepoRoot, "models", "synthetic")));

        Assert.Contains("models.faintThreshold 0.9 must be below the threshold of 'synthetic-people'", refused.Message, StringComparison.Ordinal);
    }
}
