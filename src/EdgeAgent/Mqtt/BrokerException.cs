using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>The broker cannot be used. The message is one sentence with host:port, the cause, and what to do; <see cref="Error"/> is the same for machines.</summary>
internal sealed class BrokerException(string message, Exception? inner = null, LinkError error = LinkError.Refused) : Exception(message, inner)
{
    public LinkError Error => error;
}
