using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Checkout;

/// <summary>What each product costs, in minor units of the store's currency.</summary>
internal sealed class PriceBook(CheckoutConfig config)
{
    private readonly Dictionary<string, long> _prices = config.PriceBook.ToDictionary(p => p.Gtin, p => p.Price, StringComparer.Ordinal);

    public long? PriceOf(string? gtin) => gtin is not null && _prices.TryGetValue(gtin, out long price) ? price : null;
}
