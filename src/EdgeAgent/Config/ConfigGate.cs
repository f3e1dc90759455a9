using EdgeAgent.Core.Config;
using EdgeAgent.Signing;

namespace EdgeAgent.Config;

/// <summary>Says whether a signed, right document may take the place of the configuration in effect now.</summary>
/// <param name="localVersion">Of the local file: a remote document must be newer.</param>
/// <param name="clockQuality">As in every event: <c>unsynced</c> when the clock cannot be believed.</param>
internal sealed class ConfigGate(RemoteLimits limits, long localVersion, Ratchet ratchet, TimeFloor floor, Func<string> clockQuality, TimeProvider time)
{
    private const string Kind = "config";

    /// <summary>The time that documents are measured by.</summary>
    public DateTimeOffset Now => floor.Now(time.GetUtcNow());

    /// <summary>Empty when the document may be tried. It may still have to wait for its time, see <see cref="MustWait"/>.</summary>
    public IReadOnlyList<ConfigError> Check(DesiredConfig document, ActiveConfig active)
    {
        var errors = new List<ConfigError>();
        limits.Check(document.Config, errors);
        errors = [.. errors.Select(DesiredConfig.Below)];
        if (errors.Exists(e => e.Code == "audience"))
        {
            return errors;
        }
        if (document.Expires <= Now)
        {
            string clock = clockQuality() == "unsynced" ? " The clock of this box is not synchronised; if it is wrong, set it right." : "";
            errors.Add(new ConfigError("$.expires", "expired", $"the document expired at {document.Expires:u}; it is {Now:u} now.{clock}"));
        }
        if (document.Version <= localVersion)
        {
            errors.Add(new ConfigError("$.version", "below-local", $"the local file has version {localVersion}; a remote document needs a higher one."));
        }
        if (document.BaseVersion is long on && on != active.Version)
        {
            errors.Add(new ConfigError("$.baseVersion", "base-mismatch", $"version {active.Version} is in effect, not {on}."));
        }
        CheckAge(document, active, errors);
        return errors;
    }

    /// <summary>True until the document's <c>notBefore</c>.</summary>
    public bool MustWait(DesiredConfig document) => document.NotBefore > Now;

    /// <summary>The same configuration, still valid, in a document that is newer than <paramref name="now"/> or signed with another key.</summary>
    public bool Renews(DesiredConfig document, DesiredConfig now) =>
        document.DocumentDigest != now.DocumentDigest && document.Expires > Now && (document.KeyId != now.KeyId || document.IssuedAt > now.IssuedAt);

    /// <summary>Remembers on disk, before anything is touched, that this document was accepted: what is older does not come back.</summary>
    /// <exception cref="IOException">The disk refuses: the document must not be applied.</exception>
    public void Accept(DesiredConfig document) => ratchet.Accept(Kind, document.KeyId, document.Version, document.Digest);

    /// <summary>The clock is believed while it is synchronised; then no later start believes an earlier time.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void NoteTime()
    {
        if (clockQuality() != "unsynced")
        {
            floor.Raise(time.GetUtcNow());
        }
    }

    /// <summary>
    /// Versions only grow, for each key. A roll-back names what it rolls back and lowers nothing: the next document needs a version above the highest
    /// that was ever accepted. Between a roll-back and that, replays of what was rolled back are told by their date of issue.
    /// </summary>
    private void CheckAge(DesiredConfig document, ActiveConfig active, List<ConfigError> errors)
    {
        bool sameKey = active.Document?.KeyId == document.KeyId;
        bool issuedLater = !sameKey || document.IssuedAt > active.Document!.IssuedAt;
        if (document.RollbackOf is long of)
        {
            if (of != active.Version || !issuedLater || document.Version == active.Version)
            {
                errors.Add(new ConfigError("$.rollbackOf", "rollback-mismatch", $"version {active.Version} is in effect; a roll-back names it and is issued later than it."));
            }
            return;
        }
        bool replayed = active.Document?.RollbackOf is not null && !issuedLater;
        if (replayed || document.Version == active.Version || ratchet.Check(Kind, document.KeyId, document.Version, document.Digest) == Refusal.Stale)
        {
            errors.Add(new ConfigError("$.version", "stale", $"version {document.Version} is older than what was accepted before, or has other content; a lower version needs rollbackOf."));
        }
    }
}
