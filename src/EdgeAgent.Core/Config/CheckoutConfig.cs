using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>Money: what items cost, how much doubt the store accepts, and who may leave without having paid.</summary>
public sealed record CheckoutConfig(
    [Description("ISO 4217 code, for example EUR.")] string Currency,
    [Description("Price per GTIN. A price list that came over the air stands in the place of priceBook, taxes and promotions.")] IReadOnlyList<PriceConfig> PriceBook,
    [Description("Settle only when total × (1 - probability of the shopper) is at most this, in minor units. 0 to 1000000000.")] long RiskLimit = 100,
    [Description("GS1 company prefixes of the goods sold here, 4 to 12 digits each: other tagged goods are a shopper's own and are ignored. Empty: every trade item is taken for the store's.")] IReadOnlyList<string>? OwnPrefixes = null,
    [Description("Tax classes that prices name, at most 32.")] IReadOnlyList<TaxConfig>? Taxes = null,
    [Description("Promotions, at most 1000.")] IReadOnlyList<PromotionConfig>? Promotions = null,
    [Description("Money at risk above riskLimit and up to this is held with the decision ask, in minor units: riskLimit to 1000000000; null holds at once.")] long? AskLimit = null,
    [Description("A bag that is covered by no mandate and no prepaid cart is settled as to be paid, or held.")] GuestPolicy Guests = GuestPolicy.Settle,
    [Description("A cart that is bound to a gate only belongs to a passage that began at most this long after its claim. Seconds, 5 to 600.")] int ClaimSeconds = 60,
    [Description("The scale may differ from the weights in the price list by so much. Grams, 0 to 100000.")] int WeightToleranceGrams = 30,
    [Description("So long after a decision late reads, returns and goods found inside correct it. Minutes, 0 to 120; 0 for never.")] double CorrectionMinutes = 10)
{
    public IReadOnlyList<string> OwnPrefixes { get; init; } = OwnPrefixes ?? [];
    public IReadOnlyList<TaxConfig> Taxes { get; init; } = Taxes ?? [];
    public IReadOnlyList<PromotionConfig> Promotions { get; init; } = Promotions ?? [];

    /// <summary>What stands in the configuration itself, as a list.</summary>
    internal PriceList OwnList => new(Currency, PriceBook, Taxes, Promotions);
}

public enum GuestPolicy { Settle, Hold }
