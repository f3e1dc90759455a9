using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Ota;

/// <summary>
/// A price list's way: admitted → downloaded → read whole → in use. It is not tried beside the old one: a price is right or wrong, and only people know.
/// What is wrong with the list ends in its state and a reason, and the one before stays in use.
/// </summary>
internal sealed class PriceWork(OtaSetup setup, OtaBoard board, PriceExchange exchange, ILogger log, OtaArtefact artefact, OtaStrategy strategy)
{
    private readonly ArtefactFile _file = new(setup, exchange.Shelf, board, log, artefact);

    public async Task RunAsync(CancellationToken stop)
    {
        if (OtaBoard.IsFinal(_file.Status.State))
        {
            return;
        }
        try
        {
            (OtaReason reason, string why) = Admit();
            board.Set(_file.Status with { Role = PriceExchange.Kind });
            if (reason != OtaReason.None)
            {
                await _file.EndAsync(reason == OtaReason.InUse ? OtaState.Healthy : OtaState.Rejected, reason, why, stop);
                return;
            }
            if (!await _file.FetchAsync(exchange.Kept(), strategy.MaxKilobytesPerSecond, stop))
            {
                return;
            }
            (PriceList? list, reason, why) = exchange.Read(exchange.Shelf.IncomingOf(artefact.Sha256));
            if (list is null)
            {
                File.Delete(exchange.Shelf.IncomingOf(artefact.Sha256));
                await _file.EndAsync(OtaState.Rejected, reason, why, stop);
                return;
            }
            await _file.StepAsync(_file.Status with { State = OtaState.Applying }, stop);
            await exchange.ApplyAsync(artefact, list, _file.Status with { State = OtaState.Healthy, Reason = OtaReason.None, Since = setup.Time.GetUtcNow() }, stop);
            _file.LogEnd(OtaState.Healthy, OtaReason.None, why);
            await board.TellAsync(stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await _file.EndAsync(OtaState.Failed, OtaReason.Disk, e.Message, stop);
        }
    }

    /// <summary>Everything that can be said without fetching a byte.</summary>
    private (OtaReason Reason, string Why) Admit()
    {
        try
        {
            _ = Download.Address(artefact.Url);
        }
        catch (DownloadException e)
        {
            return (e.Reason, e.Message);
        }
        return ArtefactEntry.Compatible(artefact.Compat) is var compatible and not OtaReason.None ? (compatible, "")
            : artefact.Size > PriceList.MaxBytes ? (OtaReason.TooLarge, $"A price list has at most {PriceList.MaxBytes} bytes.")
            : exchange.InUse?.Sha256 == artefact.Sha256 ? (OtaReason.InUse, "")
            : (OtaReason.None, "");
    }
}
