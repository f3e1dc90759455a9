using System.Text.Json;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Trials;

namespace EdgeAgent.Ota;

/// <summary>
/// One artefact's way: admitted → downloaded → verified → beside the model in use → in its place on probation → healthy. Each step is on disk before the
/// next begins, so that a restart goes on where it was. What is wrong with the artefact ends in its state and a reason, never in an exception.
/// </summary>
internal sealed class ArtefactWork(OtaSetup setup, OtaBoard board, ModelExchange exchange, ILogger log, OtaArtefact artefact, OtaStrategy strategy)
{
    private readonly ArtefactFile _file = new(setup, setup.Shelf, board, log, artefact);

    private OtaArtefactStatus Status => _file.Status;

    public async Task RunAsync(CancellationToken stop)
    {
        if (OtaBoard.IsFinal(Status.State))
        {
            return;
        }
        try
        {
            ModelEntry? entry = await AdmitAsync(stop);
            if (entry is not null && await FetchAsync(stop) && await VerifyAsync(entry, stop) && await ShadowAsync(entry, stop))
            {
                await ApplyAsync(entry, stop);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await _file.EndAsync(OtaState.Failed, OtaReason.Disk, e.Message, stop);
        }
    }

    /// <summary>Everything that can be said without fetching a byte.</summary>
    private async Task<ModelEntry?> AdmitAsync(CancellationToken stop)
    {
        (OtaReason reason, string why, ModelEntry? entry) = Admit();
        if (reason == OtaReason.InUse)
        {
            await _file.EndAsync(OtaState.Healthy, reason, "", stop);
            return null;
        }
        if (reason != OtaReason.None)
        {
            await _file.EndAsync(OtaState.Rejected, reason, why, stop);
            return null;
        }
        board.Set(Status with { Role = entry!.Role });
        return entry;
    }

    private (OtaReason Reason, string Why, ModelEntry? Entry) Admit()
    {
        if (artefact.Kind != "model")
        {
            return (OtaReason.UnknownKind, $"This agent knows no artefact of the kind {artefact.Kind}.", null);
        }
        ModelEntry entry;
        try
        {
            entry = ArtefactEntry.Read(artefact, setup.Shelf.Folder);
            _ = Download.Address(artefact.Url);
        }
        catch (ModelException e)
        {
            return (OtaReason.Contract, e.Message, null);
        }
        catch (DownloadException e)
        {
            return (e.Reason, e.Message, null);
        }
        bool synthetic = entry.Synthetic || setup.Models.Catalog.Models.Any(m => m.Synthetic && m.Sha256 == artefact.Sha256);
        OtaReason reason =
            ArtefactEntry.Compatible(artefact.Compat) is var compatible and not OtaReason.None ? compatible
            : synthetic && !setup.AllowSynthetic ? OtaReason.Synthetic
            : entry.Role is not ("people" or "appearance") ? OtaReason.RoleNotExchanged
            : !setup.Analyzers().Any(a => a.CanExchange(entry.Role)) ? OtaReason.NotUsed
            : board.Memory.InUse.GetValueOrDefault(entry.Role) is { Trial: null } used && used.Artefact.Sha256 == artefact.Sha256 ? OtaReason.InUse
            : OtaReason.None;
        return (reason, "", entry);
    }

    private async Task<bool> FetchAsync(CancellationToken stop)
    {
        if (setup.Shelf.Has(artefact.Sha256, artefact.Size))
        {
            return true;
        }
        exchange.Tidy();
        return await _file.FetchAsync(exchange.Kept(), strategy.MaxKilobytesPerSecond, stop);
    }

    /// <summary>In a child process: structure, hash, shapes, a run, golden vectors.</summary>
    private async Task<bool> VerifyAsync(ModelEntry entry, CancellationToken stop)
    {
        if (setup.Shelf.Has(artefact.Sha256, artefact.Size))
        {
            return true;
        }
        string request = Path.Combine(setup.Shelf.Incoming, artefact.Sha256 + ".json");
        AtomicFile.Replace(request, JsonSerializer.SerializeToUtf8Bytes(
            new ProbeRequest(ArtefactEntry.Manifest(artefact), setup.Shelf.Incoming, artefact.Golden), JsonSerializerOptions.Web));
        ProbeResult probe = await new ProbeProcess(setup.Time, setup.ProbePatience).RunAsync(request, stop);
        File.Delete(request);
        if (probe.Reason != OtaReason.None)
        {
            File.Delete(setup.Shelf.IncomingOf(artefact.Sha256));
            return await _file.EndAsync(OtaState.Rejected, probe.Reason, probe.Why, stop);
        }
        setup.Shelf.Accept(artefact.Sha256);
        await _file.StepAsync(Status with { State = OtaState.Verified, Role = entry.Role }, stop);
        return true;
    }

    /// <summary>The candidate sees the same pictures as the model in use, when the box has time for both.</summary>
    private async Task<bool> ShadowAsync(ModelEntry entry, CancellationToken stop)
    {
        if (strategy.ShadowMinutes == 0 || Status.State == OtaState.Probation)
        {
            return true;
        }
        using var trial = new ModelTrial(setup.Pace.Share, setup.IsSpare);
        FrameAnalyzer[] analyzers = [.. setup.Analyzers().Where(a => a.CanExchange(entry.Role))];
        try
        {
            foreach (FrameAnalyzer analyzer in analyzers)
            {
                analyzer.Try(entry, setup.Shelf.Folder, setup.Config().Models, trial);
            }
            await _file.StepAsync(Status with { State = OtaState.Shadow }, stop);
            OtaReason found = await CompareAsync(trial, stop);
            TrialFigures figures = trial.Figures;
            board.Set(Status with { Agreement = Rounded(figures.Agreement), Pictures = figures.Pictures, SlowerBy = Rounded(figures.BesideToInUse) });
            return found == OtaReason.None || await _file.EndAsync(OtaState.Rejected, found, $"It agreed by {figures.Agreement:F3} in {figures.Pictures} pictures.", stop);
        }
        catch (ModelException e)
        {
            return await _file.EndAsync(OtaState.Rejected, OtaReason.Unloadable, e.Message, stop);
        }
        finally
        {
            Array.ForEach(analyzers, analyzer => analyzer.EndTrial());
        }
    }

    private async Task<OtaReason> CompareAsync(ModelTrial trial, CancellationToken stop)
    {
        long began = setup.Time.GetTimestamp();
        TimeSpan wanted = TimeSpan.FromMinutes(strategy.ShadowMinutes);
        while (true)
        {
            await Task.Delay(setup.Pace.Poll, setup.Time, stop);
            TimeSpan elapsed = setup.Time.GetElapsedTime(began);
            if (TrialVerdict.OfShadow(trial.Figures, elapsed >= wanted, setup.Pace.LeastSeen, strategy.MinAgreement) is OtaReason verdict)
            {
                return verdict;
            }
            if (elapsed >= wanted + setup.Pace.EvidencePatience)
            {
                return OtaReason.NoEvidence;
            }
        }
    }

    private async Task ApplyAsync(ModelEntry entry, CancellationToken stop)
    {
        double seconds = board.Memory.InUse.GetValueOrDefault(entry.Role) is { Trial: { Paused: true } left } used && used.Artefact.Sha256 == artefact.Sha256
            ? left.SecondsLeft
            : strategy.ProbationSeconds;
        ModelTrial trial;
        try
        {
            await _file.StepAsync(Status with { State = OtaState.Applying }, stop);
            trial = exchange.Apply(artefact, entry, seconds, Status with { State = OtaState.Probation, Since = setup.Time.GetUtcNow() });
        }
        catch (ModelException e)
        {
            _file.LogEnd(OtaState.RolledBack, OtaReason.Unloadable, e.Message);
            await board.TellAsync(stop);
            return;
        }
        await board.TellAsync(stop);
        OtaReason fault = await ProbationAsync(trial, TimeSpan.FromSeconds(seconds), stop);
        if (fault == OtaReason.None)
        {
            exchange.Commit(entry.Role, Status with { State = OtaState.Healthy, Reason = OtaReason.None, Since = setup.Time.GetUtcNow() });
            _file.LogEnd(OtaState.Healthy, OtaReason.None, "");
        }
        else
        {
            exchange.GoBackFrom(artefact.Name, fault);
        }
        await board.TellAsync(stop);
    }

    private async Task<OtaReason> ProbationAsync(ModelTrial trial, TimeSpan probation, CancellationToken stop)
    {
        long began = setup.Time.GetTimestamp();
        while (setup.Time.GetElapsedTime(began) < probation)
        {
            await Task.Delay(setup.Pace.Poll, setup.Time, stop);
            OtaReason fault = TrialVerdict.OfProbation(trial.Figures);
            if (fault != OtaReason.None)
            {
                return fault;
            }
        }
        return OtaReason.None;
    }

    private static double? Rounded(double? value) => value is double number ? Math.Round(number, 3) : null;
}
