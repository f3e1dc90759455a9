using EdgeAgent.Core;

namespace EdgeAgent.Vision.Cameras;

/// <summary>A recorded clip is missing, no video, or ends too early. The message is one sentence for the person who runs the replay.</summary>
public sealed class ClipException(string message) : Exception(message);

/// <summary>A live camera gave no more pictures. The runner reports <see cref="Reason"/> and connects again.</summary>
public sealed class CameraException(string message, SensorReason reason) : Exception(message)
{
    public SensorReason Reason { get; } = reason;
}

/// <summary>A hardware decoder does not work for a camera. The runner says so once and tries the next one at once.</summary>
internal sealed class DecoderException(string message) : Exception(message);

/// <summary>The camera's pictures have other proportions than the decoder began with. The runner starts it anew and tells the shop nothing.</summary>
internal sealed class PictureShapeException(string message) : Exception(message);
