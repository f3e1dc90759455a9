using System.Security.Cryptography;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

public class ModelFileTests
{
    private static readonly PreSpec s_anyPre = new(Fit.Squash, 0, ColourOrder.Bgr, [0, 0, 0], [1, 1, 1]);

    [SharedFact]
    public void Every_model_of_the_shared_set_is_what_the_manifest_says()
    {
        ModelCatalog catalog = Shared.Catalog();
        List<string> present = [.. catalog.Models.Where(m => File.Exists(Path.Combine(Shared.Models, m.File))).Select(m => m.Name)];
        Assert.True(present.Count >= 8);
        Assert.All(catalog.Verify(Shared.Models, present), check => Assert.Null(check.Problem));
    }

    [Fact]
    public void A_missing_model_says_where_it_should_be_and_how_to_get_it()
    {
        ModelCheck check = Assert.Single(Shared.Catalog().Verify("/nowhere", ["yolox-nano-416"]));
        Assert.Contains("/nowhere/object_det_yolox_nano_416.onnx is missing", check.Problem, StringComparison.Ordinal);
        Assert.Contains("models pull", check.Problem, StringComparison.Ordinal);
    }

    [SharedFact]
    public void One_flipped_bit_and_one_missing_byte_are_found()
    {
        using var folder = new TempFolder();
        ModelEntry entry = Shared.Catalog().Find("person-reid-0288", "appearance");
        byte[] bytes = File.ReadAllBytes(Path.Combine(Shared.Models, entry.File));
        bytes[bytes.Length / 2] ^= 1;
        folder.Write(entry.File, bytes);
        Assert.Contains("sha256", Assert.Throws<ModelException>(() => OnnxModel.Open(entry, folder.Path, 1)).Message, StringComparison.Ordinal);
        folder.Write(entry.File, bytes.AsSpan(1));
        string shorter = Assert.Throws<ModelException>(() => OnnxModel.Open(entry, folder.Path, 1)).Message;
        Assert.Contains($"{bytes.Length - 1} bytes", shorter, StringComparison.Ordinal);
    }

    [SharedFact]
    public void A_manifest_that_describes_another_tensor_is_refused_with_both()
    {
        ModelEntry entry = Shared.Catalog().Find("person-reid-0288", "appearance");
        ModelEntry wrong = entry with { Outputs = [new TensorSpec("reid_embedding", [1, 255])] };
        string message = Assert.Throws<ModelException>(() => OnnxModel.Open(wrong, Shared.Models, 1)).Message;
        Assert.Contains("reid_embedding [1,256] float32", message, StringComparison.Ordinal);
        Assert.Contains("reid_embedding [1,255] float32", message, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Hostile_files_are_refused_or_loaded_and_never_bring_the_process_down()
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.GetFiles(Shared.Fixture("corpora/onnx-hostile"), "*.onnx"))
        {
            string? problem = Problem(path, new TensorSpec("X", [1, 4]), new TensorSpec("Y", [1, 4]));
            if (problem is not null)
            {
                refused[Path.GetFileName(path)] = problem;
            }
        }
        Assert.DoesNotContain("valid_inline.onnx", refused.Keys);
        foreach (string name in new[] { "ok.onnx", "link.onnx", "dev.onnx" })
        {
            Assert.Contains("external data", refused[name], StringComparison.Ordinal);
        }
        string[] broken =
        [
            "empty", "text", "trunc_half", "huge_dims", "huge_len", "neg_dim", "raw_len_mismatch", "deep_nest", "cycle", "unknown_op", "future_opset",
            "wrong_shape",
        ];
        foreach (string name in broken)
        {
            Assert.Contains(name + ".onnx", refused.Keys);
        }
    }

    [SharedFact]
    public void A_model_computes_in_place_without_managed_memory()
    {
        ModelEntry entry = Entry(Shared.Fixture("corpora/onnx-hostile/valid_inline.onnx"), new TensorSpec("X", [1, 4]), new TensorSpec("Y", [1, 4]));
        using OnnxModel model = OnnxModel.Open(entry, Shared.Fixture("corpora/onnx-hostile"), 1);
        for (int run = 0; run < 50; run++)
        {
            model.Input.Fill(run);
            model.Run();
            Assert.Equal([run + 1f, run + 1f, run + 1f, run + 1f], model.Output(0).ToArray());
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 100; run++)
        {
            model.Run();
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Only_OnnxModel_knows_ONNX_Runtime()
    {
        string source = Path.Combine(Shared.RepoRoot, "src", "EdgeAgent.Vision");
        IEnumerable<string> users = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal));
        Assert.Equal(["OnnxModel.cs"], users.Select(Path.GetFileName));
    }

    private static string? Problem(string path, TensorSpec input, TensorSpec output)
    {
        try
        {
            using OnnxModel model = OnnxModel.Open(Entry(path, input, output), Path.GetDirectoryName(path)!, 1);
            model.Run();
            return null;
        }
        catch (ModelException refused)
        {
            Assert.Contains(Path.GetFileName(path), refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
            return refused.Message;
        }
    }

    private static ModelEntry Entry(string path, TensorSpec input, TensorSpec output) => new(
        "hostile", "test", Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), null, "-", "-", null,
        true, null, input, [output], s_anyPre, new PostSpec.Embedding(0), []);
}
