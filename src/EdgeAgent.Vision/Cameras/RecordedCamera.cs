using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// A recorded clip as a camera of a replay: every picture is analysed in order, as fast as the machine can, and picture n has the time
/// start + n / fps. The same clip gives the same inputs every time. Faults of the picture are found as in a shop.
/// </summary>
public sealed class RecordedCamera(CameraConfig camera, FrameAnalyzer analyzer, TimeProvider time)
{
    /// <summary>The inputs of the whole clip. Leaving the loop early ends the decoder.</summary>
    /// <param name="start">Virtual time of the first picture.</param>
    /// <param name="gestures">Consent gestures in the order of time: each arms its zone before the first picture that is not older.</param>
    /// <exception cref="ClipException">The clip is missing, no video, or ended too early; what came before was given out.</exception>
    public IEnumerable<ShopInput> Read(DateTimeOffset start, IReadOnlyList<ShopInput.ConsentGiven>? gestures = null)
    {
        using var frames = new ReadAhead(FfmpegFrames.Open(camera, new FramePool(), time));
        var health = new PictureHealth(camera.Masks);
        SensorReason told = SensorReason.None;
        long number = 0;
        int given = 0;
        while (frames.Read(out bool damaged) is Frame frame)
        {
            DateTimeOffset at = start + TimeSpan.FromTicks((long)Math.Round(number * (TimeSpan.TicksPerSecond / camera.Fps)));
            for (; given < gestures?.Count && gestures[given].At <= at; given++)
            {
                analyzer.ArmFaces(gestures[given].Zone, gestures[given].Until);
            }
            number++;
            if (!damaged)
            {
                health.Look(frame, at);
            }
            SensorReason fault = damaged ? SensorReason.DamagedMessage : health.Fault;
            if (fault != told)
            {
                told = fault;
                SensorState state = told == SensorReason.None ? SensorState.Online : SensorState.Degraded;
                yield return new ShopInput.SensorReported(at, SensorKind.Camera, camera.Id, state, told);
            }
            if (damaged || health.IsBlind)
            {
                frame.Dispose();
                continue;
            }
            yield return analyzer.Analyze(frame, at);
            foreach (ShopInput goods in analyzer.Goods)
            {
                yield return goods;
            }
            foreach (ShopInput.MemberSeen member in analyzer.Members)
            {
                yield return member;
            }
        }
    }
}
