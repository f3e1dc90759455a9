using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Ota;

/// <summary>A download did not come about. The message is a sentence for the box's own log; only the reason leaves.</summary>
/// <param name="again">Whether another try can help.</param>
internal sealed class DownloadException(OtaReason reason, bool again, string message, Exception? inner = null) : Exception(message, inner)
{
    public OtaReason Reason => reason;

    public bool Again => again;
}
