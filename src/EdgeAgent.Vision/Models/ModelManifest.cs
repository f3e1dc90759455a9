using System.Text.Json;
using EdgeAgent.Core;

namespace EdgeAgent.Vision.Models;

/// <summary>Reads <c>models/manifest.json</c> strictly: unknown key, missing key or wrong value ends in a <see cref="ModelException"/>.</summary>
internal static class ModelManifest
{
    /// <param name="file">Name for messages only.</param>
    public static IReadOnlyList<ModelEntry> Parse(ReadOnlyMemory<byte> json, string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
        }
        catch (JsonException wrong)
        {
            throw new ModelException($"{file} is not JSON: {wrong.Message}", wrong);
        }
        using (document)
        {
            var root = new ManifestFields(document.RootElement, file, "");
            var entries = new List<ModelEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonElement element in root.Elements("models"))
            {
                ModelEntry entry = ReadEntry(element, file, entries.Count);
                if (!names.Add(entry.Name))
                {
                    throw new ModelException($"{file}, model '{entry.Name}', field name: is used by two entries.");
                }
                entries.Add(entry);
            }
            root.RefuseUnknown();
            return entries;
        }
    }

    private static ModelEntry ReadEntry(JsonElement element, string file, int index)
    {
        string name = new ManifestFields(element, $"{file}, model {index + 1}", "").Text("name");
        var fields = new ManifestFields(element, $"{file}, model '{name}'", "");
        var entry = new ModelEntry(
            fields.Text("name"),
            fields.Text("role"),
            ReadFileName(fields),
            ReadHash(fields),
            fields.SizeOrNull("size"),
            fields.Text("licence"),
            fields.Text("source"),
            ReadUrl(fields),
            fields.Flag("synthetic"),
            fields.OptionalText("note"),
            ReadInput(fields),
            ReadTensors(fields, "outputs"),
            ReadPre(fields.Object("pre")),
            ReadPost(fields.Object("post")),
            ReadPoints(fields));
        fields.RefuseUnknown();
        CheckOutputs(entry, fields);
        return entry;
    }

    private static string ReadFileName(ManifestFields fields)
    {
        string name = fields.Text("file");
        bool plain = name.EndsWith(".onnx", StringComparison.Ordinal) && name[0] != '.' && name.Length <= 128;
        foreach (char c in name)
        {
            plain &= char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
        }
        return plain ? name : throw fields.Wrong("file", "a plain file name of a-z A-Z 0-9 . _ - that ends in .onnx", $"'{name}'");
    }

    private static string ReadHash(ManifestFields fields)
    {
        string hash = fields.Text("sha256");
        bool hex = hash.Length == 64;
        foreach (char c in hash)
        {
            hex &= char.IsAsciiHexDigitLower(c);
        }
        return hex ? hash : throw fields.Wrong("sha256", "64 lower-case hex digits", $"'{hash}'");
    }

    private static string? ReadUrl(ManifestFields fields)
    {
        string? url = fields.TextOrNull("url");
        bool good = url is null || (Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps);
        return good ? url : throw fields.Wrong("url", "an https address or null", $"'{url}'");
    }

    private static TensorSpec ReadInput(ManifestFields fields)
    {
        List<TensorSpec> inputs = ReadTensors(fields, "inputs");
        return inputs.Count == 1 && inputs[0].Shape is [1, 3, >= 8 and <= 4096, >= 8 and <= 4096]
            ? inputs[0]
            : throw fields.Wrong("inputs", "one picture of shape [1,3,height,width]", string.Join(' ', inputs.ConvertAll(i => i.Text)));
    }

    private static List<TensorSpec> ReadTensors(ManifestFields fields, string name)
    {
        var tensors = new List<TensorSpec>();
        foreach (ManifestFields tensor in fields.Objects(name))
        {
            var spec = new TensorSpec(tensor.Text("name"), tensor.Wholes("shape"));
            tensor.Choice("type", ("float32", 0));
            tensor.RefuseUnknown();
            long count = 1;
            foreach (int dimension in spec.Shape)
            {
                count = Math.Min(count * dimension, int.MaxValue);
            }
            // 64 Mi values are 256 MiB of floats: more is a typing error, not a model for a gateway.
            tensors.Add(count <= 64 << 20 ? spec : throw tensor.Wrong("shape", "at most 67108864 values", spec.Text));
        }
        return tensors.Count > 0 ? tensors : throw fields.Wrong(name, "at least one tensor", "none");
    }

    private static PreSpec ReadPre(ManifestFields fields)
    {
        var pre = new PreSpec(
            fields.Choice(
                "fit", ("letterbox-top-left", Fit.LetterboxTopLeft), ("letterbox-centre", Fit.LetterboxCentre), ("squash", Fit.Squash)),
            (byte)fields.Whole("pad", 0, 255),
            fields.Choice("colour", ("BGR", ColourOrder.Bgr), ("RGB", ColourOrder.Rgb)),
            fields.Triple("mean"),
            fields.Triple("scale"));
        fields.RefuseUnknown();
        return pre;
    }

    private static PostSpec ReadPost(ManifestFields fields)
    {
        Func<ManifestFields, PostSpec> read = fields.Choice<Func<ManifestFields, PostSpec>>(
            "family", ("yolox", ReadYolox), ("boxes-scores", ReadBoxesScores), ("yunet", ReadYunet), ("embedding", ReadEmbedding), ("liveness", ReadLiveness));
        PostSpec post = read(fields);
        fields.RefuseUnknown();
        return post;
    }

    private static PostSpec.Yolox ReadYolox(ManifestFields fields)
    {
        int classes = fields.Whole("classes", 1, 1000);
        return new PostSpec.Yolox(
            fields.Wholes("strides"), classes, fields.Whole("class", 0, classes - 1), fields.Number("threshold", 0, 1), fields.Number("nms", 0, 1));
    }

    private static PostSpec.BoxesScores ReadBoxesScores(ManifestFields fields) => new(
        fields.Choice("corners", ("x1y1x2y2", Corners.X1Y1X2Y2), ("y1x1y2x2", Corners.Y1X1Y2X2)),
        fields.Whole("column", 0, 999),
        fields.Number("threshold", 0, 1),
        fields.Number("nms", 0, 1));

    private static PostSpec.Yunet ReadYunet(ManifestFields fields) =>
        new(fields.Wholes("strides"), fields.Number("threshold", 0, 1), fields.Number("nms", 0, 1));

    private static PostSpec.Embedding ReadEmbedding(ManifestFields fields) => new(fields.Number("threshold", -1, 1));

    private static PostSpec.Liveness ReadLiveness(ManifestFields fields) =>
        new(fields.Number("scale", 1, 10), fields.Whole("live", 0, 99), fields.Number("threshold", 0, 1));

    private static List<Point> ReadPoints(ManifestFields fields)
    {
        var points = new List<Point>();
        if (!fields.Has("referencePoints"))
        {
            return points;
        }
        foreach (JsonElement item in fields.Elements("referencePoints"))
        {
            points.Add(
                item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 2
                && item[0].ValueKind == JsonValueKind.Number && item[0].TryGetSingle(out float x) && x is >= 0 and <= 1
                && item[1].ValueKind == JsonValueKind.Number && item[1].TryGetSingle(out float y) && y is >= 0 and <= 1
                    ? new Point(x, y)
                    : throw fields.Wrong("referencePoints", "pairs [x, y] in fractions of the input", item.GetRawText()));
        }
        return points.Count == 5
            ? points
            : throw fields.Wrong("referencePoints", "five points (eyes, nose, mouth corners)", points.Count + " points");
    }

    /// <summary>The outputs must be those that the family's decoder reads, or it would read past their end.</summary>
    private static void CheckOutputs(ModelEntry entry, ManifestFields fields)
    {
        switch (entry.Post)
        {
            case PostSpec.Yolox yolox:
                CheckStrides(entry, yolox.Strides, fields);
                int anchors = 0;
                foreach (int stride in yolox.Strides)
                {
                    anchors += Cells(entry, stride);
                }
                Expect(entry, fields, entry.Outputs.Count == 1, entry.Outputs[0].Name, [1, anchors, 5 + yolox.Classes]);
                break;
            case PostSpec.BoxesScores boxes:
                int count = entry.Outputs.Count == 2 && entry.Outputs[0].Shape.Count == 3 ? entry.Outputs[0].Shape[1] : 0;
                Expect(entry, fields, count > 0, entry.Outputs[0].Name, [1, count, 4]);
                int columns = entry.Outputs[1].Shape is [1, _, int c] ? c : 0;
                Expect(entry, fields, columns > boxes.Column, entry.Outputs[1].Name, [1, count, Math.Max(columns, boxes.Column + 1)]);
                break;
            case PostSpec.Yunet yunet:
                CheckStrides(entry, yunet.Strides, fields);
                bool all = entry.Outputs.Count == 4 * yunet.Strides.Count;
                foreach (int stride in yunet.Strides)
                {
                    Expect(entry, fields, all, $"cls_{stride}", [1, Cells(entry, stride), 1]);
                    Expect(entry, fields, all, $"obj_{stride}", [1, Cells(entry, stride), 1]);
                    Expect(entry, fields, all, $"bbox_{stride}", [1, Cells(entry, stride), 4]);
                    Expect(entry, fields, all, $"kps_{stride}", [1, Cells(entry, stride), 10]);
                }
                break;
            case PostSpec.Liveness liveness:
                int classes = entry.Outputs[0].Shape is [1, int c2] ? c2 : 0;
                Expect(entry, fields, entry.Outputs.Count == 1 && classes > liveness.Live, entry.Outputs[0].Name, [1, Math.Max(classes, liveness.Live + 1)]);
                break;
            case PostSpec.Embedding:
                if (entry.Outputs.Count != 1)
                {
                    throw fields.Wrong("outputs", "one vector", entry.Outputs.Count + " tensors");
                }
                break;
        }
    }

    private static void CheckStrides(ModelEntry entry, IReadOnlyList<int> strides, ManifestFields fields)
    {
        foreach (int stride in strides)
        {
            if (entry.InputWidth % stride != 0 || entry.InputHeight % stride != 0)
            {
                throw fields.Wrong("post.strides", $"divisors of {entry.InputWidth} and {entry.InputHeight}", $"{stride}");
            }
        }
    }

    private static int Cells(ModelEntry entry, int stride) => entry.InputWidth / stride * (entry.InputHeight / stride);

    private static void Expect(ModelEntry entry, ManifestFields fields, bool countIsRight, string tensor, ReadOnlySpan<int> shape)
    {
        var expected = new TensorSpec(tensor, shape.ToArray());
        int index = entry.OutputIndex(tensor);
        bool same = countIsRight && index >= 0 && entry.Outputs[index].Text == expected.Text;
        if (!same)
        {
            var texts = new List<string>();
            foreach (TensorSpec output in entry.Outputs)
            {
                texts.Add(output.Text);
            }
            throw fields.Wrong("outputs", $"{expected.Text} for its family, strides and classes", string.Join("; ", texts));
        }
    }
}
