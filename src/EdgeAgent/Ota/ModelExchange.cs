using System.Security.Cryptography;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Trials;

namespace EdgeAgent.Ota;

/// <summary>
/// Exchanges the models in use and goes back. First the disk, then the cameras: a power cut in between leaves a mark, and the next start goes back to
/// the last good model. Called by the room's loop or its work, never both at once.
/// </summary>
internal sealed partial class ModelExchange(OtaSetup setup, OtaBoard board, ILogger log)
{
    // The probation under way, if any: which role, what was seen, since when.
    private (string Role, ModelTrial Trial, long Began, double Seconds)? _probation;

    /// <summary>
    /// Before any model is opened: a probation that was neither paused nor ended was a crash, and its model goes; so does one whose file is damaged.
    /// </summary>
    public void SettleStart()
    {
        foreach ((string role, ModelInUse used) in board.Memory.InUse)
        {
            OtaReason reason = used.Trial is { Paused: false } ? OtaReason.Crashed : IsWhole(used.Artefact) ? OtaReason.None : OtaReason.HashMismatch;
            if (reason != OtaReason.None)
            {
                LogWentBack(log, used.Artefact.Name, reason);
                Forget(role, used, reason);
            }
        }
        Show();
    }

    /// <summary>Takes a model in use on probation: the one before it looks on, and takes over at the first failure.</summary>
    /// <returns>What the two see from now on.</returns>
    /// <exception cref="ModelException">It cannot be opened; everything is as before.</exception>
    /// <exception cref="IOException">The disk refuses the mark; everything is as before.</exception>
    public ModelTrial Apply(OtaArtefact artefact, ModelEntry entry, double seconds, OtaArtefactStatus status)
    {
        OtaArtefact? previous = board.Memory.InUse.GetValueOrDefault(entry.Role) is { } used
            ? used.Artefact.Sha256 == artefact.Sha256 ? used.Previous : used.Artefact
            : null;
        var trial = new ModelTrial(setup.Pace.Share, setup.IsSpare);
        board.Set(With(entry.Role, new ModelInUse(artefact, previous, new TrialMark(seconds, Paused: false))), status);
        _probation = (entry.Role, trial, setup.Time.GetTimestamp(), seconds);
        try
        {
            foreach (FrameAnalyzer analyzer in Users(entry.Role))
            {
                analyzer.Use(entry, entry.Folder!, setup.Config().Models, trial);
            }
        }
        catch (ModelException)
        {
            GoBack(entry.Role, OtaReason.Unloadable);
            throw;
        }
        Show();
        LogApplied(log, artefact.Name, entry.Role);
        return trial;
    }

    /// <summary>The probation is over: the old model is let go.</summary>
    public void Commit(string role, OtaArtefactStatus status)
    {
        ModelInUse used = board.Memory.InUse[role];
        board.Set(With(role, used with { Trial = null }), status);
        EndProbation(goBack: false);
        Show();
    }

    /// <summary>Goes back from the model of that name; false when it is not in use.</summary>
    public bool GoBackFrom(string name, OtaReason reason)
    {
        string? role = board.Memory.InUse.FirstOrDefault(m => m.Value.Artefact.Name == name).Key;
        if (role is not null)
        {
            GoBack(role, reason);
        }
        return role is not null;
    }

    /// <summary>A newer description has come: a probation that it does not ask for is given up.</summary>
    public void GiveUpTrialsBut(IReadOnlyList<OtaArtefact> wanted)
    {
        foreach ((string role, ModelInUse used) in board.Memory.InUse.Where(m => m.Value.Trial is not null).ToList())
        {
            if (!wanted.Any(a => a.Name == used.Artefact.Name && a.Sha256 == used.Artefact.Sha256))
            {
                GoBack(role, OtaReason.Superseded);
            }
        }
    }

    /// <summary>The agent is stopped in order: what is left of a probation is served after the next start.</summary>
    public void PauseTrials()
    {
        if (_probation is not var (role, trial, began, seconds) || board.Memory.InUse.GetValueOrDefault(role) is not { Trial: not null } used)
        {
            return;
        }
        double left = Math.Max(1, seconds - setup.Time.GetElapsedTime(began).TotalSeconds);
        try
        {
            board.Set(With(role, used with { Trial = new TrialMark(left, Paused: true) }), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the note the next start takes it for a crash, and goes back: the safe side.
            LogNotPaused(log, used.Artefact.Name, e.Message);
        }
        trial.Dispose();
        _probation = null;
    }

    /// <summary>Deletes the files of models that are neither in use, nor the one before, nor still wanted.</summary>
    public void Tidy() => setup.Shelf.KeepOnly(
    [
        .. Kept(),
        .. board.Memory.Artefacts.Where(a => !OtaBoard.IsFinal(a.State)).Select(a => a.Sha256),
    ]);

    /// <summary>Hashes of the models in use and of those before them.</summary>
    public IReadOnlyList<string> Kept() =>
        [.. board.Memory.InUse.Values.SelectMany(m => new[] { m.Artefact.Sha256, m.Previous?.Sha256 }).OfType<string>()];

    private void GoBack(string role, OtaReason reason)
    {
        ModelInUse used = board.Memory.InUse[role];
        bool onProbation = _probation?.Role == role;
        Forget(role, used, reason);
        if (onProbation)
        {
            EndProbation(goBack: true);
        }
        Show();
        Reopen(role);
        LogWentBack(log, used.Artefact.Name, reason);
    }

    /// <summary>Out of the memory: the one before stands in its place, or the configured one.</summary>
    private void Forget(string role, ModelInUse used, OtaReason reason)
    {
        var inUse = new Dictionary<string, ModelInUse>(board.Memory.InUse);
        inUse.Remove(role);
        if (used.Previous is OtaArtefact previous && IsWhole(previous))
        {
            inUse[role] = new ModelInUse(previous, null, null);
        }
        OtaArtefactStatus? status = board.Find(used.Artefact.Name) is { } known && known.Sha256 == used.Artefact.Sha256
            ? known with { State = OtaState.RolledBack, Reason = reason, Since = setup.Time.GetUtcNow(), Percent = null }
            : null;
        try
        {
            board.Set(inUse, status);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The cameras go back all the same. The mark of the trial is still on disk: the next start goes back as well.
            LogNotPaused(log, used.Artefact.Name, e.Message);
            board.Keep(inUse, status);
        }
    }

    /// <summary>Has those cameras that use another one use the model that the memory now names.</summary>
    private void Reopen(string role)
    {
        string name = role;
        try
        {
            ModelEntry? entry = board.Memory.InUse.GetValueOrDefault(role) is { } used
                ? ArtefactEntry.Read(used.Artefact, setup.Shelf.Folder)
                : setup.Models.Configured(setup.Config().Models, role);
            name = entry?.Name ?? name;
            foreach (FrameAnalyzer analyzer in entry is null ? [] : Users(role).Where(a => a.InUse(role)?.Sha256 != entry.Sha256))
            {
                analyzer.Use(entry!, setup.Models.FolderOf(entry!), setup.Config().Models, probation: null);
            }
        }
        catch (ModelException e)
        {
            // The cameras keep the model they have: a shop that sees is better than one that is right and blind.
            LogNotReopened(log, name, e.Message);
        }
    }

    private void EndProbation(bool goBack)
    {
        foreach (FrameAnalyzer analyzer in setup.Analyzers())
        {
            analyzer.EndTrial(goBack);
        }
        _probation?.Trial.Dispose();
        _probation = null;
    }

    /// <summary>What the store opens for cameras from now on, and what events say. A paused probation begins anew: until then the old model is in use.</summary>
    private void Show()
    {
        setup.Models.Pushed =
        [
            .. board.Memory.InUse.Values
                .Select(m => m.Trial is { Paused: true } ? m.Previous : m.Artefact).OfType<OtaArtefact>()
                .Select(a => ArtefactEntry.Read(a, setup.Shelf.Folder)),
        ];
        setup.ModelsChanged();
    }

    private IEnumerable<FrameAnalyzer> Users(string role) => setup.Analyzers().Where(a => a.CanExchange(role));

    private Dictionary<string, ModelInUse> With(string role, ModelInUse used) => new(board.Memory.InUse) { [role] = used };

    private bool IsWhole(OtaArtefact artefact)
    {
        try
        {
            using FileStream file = File.OpenRead(setup.Shelf.PathOf(artefact.Sha256));
            return Convert.ToHexStringLower(SHA256.HashData(file)) == artefact.Sha256 && ArtefactEntry.Read(artefact, setup.Shelf.Folder) is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name} is in use for {Role}, on probation.")]
    private static partial void LogApplied(ILogger log, string name, string role);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Name} was given up ({Reason}); the one before it is in use.")]
    private static partial void LogWentBack(ILogger log, string name, OtaReason reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of model {Name} cannot be written ({Why}); the next start uses the model before it.")]
    private static partial void LogNotPaused(ILogger log, string name, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {Name} cannot be opened ({Why}); cameras keep the one they have.")]
    private static partial void LogNotReopened(ILogger log, string name, string why);
}
