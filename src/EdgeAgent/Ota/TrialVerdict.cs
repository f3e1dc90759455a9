using EdgeAgent.Core.Privacy;
using EdgeAgent.Vision.Trials;

namespace EdgeAgent.Ota;

/// <summary>What the figures of a trial mean for a model.</summary>
internal static class TrialVerdict
{
    // From this many people on that the old model saw, a new one that saw none is blind.
    private const int SeenByOld = 10;

    // Runs slower than this many times the old model's are too slow for the shop; so many pictures tell.
    private const double SlowerBy = 2;
    private const int LeastTimed = 20;

    /// <summary>The candidate looked on beside the model in use. Null: not enough was seen to say.</summary>
    /// <param name="isTime">Whether the shadow time is over; a candidate that fails is given up before.</param>
    /// <param name="leastSeen">People that the two must have seen.</param>
    public static OtaReason? OfShadow(TrialFigures figures, bool isTime, int leastSeen, double minAgreement) =>
        figures.Failures > 0 ? OtaReason.RunFailed
        : !isTime || figures.PeopleInUse + figures.PeopleBeside + figures.Vectors < leastSeen || figures.Agreement is not double agreement ? null
        : agreement < minAgreement ? OtaReason.Agreement
        : figures.Pictures >= LeastTimed && figures.BesideToInUse > SlowerBy ? OtaReason.Slow
        : OtaReason.None;

    /// <summary>The new model is the one in use, and the old one is beside it. None: nothing speaks against it yet.</summary>
    public static OtaReason OfProbation(TrialFigures figures) =>
        figures.Failures > 0 ? OtaReason.RunFailed
        : figures.PeopleBeside >= SeenByOld && figures.PeopleInUse == 0 ? OtaReason.Blind
        : figures.Pictures >= LeastTimed && figures.BesideToInUse < 1 / SlowerBy ? OtaReason.Slow
        : OtaReason.None;
}
