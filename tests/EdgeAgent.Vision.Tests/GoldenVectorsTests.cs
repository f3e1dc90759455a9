using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

/// <summary>A model against what its publisher measured.</summary>
public class GoldenVectorsTests
{
    [SharedFact]
    public void Each_family_gives_the_same_again_and_no_more_than_a_description_holds()
    {
        foreach ((string name, string role) in new[]
        {
            ("yolox-nano-416", "people"), ("person-omz0200-256", "people"), ("person-reid-0288", "appearance"), ("yunet-n-320", "faces"), ("minifasnet-v2-27", "liveness"),
        })
        {
            ModelEntry entry = Shared.Catalog().Find(name, role);
            GoldenVectors golden = GoldenVectors.Make(entry, Shared.Models, seed: 3);
            Assert.Null(ModelContract.FindProblem(entry));
            Assert.InRange(golden.Outputs.Sum(o => o.Columns.Sum(c => c.Count)), 3, 1024);
            Assert.Equal(1, GoldenVectors.Compare(entry, Shared.Models, golden), 4);
            // Another picture is another answer: the comparison looks at something.
            Assert.True(GoldenVectors.Compare(entry, Shared.Models, golden with { Seed = 4 }) < GoldenVectors.LeastCosine, name);
        }
    }

    [SharedFact]
    public void A_swapped_label_is_found_though_all_other_values_are_right()
    {
        ModelEntry entry = Shared.Catalog().Find("yolox-nano-416", "people");
        var post = (PostSpec.Yolox)entry.Post;
        GoldenVectors golden = GoldenVectors.Make(entry, Shared.Models, seed: 3);
        for (int label = 1; label < post.Classes; label++)
        {
            Assert.True(GoldenVectors.Compare(entry with { Post = post with { Class = label } }, Shared.Models, golden) < GoldenVectors.LeastCosine, $"label {label}");
        }
    }

    [SharedFact]
    public void Vectors_of_another_model_or_rule_are_refused_with_a_sentence()
    {
        ModelCatalog catalog = Shared.Catalog();
        ModelEntry entry = catalog.Find("person-reid-0288", "appearance");
        GoldenVectors golden = GoldenVectors.Make(catalog.Find("yunet-n-320", "faces"), Shared.Models, seed: 3);
        Assert.Equal(ModelFault.Golden, Assert.Throws<ModelException>(() => GoldenVectors.Compare(entry, Shared.Models, golden)).Fault);
        Assert.Equal(ModelFault.Golden, Assert.Throws<ModelException>(() => GoldenVectors.Compare(entry, Shared.Models, golden with { Pattern = "blocks-2" })).Fault);
    }
}
