using System.Security.Cryptography;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Ota;

/// <summary>
/// The price list in use and the one before it, in <c>STATE/prices</c>. First the disk, then the shop: after a power cut the next start uses what
/// the memory names. Called by the room's loop or its work, never both at once.
/// </summary>
internal sealed partial class PriceExchange(OtaSetup setup, OtaBoard board, ILogger log)
{
    public const string Kind = "prices";

    // The longest list three times: in use, the one before, and one that comes in.
    private const long QuotaBytes = 3L * PriceList.MaxBytes;

    public ModelShelf Shelf { get; } = setup.Shelf.Beside(Kind, ".json", QuotaBytes);

    public OtaArtefact? InUse => board.Memory.Prices?.Artefact;

    public IReadOnlyList<string> Kept() => board.Memory.Prices is not PricesInUse prices ? [] : prices.Previous is null ? [prices.Artefact.Sha256] : [prices.Artefact.Sha256, prices.Previous.Sha256];

    /// <summary>At the start: the list in use, or the one before it when its file was damaged; null for that of the configuration.</summary>
    public PriceList? Load()
    {
        while (board.Memory.Prices is PricesInUse prices)
        {
            (PriceList? list, _, string why) = Read(Shelf.PathOf(prices.Artefact.Sha256), prices.Artefact.Sha256);
            if (list is not null)
            {
                return list;
            }
            LogDamaged(log, prices.Artefact.Name, why);
            Note(prices.Previous is null ? null : new PricesInUse(prices.Previous, null), Ended(prices.Artefact, OtaReason.HashMismatch));
        }
        return null;
    }

    /// <summary>A list that lies in a file; why not, and a sentence for the log, when it is none.</summary>
    /// <param name="sha256">That the file must have; null for a download, which was compared already.</param>
    public (PriceList? List, OtaReason Reason, string Why) Read(string path, string? sha256 = null)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (sha256 is not null && Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
            {
                return (null, OtaReason.HashMismatch, "Its file is not the one that came.");
            }
            (PriceList? list, IReadOnlyList<ConfigError> errors) = ConfigReader.ReadPrices(bytes);
            string currency = setup.Config().Checkout.Currency;
            return list is null ? (null, OtaReason.Contract, $"{Plural.Of(errors.Count, "error")}, the first at {errors[0]}")
                : sha256 is null && list.Currency != currency ? (null, OtaReason.Contract, $"$.currency is {list.Currency}; the store's is {currency}.")
                : (list, OtaReason.None, $"{Plural.Of(list.Prices.Count, "price")}, {Plural.Of(list.Promotions.Count, "promotion")}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, OtaReason.Disk, e.Message);
        }
    }

    /// <exception cref="IOException">The disk refuses; everything is as before.</exception>
    public async Task ApplyAsync(OtaArtefact artefact, PriceList list, OtaArtefactStatus status, CancellationToken stop)
    {
        OtaArtefact? previous = InUse?.Sha256 == artefact.Sha256 ? board.Memory.Prices!.Previous : InUse;
        Shelf.Accept(artefact.Sha256);
        board.Set(new PricesInUse(artefact, previous), status);
        await setup.UsePrices(list, stop);
        Shelf.KeepOnly(Kept());
    }

    /// <summary>Goes back from the list of that name; false when it is not in use.</summary>
    public async Task<bool> GoBackFromAsync(string name, CancellationToken stop)
    {
        if (board.Memory.Prices is not PricesInUse prices || prices.Artefact.Name != name)
        {
            return false;
        }
        Note(prices.Previous is null ? null : new PricesInUse(prices.Previous, null), Ended(prices.Artefact, OtaReason.Command));
        await setup.UsePrices(Load(), stop);
        return true;
    }

    private OtaArtefactStatus? Ended(OtaArtefact artefact, OtaReason reason) => board.Find(artefact.Name) is { } known && known.Sha256 == artefact.Sha256
        ? known with { State = OtaState.RolledBack, Reason = reason, Since = setup.Time.GetUtcNow() }
        : null;

    /// <summary>A disk that refuses costs the note only: the next start comes to the same end, or goes on with the list that was left.</summary>
    private void Note(PricesInUse? prices, OtaArtefactStatus? status)
    {
        try
        {
            board.Set(prices, status);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotNoted(log, e.Message);
            board.Keep(prices, status);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The price list {Name} cannot be used: {Why} The one before it is used, or that of the configuration.")]
    private static partial void LogDamaged(ILogger log, string name, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Which price list is in use cannot be written ({Why}).")]
    private static partial void LogNotNoted(ILogger log, string why);
}
