namespace EdgeAgent.Torture.Trials;

/// <summary>What a trial found.</summary>
/// <param name="Broken">Each broken promise as a sentence; none when all were kept.</param>
/// <param name="Figures">What was counted or measured, as a person reads it.</param>
internal sealed record Finding(IReadOnlyList<string> Broken, string Figures)
{
    public bool Holds => Broken.Count == 0;
}
