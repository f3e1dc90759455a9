using System.Threading.Channels;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;

namespace EdgeAgent.Config;

/// <summary>
/// Follows the desired configuration: believes it or not, tries it, keeps it or goes back, and reports. One document at a time; a push that comes
/// meanwhile waits, and of those that wait the highest version is tried first.
/// </summary>
/// <remarks>
/// Pipe of arrived documents: <see cref="MostWaiting"/>, the oldest is dropped when full. The topic is retained, so the broker has the newest anyway.
/// A stop during a trial leaves the trial's mark on disk: the next start goes back.
/// </remarks>
internal sealed partial class ConfigSync
{
    public const int MostWaiting = 8;

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMinutes(1);

    private readonly ConfigStore _store;
    private readonly ConfigGate _gate;
    private readonly TrustedKeys _trusted;
    private readonly Activation _shop;
    private readonly Func<EgressStatus, CancellationToken, Task> _publish;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<ReadOnlyMemory<byte>> _arrived;

    // Touched by the loop only.
    private readonly Dictionary<string, SectionMark> _sections = [];
    private ActiveConfig _active;
    private DateTimeOffset _effectiveAt;
    private DesiredConfig? _later;
    private bool _expiryTold;

    private volatile ConfigReport _report;

    /// <param name="active">What <see cref="ConfigStore.Start"/> chose, and what the agent runs.</param>
    /// <param name="publish">Sends a status document now, if the broker is there.</param>
    public ConfigSync(
        ConfigStore store, ConfigGate gate, TrustedKeys trusted, ActiveConfig active, Activation shop, Func<EgressStatus, CancellationToken, Task> publish,
        TimeProvider time, ILogger<ConfigSync> log)
    {
        _store = store;
        _gate = gate;
        _trusted = trusted;
        _active = active;
        _shop = shop;
        _publish = publish;
        _time = time;
        _log = log;
        _arrived = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, _ => LogDropped());
        KeptOutcome? kept = store.Outcome;
        _effectiveAt = kept?.EffectiveAt ?? time.GetUtcNow();
        foreach ((string name, string digest) in ConfigSections.Digests(active.Config))
        {
            _sections[name] = kept is not null && kept.Sections.TryGetValue(name, out SectionMark? mark) && mark.Digest == digest ? mark : new SectionMark(active.Version, digest);
        }
        _report = MakeReport(kept?.DesiredVersion, kept?.Outcome ?? ConfigOutcome.Unchanged, kept?.Errors ?? []);
    }

    /// <summary>What is reported now. From any thread.</summary>
    public ConfigReport Report => _report;

    /// <summary>A desired document came. Never waits.</summary>
    public void Take(ReadOnlyMemory<byte> payload)
    {
        // An empty message only takes the retained one away.
        if (!payload.IsEmpty)
        {
            _arrived.Writer.TryWrite(payload); // drops the oldest when full
        }
    }

    /// <summary>At each new connection: the broker may have lost what it kept.</summary>
    public Task AnnounceAsync(CancellationToken cancel) => _publish(ConfigMessages.Reported(_report), cancel);

    /// <summary>Runs until stopped. Ends with an exception only for a bug, or when the last good configuration cannot be brought back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await WaitAsync(stop);
                NoteTime();
                await TellExpiryAsync(stop);
                await TakeArrivedAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_arrived.Reader.WaitToReadAsync(either.Token).AsTask(), Task.Delay(s_lookEvery, _time, either.Token));
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Reads all that waits; the highest version that may be tried is, the lower ones are then too old.</summary>
    private async Task TakeArrivedAsync(CancellationToken stop)
    {
        var waiting = new List<DesiredConfig>();
        while (_arrived.Reader.TryRead(out ReadOnlyMemory<byte> payload))
        {
            DesiredConfig.Reading reading = DesiredConfig.Read(payload, _trusted);
            if (reading.Document is DesiredConfig document)
            {
                waiting.Add(document);
            }
            else
            {
                await RejectAsync(reading.Version, reading.Errors, stop);
            }
        }
        if (_later is DesiredConfig later && !_gate.MustWait(later))
        {
            _later = null;
            waiting.Add(later);
        }
        foreach (DesiredConfig document in waiting.OrderByDescending(d => d.Version).ThenByDescending(d => d.IssuedAt))
        {
            if (await HandleAsync(document, stop))
            {
                foreach (DesiredConfig lower in waiting.Where(d => d != document))
                {
                    LogSuperseded(lower.Version, document.Version);
                }
                return;
            }
        }
    }

    /// <summary>False when it was refused, so that the next in line has its turn.</summary>
    private async Task<bool> HandleAsync(DesiredConfig document, CancellationToken stop)
    {
        if (document.Digest == _active.Digest)
        {
            await UnchangedAsync(document, stop);
            return true;
        }
        if (_store.Outcome?.RolledBack is RolledBackDocument before && before.Document == document.DocumentDigest)
        {
            await ReportAsync(document.Version, ConfigOutcome.RolledBack, before.Errors, stop, SectionOutcome.RolledBack);
            return true;
        }
        IReadOnlyList<ConfigError> errors = _gate.Check(document, _active);
        if (errors.Count > 0)
        {
            await RejectAsync(document.Version, errors, stop);
            return false;
        }
        if (_gate.MustWait(document))
        {
            _later = document;
            LogLater(document.Version, document.NotBefore!.Value);
            await ReportAsync(
                document.Version, ConfigOutcome.Pending, [new ConfigError("$.notBefore", "not-before", $"it is tried at {document.NotBefore:u}.")], stop, SectionOutcome.Pending);
            return true;
        }
        return await TryAsync(document, stop);
    }

    /// <summary>Nothing is touched. Issued anew, with later dates or by the key's successor, the document takes the place of the one that is kept.</summary>
    private async Task UnchangedAsync(DesiredConfig document, CancellationToken stop)
    {
        if (_active.Document is DesiredConfig now && _gate.Renews(document, now))
        {
            try
            {
                _gate.Accept(document);
                _store.Renew(document);
                _active = _active with { Document = document };
                _expiryTold = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogDisk(e.Message);
            }
        }
        await ReportAsync(document.Version, ConfigOutcome.Unchanged, [], stop);
    }

    private async Task RejectAsync(long? version, IReadOnlyList<ConfigError> errors, CancellationToken stop)
    {
        LogRejected(version, string.Join(" ", errors.Take(5).Select(e => e.ToString())), errors.Count);
        await ReportAsync(version, ConfigOutcome.Rejected, errors, stop, SectionOutcome.Rejected);
    }

    private void NoteTime()
    {
        try
        {
            _gate.NoteTime();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDisk(e.Message);
        }
    }

    /// <summary>A box that nobody sends a new configuration to keeps the one it has, and says that it is out of date.</summary>
    private async Task TellExpiryAsync(CancellationToken stop)
    {
        if (_active.Document is DesiredConfig document && document.Expires <= _gate.Now && !_expiryTold)
        {
            _expiryTold = true;
            LogExpired(document.Version, document.Expires);
            await ReportAsync(document.Version, ConfigOutcome.Unchanged, [new ConfigError("$.expires", "expired", "the configuration in effect has expired.")], stop);
        }
    }
}
