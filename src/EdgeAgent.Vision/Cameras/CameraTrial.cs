using System.Runtime.InteropServices;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Vision.Cameras;

/// <summary>What a camera showed when it was tried: pixels of its pictures as they are scaled for the models, and how long the first took.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CameraTrial(int Width, int Height, double FirstSeconds)
{
    private const int Pictures = 3;

    /// <summary>Opens the camera, takes some pictures and lets it go. Blocks for the camera's StallSeconds and some seconds more at most.</summary>
    /// <exception cref="CameraException">It gives none.</exception>
    public static CameraTrial Look(CameraConfig camera, TimeProvider time)
    {
        long began = time.GetTimestamp();
        using LiveFrames frames = LiveFrames.Open(camera, new FramePool(), time);
        CameraTrial seen = default;
        for (int i = 0; i < Pictures; i++)
        {
            using Frame frame = frames.Read() ?? throw new CameraException($"Camera '{camera.Id}' ended.", SensorReason.NoFrames);
            seen = new CameraTrial(frame.Width, frame.Height, i == 0 ? time.GetElapsedTime(began).TotalSeconds : seen.FirstSeconds);
        }
        return seen;
    }
}
