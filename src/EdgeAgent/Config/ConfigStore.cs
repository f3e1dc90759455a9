using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;

namespace EdgeAgent.Config;

/// <summary>
/// The last good remote configuration on disk, with its signature, and the one on trial. At every moment and after every power cut each file is
/// the old one or the new one, and a trial that no commit followed is a trial that failed.
/// </summary>
/// <remarks>
/// <c>STATE/config/applied.json</c> committed; <c>trial.json</c> there from before the activation until the commit, which renames it;
/// <c>outcome.json</c> what was reported last. The local file given to <c>run</c> is never written.
/// </remarks>
internal sealed partial class ConfigStore
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly string _applied;
    private readonly string _trial;
    private readonly string _outcome;
    private readonly ILogger _log;

    public ConfigStore(string stateFolder, ILogger<ConfigStore> log)
    {
        string folder = Path.Combine(stateFolder, "config");
        _applied = Path.Combine(folder, "applied.json");
        _trial = Path.Combine(folder, "trial.json");
        _outcome = Path.Combine(folder, "outcome.json");
        _log = log;
        Outcome = ReadOutcome();
    }

    /// <summary>What was kept last; null at the first start, and when the file is damaged.</summary>
    public KeptOutcome? Outcome { get; private set; }

    /// <summary>
    /// Decides at the start what to run. A trial that was not committed is over. The last good document goes before the local file when its version
    /// is higher, this box still believes its signer, and the local file and the privacy ceiling of today still allow it; else the local file.
    /// </summary>
    /// <exception cref="IOException">The disk refuses to end a trial.</exception>
    public ActiveConfig Start(ActiveConfig local, TrustedKeys trusted, RemoteLimits limits)
    {
        DesiredConfig.Reading? trial = File.Exists(_trial) ? DesiredConfig.Read(File.ReadAllBytes(_trial), trusted) : null;
        ActiveConfig active = Kept(trusted, limits) is DesiredConfig kept && Wins(kept, local) ? new ActiveConfig(kept.Config, kept.Digest, kept) : local;
        if (trial is not null)
        {
            LogTrialOver(trial.Version);
            // Told before it is forgotten: a power cut in between tells it again.
            ConfigError[] why = [new ConfigError("$", "restarted", "the agent was restarted during the trial.")];
            Keep(new KeptOutcome(
                trial.Version, ConfigOutcome.RolledBack, why, Outcome?.Sections ?? new Dictionary<string, SectionMark>(), Outcome?.EffectiveAt ?? DateTimeOffset.UnixEpoch,
                trial.Document is null ? null : new RolledBackDocument(trial.Document.DocumentDigest, why)));
            EndTrial();
        }
        return active;
    }

    /// <summary>From here to <see cref="Commit"/> a restart rolls back.</summary>
    /// <exception cref="IOException">The disk refuses; nothing is on trial.</exception>
    public void BeginTrial(DesiredConfig document) => AtomicFile.Replace(_trial, document.Bytes.Span);

    /// <summary>What is on trial is the last good from now on.</summary>
    /// <exception cref="IOException">The disk refuses; it is still on trial.</exception>
    public void Commit() => AtomicFile.Rename(_trial, _applied);

    /// <exception cref="IOException">The disk refuses; the next start ends the trial.</exception>
    public void EndTrial() => AtomicFile.Delete(_trial);

    /// <summary>The same configuration in a document that was issued anew: it takes the place of the old one without a trial.</summary>
    /// <exception cref="IOException">The disk refuses; the old one stays.</exception>
    public void Renew(DesiredConfig document) => AtomicFile.Replace(_applied, document.Bytes.Span);

    /// <exception cref="IOException">The disk refuses; the outcome holds in memory.</exception>
    public void Keep(KeptOutcome outcome)
    {
        Outcome = outcome;
        AtomicFile.Replace(_outcome, JsonSerializer.SerializeToUtf8Bytes(outcome, s_json));
    }

    private DesiredConfig? Kept(TrustedKeys trusted, RemoteLimits limits)
    {
        if (!File.Exists(_applied))
        {
            return null;
        }
        DesiredConfig.Reading kept = DesiredConfig.Read(File.ReadAllBytes(_applied), trusted);
        var errors = new List<ConfigError>(kept.Errors);
        if (kept.Document is DesiredConfig document)
        {
            var limited = new List<ConfigError>();
            limits.Check(document.Config, limited);
            errors.AddRange(limited.Select(DesiredConfig.Below));
        }
        if (errors.Count > 0)
        {
            LogKeptRefused(_applied, errors[0].ToString());
            return null;
        }
        return kept.Document;
    }

    private bool Wins(DesiredConfig kept, ActiveConfig local)
    {
        if (kept.Version > local.Version)
        {
            LogKeptUsed(kept.Version, local.Version);
            return true;
        }
        LogLocalUsed(local.Version, kept.Version);
        return false;
    }

    private KeptOutcome? ReadOutcome()
    {
        try
        {
            return File.Exists(_outcome) ? JsonSerializer.Deserialize<KeptOutcome>(File.ReadAllBytes(_outcome), s_json) : null;
        }
        catch (JsonException e)
        {
            LogOutcomeDamaged(_outcome, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration {Version} was on trial when the agent ended: it is rolled back and not tried again. Issue it anew to try once more.")]
    private partial void LogTrialOver(long? version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kept configuration {File} is not used, the local file is: {Why}")]
    private partial void LogKeptRefused(string file, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The remote configuration {Version} is in effect; the local file has version {Local}.")]
    private partial void LogKeptUsed(long version, long local);

    [LoggerMessage(Level = LogLevel.Information, Message = "The local file, version {Local}, is in effect: it is not older than the kept remote configuration {Version}.")]
    private partial void LogLocalUsed(long local, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is damaged and ignored; only the last report is lost with it. {Why}")]
    private partial void LogOutcomeDamaged(string file, string why);
}
