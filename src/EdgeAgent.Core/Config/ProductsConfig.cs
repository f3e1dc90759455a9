using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>The goods that this store knows by sight.</summary>
public sealed record ProductsConfig(
    [Description("Gallery file that 'edge-agent products enroll' wrote; null recognises none. In a replay relative to the scenario's folder.")] string? Gallery = null,
    [Description("Likeness from which a product counts as known, on shelves at least 0.8; null takes the threshold of the manifest's model. 0 to 1.")] double? Threshold = null,
    [Description("By how much the best product must be more like it than the second, else it is unknown; on shelves at least 0.06. 0 to 1.")] double Margin = 0.01);
