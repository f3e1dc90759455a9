namespace EdgeAgent.Fleet;

/// <summary>A fleet command cannot be carried out. One sentence for a person: what is wrong and what to do.</summary>
internal sealed class FleetException(string message) : Exception(message);
