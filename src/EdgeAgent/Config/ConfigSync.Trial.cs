using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Config;

// Activation, probation, commit or roll-back. In this order, so that a power cut at any point leaves the old configuration or the new one, whole:
// 1. the version is accepted on disk   2. the document is on trial on disk   3. the shop changes   4. probation
// 5. good: the trial's file becomes the last good one   bad: the outcome is kept, the shop changes back, the trial's file goes
internal sealed partial class ConfigSync
{
    /// <summary>False when it could not even be tried.</summary>
    private async Task<bool> TryAsync(DesiredConfig document, CancellationToken stop)
    {
        IReadOnlyList<ConfigError> unable = _shop.Prepare(document.Config);
        if (unable.Count > 0)
        {
            await RejectAsync(document.Version, [.. unable.Select(DesiredConfig.Below)], stop);
            return false;
        }
        try
        {
            _gate.Accept(document);
            _store.BeginTrial(document);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDisk(e.Message);
            await RejectAsync(document.Version, [new ConfigError("$", "disk", e.Message)], stop);
            return false;
        }
        LogTrial(document.Version, document.Probation.TotalSeconds);
        await _shop.ActivateAsync(stop);
        await ReportAsync(document.Version, ConfigOutcome.Pending, [], stop, changing: document.Config);
        await ProbationAsync(document.Probation, stop);
        IReadOnlyList<Trouble> troubles = await _shop.TroublesAsync(stop);
        ConfigError[] errors = [.. troubles.Select(t => DesiredConfig.Below(t.Error))];
        if (troubles.Any(t => t.Harmful))
        {
            await GoBackAsync(document, errors, stop);
        }
        else
        {
            await CommitAsync(document, errors, stop);
        }
        return true;
    }

    private async Task ProbationAsync(TimeSpan time, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(Task.Delay(time, _time, either.Token), _shop.HopelessAsync(either.Token));
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private async Task CommitAsync(DesiredConfig document, ConfigError[] errors, CancellationToken stop)
    {
        try
        {
            _store.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not kept is not applied: the next start would have the old one.
            LogDisk(e.Message);
            await GoBackAsync(document, [new ConfigError("$", "disk", e.Message)], stop);
            return;
        }
        foreach ((string name, string digest) in ConfigSections.Digests(document.Config))
        {
            if (_sections[name].Digest != digest)
            {
                _sections[name] = new SectionMark(document.Version, digest);
            }
        }
        _active = new ActiveConfig(document.Config, document.Digest, document);
        _effectiveAt = _time.GetUtcNow();
        _expiryTold = false;
        LogCommitted(document.Version);
        await ReportAsync(document.Version, errors.Length == 0 ? ConfigOutcome.Applied : ConfigOutcome.Partial, errors, stop, SectionOutcome.Failed);
    }

    private async Task GoBackAsync(DesiredConfig document, ConfigError[] errors, CancellationToken stop)
    {
        LogRolledBack(document.Version, _active.Version, string.Join(" ", errors.Take(5).Select(e => e.ToString())));
        // Told before it is forgotten: a power cut in between finds the trial's mark and tells it again.
        Keep(document.Version, ConfigOutcome.RolledBack, errors, new RolledBackDocument(document.DocumentDigest, errors));
        IReadOnlyList<ConfigError> unable = _shop.Prepare(_active.Config);
        if (unable.Count > 0)
        {
            throw new ConfigFileException($"The configuration {_active.Version} that worked before cannot be brought back: {unable[0]} The agent starts anew with it.");
        }
        await _shop.ActivateAsync(stop);
        try
        {
            _store.EndTrial();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start ends it.
            LogDisk(e.Message);
        }
        await ReportAsync(document.Version, ConfigOutcome.RolledBack, errors, stop, SectionOutcome.RolledBack);
    }

    /// <param name="ofErrors">What a section is called that an error lies in.</param>
    /// <param name="changing">On trial now: sections that differ are pending.</param>
    private async Task ReportAsync(
        long? desired, ConfigOutcome outcome, IReadOnlyList<ConfigError> errors, CancellationToken stop, SectionOutcome ofErrors = SectionOutcome.Applied,
        DeviceConfig? changing = null)
    {
        // A trial is no outcome yet: a restart ends it.
        if (outcome != ConfigOutcome.Pending)
        {
            Keep(desired, outcome, errors, outcome is ConfigOutcome.Applied or ConfigOutcome.Partial ? null : _store.Outcome?.RolledBack);
        }
        _report = MakeReport(desired, outcome, errors, ofErrors, changing);
        await _publish(ConfigMessages.Reported(_report), stop);
    }

    private void Keep(long? desired, ConfigOutcome outcome, IReadOnlyList<ConfigError> errors, RolledBackDocument? rolledBack)
    {
        ConfigError[] few = [.. errors.Take(ConfigReport.MostErrors)];
        try
        {
            _store.Keep(new KeptOutcome(desired, outcome, few, new Dictionary<string, SectionMark>(_sections), _effectiveAt, rolledBack));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDisk(e.Message);
        }
    }

    private ConfigReport MakeReport(
        long? desired, ConfigOutcome outcome, IReadOnlyList<ConfigError> errors, SectionOutcome ofErrors = SectionOutcome.Applied, DeviceConfig? changing = null)
    {
        IReadOnlyDictionary<string, string>? next = changing is null ? null : ConfigSections.Digests(changing);
        var sections = new Dictionary<string, SectionReport>();
        foreach ((string name, SectionMark mark) in _sections)
        {
            bool wrong = errors.Any(e => e.Path.StartsWith("$.config." + name, StringComparison.Ordinal));
            bool changes = next is not null && next[name] != mark.Digest;
            sections[name] = new SectionReport(changes ? SectionOutcome.Pending : wrong ? ofErrors : SectionOutcome.Applied, mark.Version, mark.Digest);
        }
        return new ConfigReport(desired, _active.Version, outcome, _active.Digest, sections, errors, _effectiveAt);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {Version} is on trial for {Seconds} s.")]
    private partial void LogTrial(long version, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {Version} is in effect.")]
    private partial void LogCommitted(long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration {Version} was rolled back to {Before}: {Why}")]
    private partial void LogRolledBack(long version, long before, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration {Version} is refused with {Count} errors: {Why}")]
    private partial void LogRejected(long? version, string why, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {Version} is valid from {NotBefore} on and waits.")]
    private partial void LogLater(long version, DateTimeOffset notBefore);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {Version} waited behind {Newer} and is not tried.")]
    private partial void LogSuperseded(long version, long newer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration {Version} expired at {Expires}. It stays in effect; find out why no newer one comes, and whether the clock is right.")]
    private partial void LogExpired(long version, DateTimeOffset expires);

    [LoggerMessage(Level = LogLevel.Warning, Message = "More desired configurations waited than are kept; the oldest was dropped.")]
    private partial void LogDropped();

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk refuses what the configuration needs to keep: {Why}")]
    private partial void LogDisk(string why);
}
