using EdgeAgent.Core.Privacy;
using EdgeAgent.Ota;
using EdgeAgent.Vision.Trials;

namespace EdgeAgent.Tests.Ota;

public class TrialVerdictTests
{
    private static readonly TrialFigures s_good = new(Pictures: 100, PeopleInUse: 60, PeopleBeside: 58, Vectors: 0, Failures: 0, Agreement: 0.95, BesideToInUse: 1.1);

    [Fact]
    public void A_candidate_is_taken_when_it_has_seen_enough_agrees_and_is_fast_enough()
    {
        Assert.Equal(OtaReason.None, Shadow(s_good));
        Assert.Null(TrialVerdict.OfShadow(s_good, isTime: false, 40, 0.8));
        Assert.Null(Shadow(s_good with { PeopleInUse = 10, PeopleBeside = 10 }));
        Assert.Null(Shadow(s_good with { Agreement = null }));
        Assert.Equal(OtaReason.Agreement, Shadow(s_good with { Agreement = 0.79 }));
        Assert.Equal(OtaReason.Slow, Shadow(s_good with { BesideToInUse = 2.1 }));
        // Two pictures are no measure of speed.
        Assert.Equal(OtaReason.None, Shadow(s_good with { BesideToInUse = 2.1, Pictures = 2 }));
        // One that fails is not tried for an hour.
        Assert.Equal(OtaReason.RunFailed, TrialVerdict.OfShadow(s_good with { Failures = 1 }, isTime: false, 40, 0.8));
    }

    [Fact]
    public void A_model_on_probation_goes_when_it_fails_is_blind_or_slower_than_twice_the_old_one()
    {
        Assert.Equal(OtaReason.None, TrialVerdict.OfProbation(s_good));
        Assert.Equal(OtaReason.None, TrialVerdict.OfProbation(default));
        Assert.Equal(OtaReason.RunFailed, TrialVerdict.OfProbation(s_good with { Failures = 1 }));
        Assert.Equal(OtaReason.Blind, TrialVerdict.OfProbation(s_good with { PeopleInUse = 0 }));
        // An empty shop is no fault: the old model sees nobody either.
        Assert.Equal(OtaReason.None, TrialVerdict.OfProbation(s_good with { PeopleInUse = 0, PeopleBeside = 9 }));
        // The old one, now beside, takes less than half as long.
        Assert.Equal(OtaReason.Slow, TrialVerdict.OfProbation(s_good with { BesideToInUse = 0.4 }));
    }

    private static OtaReason? Shadow(TrialFigures figures) => TrialVerdict.OfShadow(figures, isTime: true, 40, 0.8);
}
