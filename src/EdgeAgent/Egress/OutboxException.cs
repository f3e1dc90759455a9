namespace EdgeAgent.Egress;

/// <summary>The outbox file cannot be used. The message is one sentence that names the file and what to do.</summary>
internal sealed class OutboxException(string message, Exception? inner = null) : Exception(message, inner);
