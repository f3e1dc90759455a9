using EdgeAgent.Core;

namespace EdgeAgent.Rfid;

/// <summary>The link to a reader cannot go on; the message is a sentence for a person. Caught once, in <see cref="ReaderRunner"/>.</summary>
internal sealed class ReaderFaultException(SensorReason reason, string message) : Exception(message)
{
    public SensorReason Reason { get; } = reason;
}
