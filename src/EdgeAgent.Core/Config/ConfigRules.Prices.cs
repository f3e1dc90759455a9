using System.Globalization;

namespace EdgeAgent.Core.Config;

// What must hold in a list of prices, in the configuration or over the air.
internal sealed partial class ConfigRules
{
    private const int MostPromotedGtins = 500;
    private const int MostBundled = 50;

    /// <summary>Adds to <paramref name="errors"/> whatever is wrong with <paramref name="list"/>.</summary>
    public static void Check(PriceList list, List<ConfigError> errors)
    {
        var rules = new ConfigRules(errors);
        rules.CheckCurrency(list.Currency, "$.currency");
        rules.CheckPrices(list.Prices, list.Taxes, "$.prices", "$.taxes");
        rules.CheckPromotions(list.Promotions, "$.promotions");
    }

    private void CheckCurrency(string currency, string path)
    {
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            Add(path, "bad-value", $"\"{currency}\" is not an ISO 4217 code like EUR.");
        }
    }

    private void CheckPrices(IReadOnlyList<PriceConfig> prices, IReadOnlyList<TaxConfig> taxes, string path, string taxPath)
    {
        Count(taxes.Count, PriceList.MostTaxes, taxPath);
        Unique(taxes.Select(t => t.Id), taxPath, "id");
        for (int i = 0; i < taxes.Count; i++)
        {
            Name(taxes[i].Id, $"{taxPath}[{i}].id");
            Range(taxes[i].BasisPoints, 0, 10_000, $"{taxPath}[{i}].basisPoints");
        }
        Count(prices.Count, PriceList.MostPrices, path);
        var classes = taxes.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
        for (int i = 0; i < prices.Count && !IsEnough; i++)
        {
            PriceConfig price = prices[i];
            string at = $"{path}[{i}]";
            Product(price.Gtin, at + ".gtin");
            Range(price.Price, 0, PriceList.HighestPrice, at + ".price");
            Period(price.From, price.To, at);
            if (price.WeightGrams is int weight)
            {
                Range(weight, 1, 1_000_000, at + ".weightGrams");
            }
            if (price.Tax is string tax && !classes.Contains(tax))
            {
                Add(at + ".tax", "dangling", $"no tax class is called \"{tax}\"; there are {(classes.Count == 0 ? "none" : string.Join(", ", classes.Order(StringComparer.Ordinal)))}.");
            }
        }
        CheckOverlap(prices, path);
    }

    /// <summary>At no moment may a product have two prices.</summary>
    private void CheckOverlap(IReadOnlyList<PriceConfig> prices, string path)
    {
        int[] order = [.. Enumerable.Range(0, prices.Count).OrderBy(i => prices[i].Gtin, StringComparer.Ordinal).ThenBy(i => prices[i].From ?? DateTimeOffset.MinValue).ThenBy(i => i)];
        for (int i = 1; i < order.Length && !IsEnough; i++)
        {
            PriceConfig before = prices[order[i - 1]];
            PriceConfig price = prices[order[i]];
            if (before.Gtin == price.Gtin && (before.To ?? DateTimeOffset.MaxValue) > (price.From ?? DateTimeOffset.MinValue))
            {
                Add($"{path}[{order[i]}]", "duplicate", $"the gtin \"{price.Gtin}\" has a price for the same time at {path}[{order[i - 1]}]; end that one with \"to\" before this one begins.");
            }
        }
    }

    private void CheckPromotions(IReadOnlyList<PromotionConfig> promotions, string path)
    {
        Count(promotions.Count, PriceList.MostPromotions, path);
        Unique(promotions.Select(p => p.Id), path, "id");
        for (int i = 0; i < promotions.Count && !IsEnough; i++)
        {
            PromotionConfig promotion = promotions[i];
            string at = $"{path}[{i}]";
            bool isBundle = promotion.Kind == PromotionKind.Bundle;
            Name(promotion.Id, at + ".id");
            if (promotion.Id == Checkout.Bill.AsBefore)
            {
                Add(at + ".id", "bad-value", $"\"{promotion.Id}\" names the reduction of a correction; give the promotion another name.");
            }
            Period(promotion.From, promotion.To, at);
            Range(promotion.Priority, 0, 1000, at + ".priority");
            Range(promotion.Gtins.Count, isBundle ? 2 : 1, isBundle ? MostBundled : MostPromotedGtins, at + ".gtins");
            for (int g = 0; g < promotion.Gtins.Count && !IsEnough; g++)
            {
                Product(promotion.Gtins[g], $"{at}.gtins[{g}]");
            }
            if (!isBundle)
            {
                Unique(promotion.Gtins, at + ".gtins", "gtin");
            }
            OfKind(promotion.BasisPoints, promotion.Kind == PromotionKind.Percentage, 1, 10_000, promotion.Kind, at + ".basisPoints");
            OfKind(promotion.Take, promotion.Kind == PromotionKind.XForY, 2, 100, promotion.Kind, at + ".take");
            OfKind(promotion.Pay, promotion.Kind == PromotionKind.XForY, 1, Math.Max(1, (promotion.Take ?? 100) - 1), promotion.Kind, at + ".pay");
            OfKind(promotion.Price, isBundle, 0, PriceList.HighestPrice, promotion.Kind, at + ".price");
        }
    }

    /// <summary>A member that one kind of promotion needs and no other may have.</summary>
    private void OfKind(long? value, bool needed, long min, long max, PromotionKind kind, string path)
    {
        if (value is long number && needed)
        {
            Range(number, min, max, path);
        }
        else if (needed || value is not null)
        {
            string word = System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());
            Add(path, needed ? "missing" : "bad-value", needed ? $"a promotion of the kind {word} needs it." : $"a promotion of the kind {word} has none; remove it.");
        }
    }

    private void Product(string gtin, string path)
    {
        if (!Checkout.Gtin.IsValid14(gtin))
        {
            Add(path, "bad-value", $"\"{gtin}\" is not 14 digits with a right check digit.");
        }
    }

    private void Period(DateTimeOffset? from, DateTimeOffset? to, string path)
    {
        if (from >= to)
        {
            Add(path + ".to", "out-of-range", "it must be after \"from\".");
        }
    }

    private void Count(int count, int most, string path)
    {
        if (count > most)
        {
            Add(path, "out-of-range", string.Create(CultureInfo.InvariantCulture, $"{count} are listed; {most} are the most."));
        }
    }

    /// <summary>Nobody reads more; the list would only fill the memory.</summary>
    private bool IsEnough => _errors.Count >= ConfigReader.MostErrors;
}
