namespace EdgeAgent.Vision.Models;

/// <summary>What a model of each role must be able to do: the code that uses it reads outputs of these families and of no others.</summary>
public static class ModelContract
{
    /// <summary>Null when the entry keeps the contract of its role, else what is wrong, as a sentence.</summary>
    public static string? FindProblem(ModelEntry entry)
    {
        bool fits = entry.Role switch
        {
            "people" => entry.Post is PostSpec.Yolox or PostSpec.BoxesScores,
            "appearance" or "product-vectors" => entry.Post is PostSpec.Embedding,
            "face-vector" => entry.Post is PostSpec.Embedding && entry.ReferencePoints.Count == 5,
            "faces" => entry.Post is PostSpec.Yunet,
            "product-localizer" => entry.Post is PostSpec.BoxesScores,
            "liveness" => entry.Post is PostSpec.Liveness,
            _ => false,
        };
        return fits ? null : $"Model '{entry.Name}': no model of the role '{entry.Role}' has this family; see the table of families in models/README.md.";
    }
}
