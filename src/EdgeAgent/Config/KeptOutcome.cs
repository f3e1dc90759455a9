using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Config;

/// <summary>What became of the last desired document, kept over a restart.</summary>
/// <param name="Sections">For each section the version in which it got its present content, and the digest of that.</param>
/// <param name="RolledBack">What was tried and taken back, until another document is applied.</param>
internal sealed record KeptOutcome(
    long? DesiredVersion, ConfigOutcome Outcome, IReadOnlyList<ConfigError> Errors, IReadOnlyDictionary<string, SectionMark> Sections, DateTimeOffset EffectiveAt,
    RolledBackDocument? RolledBack);

internal sealed record SectionMark(long Version, string Digest);

/// <param name="Document">Digest of the document: the broker hands it out again at each connect, and it is not tried again.</param>
internal sealed record RolledBackDocument(string Document, IReadOnlyList<ConfigError> Errors);
