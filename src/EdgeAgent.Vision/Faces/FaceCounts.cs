namespace EdgeAgent.Vision.Faces;

/// <summary>What happened to faces at one camera since start.</summary>
/// <param name="Seen">Faces found in an armed zone, picture by picture.</param>
/// <param name="Embedded">Vectors made.</param>
/// <param name="Matched">Persons recognised as a member.</param>
/// <param name="Wiped">Vectors zeroed; all that were made once no zone is armed any more.</param>
public readonly record struct FaceCounts(long Seen, long Embedded, long Matched, long Wiped);
