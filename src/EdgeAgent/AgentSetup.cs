using EdgeAgent.Config;
using EdgeAgent.Core.Config;

namespace EdgeAgent;

/// <summary>What an agent is started with.</summary>
/// <param name="Local">The configuration file given to <c>run</c>. A kept remote one may go before it.</param>
/// <param name="Ceiling">The most that a remote configuration may switch on about people.</param>
/// <param name="StateFolder">Outbox, members, kept configurations; created if absent.</param>
/// <param name="TrustFolder">Public keys of those whose documents are believed; may be absent.</param>
/// <param name="LogWall">What looks at the log before it is written; null where none is.</param>
/// <param name="LogCounts">Counts the log's messages, for the metrics; null where nobody asks.</param>
internal sealed record AgentSetup(
    ActiveConfig Local, PrivacyCeiling Ceiling, ModelStore Models, bool AllowSynthetic, string StateFolder, string TrustFolder, Dashboard.LogCounts? LogCounts = null,
    Cli.LogFirewall? LogWall = null);
