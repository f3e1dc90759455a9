using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>
/// Prices, tax classes and promotions of a store as one document: what comes over the air as an artefact of the kind <c>prices</c>. It replaces
/// what stands in the configuration, whole. All money is in minor units; docs/prices.md explains each field.
/// </summary>
public sealed record PriceList(
    [Description("ISO 4217 code, the same as checkout.currency of the box.")] string Currency,
    [Description("Price per GTIN and time, at most 200000.")] IReadOnlyList<PriceConfig> Prices,
    [Description("Tax classes that prices name, at most 32.")] IReadOnlyList<TaxConfig>? Taxes = null,
    [Description("Promotions, at most 1000.")] IReadOnlyList<PromotionConfig>? Promotions = null)
{
    /// <summary>The largest document. 200,000 full rows fit in when they are written without blanks.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    public const int MostPrices = 200_000;
    public const int MostTaxes = 32;
    public const int MostPromotions = 1_000;

    /// <summary>The highest price: 10,000 pieces of it still fit a total many times over.</summary>
    public const long HighestPrice = 1_000_000_000;

    public IReadOnlyList<TaxConfig> Taxes { get; init; } = Taxes ?? [];
    public IReadOnlyList<PromotionConfig> Promotions { get; init; } = Promotions ?? [];
}

/// <summary>The price of one product, tax included. One GTIN may have several, for times that do not overlap.</summary>
public sealed record PriceConfig(
    [Description("GTIN-14 with check digit.")] string Gtin,
    [Description("Price in minor units (cents), tax included, 0 to 1000000000.")] long Price,
    [Description("Name of the tax class; null for none.")] string? Tax = null,
    [Description("RFC 3339 with offset. From when on the price holds; null for always.")] DateTimeOffset? From = null,
    [Description("RFC 3339 with offset. Until when the price holds, that moment excluded; null for ever.")] DateTimeOffset? To = null,
    [Description("Sold to people of age only: a bag with it is held until somebody has looked.")] bool AgeRestricted = false,
    [Description("For staff only: a bag with it is held.")] bool StaffOnly = false,
    [Description("Not for sale at all, like a display piece: a bag with it is held.")] bool NotForSale = false,
    [Description("Weight of one piece in grams, 1 to 1000000; null when it is not known.")] int? WeightGrams = null);

/// <summary>A class of goods that bear the same tax.</summary>
public sealed record TaxConfig(
    [Description("1 to 32 of a-z 0-9 -.")] string Id,
    [Description("Rate in basis points, 0 to 10000: 1900 is 19 %. Prices include it.")] int BasisPoints);

public enum PromotionKind { Percentage, XForY, Bundle }

/// <summary>A reduction. Which members belong to which kind stands in docs/prices.md.</summary>
public sealed record PromotionConfig(
    [Description("1 to 32 of a-z 0-9 -; stands in the lines of a bill.")] string Id,
    [Description("percentage, x-for-y or bundle.")] PromotionKind Kind,
    [Description("GTINs that it is about, 1 to 500. Of a bundle: one entry a piece, 2 to 50.")] IReadOnlyList<string> Gtins,
    [Description("Of a percentage: the reduction in basis points, 1 to 10000.")] int? BasisPoints = null,
    [Description("Of x-for-y: pieces that are taken, 2 to 100.")] int? Take = null,
    [Description("Of x-for-y: pieces that are paid, 1 to take - 1.")] int? Pay = null,
    [Description("Of a bundle: what all its pieces cost together, in minor units, 0 to 1000000000.")] long? Price = null,
    [Description("RFC 3339 with offset. From when on it holds; null for always.")] DateTimeOffset? From = null,
    [Description("RFC 3339 with offset. Until when it holds, that moment excluded; null for ever.")] DateTimeOffset? To = null,
    [Description("Applied in the order of this number, the lowest first; equal ones in the order of their names. 0 to 1000.")] int Priority = 100,
    [Description("May be applied to a piece together with others that may be combined too.")] bool Combine = false);
