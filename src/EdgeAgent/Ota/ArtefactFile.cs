using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Ota;

/// <summary>The part of an artefact's way that is the same for every kind: it is fetched, and each step is on disk before the next begins.</summary>
/// <param name="shelf">Where its kind lies.</param>
internal sealed partial class ArtefactFile(OtaSetup setup, ModelShelf shelf, OtaBoard board, ILogger log, OtaArtefact artefact)
{
    public OtaArtefactStatus Status => board.Find(artefact.Name)!;

    /// <summary>Into <c>incoming</c>, whole and with the right hash. False when the way ends here.</summary>
    /// <param name="keep">Hashes that may not be thrown away for it.</param>
    public async Task<bool> FetchAsync(IReadOnlyCollection<string> keep, int? kilobytesPerSecond, CancellationToken stop)
    {
        OtaReason room = shelf.RoomFor(artefact.Sha256, artefact.Size, keep);
        if (room != OtaReason.None)
        {
            return await EndAsync(OtaState.Rejected, room, $"{artefact.Size} bytes are wanted.", stop);
        }
        if (File.Exists(shelf.IncomingOf(artefact.Sha256)) && Status.State == OtaState.Downloaded)
        {
            return true;
        }
        await StepAsync(Status with { State = OtaState.Downloading, Percent = 0 }, stop);
        var download = new Download(setup.Http, setup.Limits, setup.Random, setup.Time, sentence => LogTrouble(log, artefact.Name, sentence));
        Task telling = Task.CompletedTask;
        int told = 0;
        try
        {
            await download.FetchAsync(artefact, shelf.IncomingOf(artefact.Sha256), kilobytesPerSecond, bytes =>
            {
                int percent = (int)(100 * bytes / artefact.Size);
                // Ten reports for a download; one that is still on its way is not waited for.
                if (percent / 10 > told / 10 && telling.IsCompleted)
                {
                    told = percent;
                    telling = board.TellProgressAsync(Status with { Percent = percent }, stop);
                }
            }, stop);
            await telling;
        }
        catch (DownloadException e)
        {
            // What is told last must be true: the end comes behind the last percent.
            await telling;
            return await EndAsync(e.Reason is OtaReason.TooLong or OtaReason.TooShort or OtaReason.HashMismatch or OtaReason.Redirect ? OtaState.Rejected : OtaState.Failed, e.Reason, e.Message, stop);
        }
        await StepAsync(Status with { State = OtaState.Downloaded, Percent = null }, stop);
        return true;
    }

    public Task StepAsync(OtaArtefactStatus status, CancellationToken stop) =>
        board.SetAsync(status with { Reason = OtaReason.None, Since = setup.Time.GetUtcNow() }, stop);

    /// <returns>False, always: the way ends here.</returns>
    public async Task<bool> EndAsync(OtaState state, OtaReason reason, string why, CancellationToken stop)
    {
        LogEnd(state, reason, why);
        await board.SetAsync(Status with { State = state, Reason = reason, Percent = null, Since = setup.Time.GetUtcNow() }, stop);
        return false;
    }

    public void LogEnd(OtaState state, OtaReason reason, string why) => LogEnded(log, artefact.Name, state, reason, why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Artefact {Name}: {State} ({Reason}). {Why}")]
    private static partial void LogEnded(ILogger log, string name, OtaState state, OtaReason reason, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Artefact {Name} is still being fetched. {Sentence}")]
    private static partial void LogTrouble(ILogger log, string name, string sentence);
}
