using System.Text;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Checkout;

public class PriceListTests
{
    private const string Good =
        """
        { "currency": "EUR", "taxes": [ { "id": "full", "basisPoints": 1900 } ],
          "prices": [
            { "gtin": "04000000000006", "price": 150, "tax": "full", "from": "2026-01-01T00:00:00Z", "to": "2026-07-01T00:00:00+02:00" },
            { "gtin": "04000000000006", "price": 160, "tax": "full", "from": "2026-07-01T00:00:00+02:00", "ageRestricted": true, "weightGrams": 530 } ],
          "promotions": [
            { "id": "ten", "kind": "percentage", "gtins": [ "04000000000006" ], "basisPoints": 1000 },
            { "id": "three", "kind": "x-for-y", "gtins": [ "04000000000006" ], "take": 3, "pay": 2, "priority": 1, "combine": true },
            { "id": "pair", "kind": "bundle", "gtins": [ "04000000000006", "04000000000006" ], "price": 250, "from": "2026-01-01T00:00:00Z" } ] }
        """;

    [Fact]
    public void A_whole_list_is_read()
    {
        (PriceList? list, IReadOnlyList<ConfigError> errors) = Read(Good);

        Assert.Empty(errors);
        Assert.Equal((2, 1, 3), (list!.Prices.Count, list.Taxes.Count, list.Promotions.Count));
        Assert.Equal((160, true, 530, new DateTimeOffset(2026, 6, 30, 22, 0, 0, TimeSpan.Zero)),
            (list.Prices[1].Price, list.Prices[1].AgeRestricted, list.Prices[1].WeightGrams!.Value, list.Prices[1].From!.Value.ToUniversalTime()));
        Assert.Equal((100, false), (list.Promotions[0].Priority, list.Promotions[0].Combine));
    }

    [Theory]
    [InlineData("\"EUR\"", "\"euro\"", "$.currency", "bad-value")]
    [InlineData("\"price\": 150", "\"price\": -1", "$.prices[0].price", "out-of-range")]
    [InlineData("\"price\": 150", "\"price\": 1.5", "$.prices[0].price", "bad-value")]
    [InlineData("\"price\": 150", "\"price\": 1000000001", "$.prices[0].price", "out-of-range")]
    [InlineData("\"price\": 150, ", "", "$.prices[0].price", "missing")]
    [InlineData("\"gtin\": \"04000000000006\", \"price\": 150", "\"gtin\": \"04000000000007\", \"price\": 150", "$.prices[0].gtin", "bad-value")]
    [InlineData("\"tax\": \"full\", \"from\": \"2026-01", "\"tax\": \"none\", \"from\": \"2026-01", "$.prices[0].tax", "dangling")]
    [InlineData("\"to\": \"2026-07-01T00:00:00+02:00\"", "\"to\": \"2026-07-01T00:00:01+02:00\"", "$.prices[1]", "duplicate")]
    [InlineData("\"to\": \"2026-07-01T00:00:00+02:00\"", "\"to\": \"2026-01-01T00:00:00Z\"", "$.prices[0].to", "out-of-range")]
    [InlineData("\"to\": \"2026-07-01T00:00:00+02:00\"", "\"to\": \"2026-07-01T00:00:00\"", "$.prices[0].to", "bad-value")]
    [InlineData("\"weightGrams\": 530", "\"weightGrams\": 0", "$.prices[1].weightGrams", "out-of-range")]
    [InlineData("\"weightGrams\": 530", "\"weight\": 530", "$.prices[1].weight", "unknown-key")]
    [InlineData("\"basisPoints\": 1900", "\"basisPoints\": 10001", "$.taxes[0].basisPoints", "out-of-range")]
    [InlineData("\"basisPoints\": 1000", "\"take\": 2", "$.promotions[0].basisPoints", "missing")]
    [InlineData("\"pay\": 2", "\"pay\": 3", "$.promotions[1].pay", "out-of-range")]
    [InlineData("\"take\": 3", "\"take\": 3, \"price\": 5", "$.promotions[1].price", "bad-value")]
    [InlineData("\"x-for-y\"", "\"xfory\"", "$.promotions[1].kind", "bad-value")]
    [InlineData("\"id\": \"three\"", "\"id\": \"ten\"", "$.promotions", "duplicate")]
    [InlineData("[ \"04000000000006\", \"04000000000006\" ]", "[ \"04000000000006\" ]", "$.promotions[2].gtins", "out-of-range")]
    [InlineData("\"combine\": true", "\"combine\": true, \"priority\": 2", "$", "syntax")]
    public void Each_mistake_is_named_with_its_place(string right, string wrong, string path, string code)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        (PriceList? list, IReadOnlyList<ConfigError> errors) = Read(Good.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(list);
        Assert.Contains((path, code), errors.Select(e => (e.Path, e.Code)));
    }

    [Fact]
    public void All_mistakes_are_named_at_once() =>
        Assert.Equal(3, Read(Good.Replace("\"price\": 150", "\"price\": -1", StringComparison.Ordinal).Replace("1900", "19000", StringComparison.Ordinal)
            .Replace("\"pay\": 2", "\"pay\": 7", StringComparison.Ordinal)).Errors.Count);

    [Fact]
    public void A_list_that_is_too_long_is_refused_and_endless_mistakes_are_not_collected()
    {
        string rows = string.Join(',', Enumerable.Range(0, PriceList.MostPrices + 1).Select(_ => "{}"));

        Assert.Equal(ConfigReader.MostErrors, Read($$"""{"currency":"EUR","prices":[{{rows}}]}""").Errors.Count, 10.0);
        string whole = string.Join(',', Enumerable.Range(0, PriceList.MostPrices + 1).Select(i => $$"""{"gtin":"{{Stock.GtinOf(i % 10_000)}}","price":1,"from":"{{Shop.At(i).UtcDateTime:O}}","to":"{{Shop.At(i + 1).UtcDateTime:O}}"}"""));
        Assert.Contains(Read($$"""{"currency":"EUR","prices":[{{whole}}]}""").Errors, e => e is { Path: "$.prices", Code: "out-of-range" });
    }

    private static (PriceList? List, IReadOnlyList<ConfigError> Errors) Read(string text) => ConfigReader.ReadPrices(Encoding.UTF8.GetBytes(text));
}
