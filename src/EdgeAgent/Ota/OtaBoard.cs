using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Ota;

/// <summary>
/// What is known of every artefact, on disk and on <c>ota/reported</c>. Written by the room's loop and by its work, never both at once; the report may
/// be asked for from any thread.
/// </summary>
internal sealed class OtaBoard(string path, TimeProvider time, Func<EgressStatus, CancellationToken, Task> tell)
{
    private OtaMemory _memory = OtaMemory.Load(path);
    private OtaReason? _refused;

    public OtaMemory Memory => Volatile.Read(ref _memory);

    public long? DesiredVersion { get; set; }

    public OtaReport Report() => new(
        DesiredVersion, _refused, Memory.Artefacts,
        [
            .. Memory.InUse.Select(m => new OtaInUse(m.Key, m.Value.Artefact.Name, m.Value.Artefact.Sha256, m.Value.Trial is not null)),
            .. Memory.Prices is null ? [] : new[] { new OtaInUse(PriceExchange.Kind, Memory.Prices.Artefact.Name, Memory.Prices.Artefact.Sha256, Trial: false) },
        ],
        time.GetUtcNow());

    public OtaArtefactStatus? Find(string name) => Memory.Artefacts.FirstOrDefault(a => a.Name == name);

    /// <summary>The last description was not followed; null when it was.</summary>
    public void Refuse(OtaReason? reason) => _refused = reason;

    /// <summary>Everything of a new description is queued, but for what was finished well under the same name and hash.</summary>
    /// <exception cref="IOException">The disk refuses: nothing has changed.</exception>
    public void Follow(string text, OtaDocument document)
    {
        DateTimeOffset now = time.GetUtcNow();
        Save(Memory with
        {
            Document = text,
            Artefacts = [.. document.Artefacts.Select(a => Kept(a) ?? new OtaArtefactStatus(a.Kind, a.Name, a.Sha256, OtaState.Queued, OtaReason.None, now))],
        });
        DesiredVersion = document.Version;
        _refused = null;
    }

    /// <summary>Where an artefact is now: on disk, then told.</summary>
    public Task SetAsync(OtaArtefactStatus status, CancellationToken stop)
    {
        Set(status);
        return TellAsync(stop);
    }

    /// <summary>A disk that refuses costs no more than steps done again after a restart: the state in memory goes on.</summary>
    public void Set(OtaArtefactStatus status)
    {
        OtaMemory next = Memory with { Artefacts = With(status) };
        try
        {
            Save(next);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _memory, next);
        }
    }

    /// <summary>Which models are in use, and where the artefact is, in one replacement of the file: after a power cut both are old or both are new.</summary>
    /// <exception cref="IOException">The disk refuses: nothing has changed.</exception>
    public void Set(IReadOnlyDictionary<string, ModelInUse> inUse, OtaArtefactStatus? status) =>
        Save(Memory with { InUse = inUse, Artefacts = status is null ? Memory.Artefacts : With(status) });

    /// <summary>The same in memory alone, when the disk refuses.</summary>
    public void Keep(IReadOnlyDictionary<string, ModelInUse> inUse, OtaArtefactStatus? status) =>
        Volatile.Write(ref _memory, Memory with { InUse = inUse, Artefacts = status is null ? Memory.Artefacts : With(status) });

    /// <summary>Which price list is in use, and where the artefact is, in one replacement of the file.</summary>
    /// <exception cref="IOException">The disk refuses: nothing has changed.</exception>
    public void Set(PricesInUse? prices, OtaArtefactStatus? status) =>
        Save(Memory with { Prices = prices, Artefacts = status is null ? Memory.Artefacts : With(status) });

    /// <summary>The same in memory alone.</summary>
    public void Keep(PricesInUse? prices, OtaArtefactStatus? status) =>
        Volatile.Write(ref _memory, Memory with { Prices = prices, Artefacts = status is null ? Memory.Artefacts : With(status) });

    /// <summary>Told, not kept: how far a download is.</summary>
    public Task TellProgressAsync(OtaArtefactStatus status, CancellationToken stop)
    {
        Volatile.Write(ref _memory, Memory with { Artefacts = With(status) });
        return TellAsync(stop);
    }

    /// <summary>What has not come to an end will not, for the description is not believed any more.</summary>
    public void FailUnfinished(OtaReason reason)
    {
        foreach (OtaArtefactStatus open in Memory.Artefacts.Where(a => !IsFinal(a.State)))
        {
            Set(open with { State = OtaState.Failed, Reason = reason, Since = time.GetUtcNow() });
        }
    }

    public Task TellAsync(CancellationToken stop) => tell(OtaMessages.Reported(Report()), stop);

    public static bool IsFinal(OtaState state) => state is OtaState.Healthy or OtaState.RolledBack or OtaState.Failed or OtaState.Rejected;

    private OtaArtefactStatus? Kept(OtaArtefact artefact) =>
        Find(artefact.Name) is { State: OtaState.Healthy or OtaState.Probation } known && known.Sha256 == artefact.Sha256 ? known : null;

    private OtaArtefactStatus[] With(OtaArtefactStatus status) => [.. Memory.Artefacts.Select(a => a.Name == status.Name ? status : a)];

    private void Save(OtaMemory next)
    {
        next.Save(path);
        Volatile.Write(ref _memory, next);
    }
}
