namespace EdgeAgent.Signing;

/// <summary>A key or a document to be signed cannot be used. One sentence for a person: which file and what to do.</summary>
internal sealed class SigningException(string message, Exception? inner = null) : Exception(message, inner);
