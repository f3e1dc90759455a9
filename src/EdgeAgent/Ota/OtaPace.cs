namespace EdgeAgent.Ota;

/// <summary>How often a trial is looked at, and what counts as enough.</summary>
/// <param name="Poll">Between two looks at the figures.</param>
/// <param name="Share">Part of the time that the model beside may take of the box.</param>
/// <param name="LeastSeen">People that the two models must have seen before their agreement counts.</param>
/// <param name="EvidencePatience">How long beyond the shadow time is waited for somebody to come.</param>
internal sealed record OtaPace(TimeSpan Poll, double Share, int LeastSeen, TimeSpan EvidencePatience)
{
    public static OtaPace Usual { get; } = new(TimeSpan.FromSeconds(1), 0.1, 40, TimeSpan.FromHours(24));
}
