namespace EdgeAgent.Mqtt;

/// <summary>The broker cannot be used. The message is one sentence with host:port, the cause, and what to do.</summary>
internal sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);
