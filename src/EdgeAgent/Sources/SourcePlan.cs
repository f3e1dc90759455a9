using EdgeAgent.Core.Config;
using EdgeAgent.Rfid;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Sources;

/// <summary>What is to run next: made and checked, but not started. What ran before and is in it goes on untouched.</summary>
/// <param name="ModelSet">Digest over the models that the configuration uses.</param>
/// <param name="Turns">Shares the processors between the cameras; of its own only with other models.</param>
/// <param name="NewCameras">Made for this plan; to be started, or disposed with a plan that is given up.</param>
internal sealed record SourcePlan(
    DeviceConfig Config, string ModelSet, DetectionScheduler Turns, string TurnsKey,
    IReadOnlyList<RunningCamera> Cameras, IReadOnlyList<RunningDevice<ReaderRunner>> Readers, IReadOnlyList<RunningDevice<ScaleRunner>> Scales,
    IReadOnlyList<RunningCamera> NewCameras, IReadOnlyList<RunningDevice<ReaderRunner>> NewReaders, IReadOnlyList<RunningDevice<ScaleRunner>> NewScales);
