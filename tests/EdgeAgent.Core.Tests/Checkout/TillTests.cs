using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Checkout;

public class TillTests
{
    private static readonly string s_cola = Stock.GtinOf(0), s_chips = Stock.GtinOf(1), s_milk = Stock.GtinOf(2), s_tea = Stock.GtinOf(3);

    [Fact]
    public void Pieces_of_a_product_are_one_line_and_the_lines_stand_in_the_order_of_the_gtins()
    {
        Bill bill = Of([], (s_milk, 1), (s_cola, 2), (s_milk, 2));

        Assert.Equal([(s_cola, 2, 300L), (s_milk, 3, 297L)], bill.Lines.Select(l => (l.Gtin, l.Quantity, l.Net)));
        Assert.Equal(597, bill.Total);
    }

    [Theory]
    [InlineData(3, 1000, 30)] // 10 % of 297 is 29.7
    [InlineData(1, 500, 5)] // 5 % of 99 is 4.95
    [InlineData(1, 10000, 99)]
    [InlineData(1, 50, 0)] // half a percent of 99 is 0.495
    public void A_percentage_is_rounded_half_up_once_for_the_line(int quantity, int basisPoints, long less)
    {
        Bill bill = Of([Percent("p", basisPoints, s_milk)], (s_milk, quantity), (s_cola, 1));

        BillLine milk = bill.Lines.Single(l => l.Gtin == s_milk);
        Assert.Equal(less, milk.Discounts.Sum(d => d.Amount));
        Assert.Equal((99 * quantity) - less, milk.Net);
        Assert.Equal(milk.Net + 150, bill.Total);
    }

    [Fact]
    public void Of_three_for_two_the_cheapest_of_each_three_is_free_and_the_rest_is_paid()
    {
        // 250, 150, 150 | 99, 99: the first group gives one cola, the rest is no group.
        Bill bill = Of([XForY("3-for-2", 3, 2, s_cola, s_chips, s_milk)], (s_cola, 2), (s_chips, 1), (s_milk, 2));

        Assert.Equal([150L, 250L, 198L], bill.Lines.Select(l => l.Net));
        Assert.Equal([new BillDiscount("3-for-2", 150)], bill.Lines[0].Discounts);
    }

    [Fact]
    public void A_bundle_costs_its_price_as_often_as_all_its_pieces_are_there()
    {
        Bill bill = Of([Bundle("lunch", 300, s_cola, s_chips)], (s_cola, 3), (s_chips, 2));

        Assert.Equal((2 * 300) + 150, bill.Total);
        Assert.Equal(200, bill.Lines.SelectMany(l => l.Discounts).Sum(d => d.Amount));
    }

    [Fact]
    public void A_bundle_that_would_cost_more_than_its_pieces_is_not_made() =>
        Assert.Equal(400, Of([Bundle("dear", 401, s_cola, s_chips)], (s_cola, 1), (s_chips, 1)).Total);

    [Fact]
    public void A_piece_has_one_promotion_and_the_one_with_the_lower_priority_number_comes_first()
    {
        PromotionConfig ten = Percent("ten", 1000, s_cola) with { Priority = 5 };
        PromotionConfig half = Percent("half", 5000, s_cola) with { Priority = 6 };

        Assert.Equal([new BillDiscount("ten", 15)], Of([half, ten], (s_cola, 1)).Lines[0].Discounts);
        Assert.Equal([new BillDiscount("half", 75)], Of([half with { Priority = 4 }, ten], (s_cola, 1)).Lines[0].Discounts);
    }

    [Fact]
    public void Promotions_that_may_be_combined_are_taken_of_what_the_one_before_left()
    {
        PromotionConfig ten = Percent("a-ten", 1000, s_cola) with { Combine = true };
        PromotionConfig half = Percent("half", 5000, s_cola) with { Combine = true };

        BillLine line = Assert.Single(Of([ten, half], (s_cola, 1)).Lines);
        Assert.Equal([new BillDiscount("a-ten", 15), new BillDiscount("half", 68)], line.Discounts); // half of 135, half up
        Assert.Equal(67, line.Net);
        // One that may not be combined leaves alone what was reduced already.
        Assert.Equal(135, Of([ten, half with { Combine = false }], (s_cola, 1)).Total);
    }

    [Fact]
    public void Promotions_hold_from_and_until_their_times()
    {
        PromotionConfig half = Percent("half", 5000, s_cola) with { From = Shop.At(10), To = Shop.At(20) };

        Assert.Equal([150L, 75L, 75L, 150L], new[] { 9.9, 10, 19.9, 20 }.Select(at => Of([half], at, (s_cola, 1)).Total));
    }

    [Fact]
    public void Tax_is_what_the_prices_of_a_class_include_and_is_rounded_once_for_the_class()
    {
        var list = new PriceList(
            "EUR", [new(s_cola, 150, "full"), new(s_milk, 99, "low"), new(s_chips, 250, "full"), new(s_tea, 400)], [new("full", 1900), new("low", 700)]);

        Bill bill = Till.Add(new PriceBook(list), [new(s_cola, 1), new(s_milk, 3), new(s_chips, 1), new(s_tea, 1)], Shop.Opening);

        Assert.Equal([new BillTax("full", 1900, 400, 64), new BillTax("low", 700, 297, 19)], bill.Taxes); // 63.87 and 19.43
        Assert.Equal(["full", "full", "low", null], bill.Lines.Select(l => l.Tax).Order(StringComparer.Ordinal).OrderBy(t => t is null));
    }

    [Fact]
    public void Pieces_without_a_price_are_left_out() =>
        Assert.Equal((1, 150L), (Of([], (s_cola, 1), (Stock.GtinOf(5), 4)).Lines.Count, Of([], (s_cola, 1), (Stock.GtinOf(5), 4)).Total));

    [Fact]
    public void The_highest_prices_of_the_largest_bill_do_not_overflow()
    {
        var list = new PriceList("EUR", [new(s_cola, PriceList.HighestPrice, "t")], [new("t", 10_000)], [Percent("p", 1, s_cola)]);

        Bill bill = Till.Add(new PriceBook(list), [new(s_cola, Till.MostPieces)], Shop.Opening);

        Assert.Equal(PriceList.HighestPrice * Till.MostPieces / 10_000 * 9_999, bill.Total);
        Assert.Throws<OverflowException>(() => Till.Add(new PriceBook(list), [new(s_cola, Till.MostPieces + 1)], Shop.Opening));
    }

    [Fact]
    public void A_price_holds_at_its_time_only_and_a_product_may_have_several()
    {
        var book = new PriceBook(new PriceList("EUR",
            [new(s_cola, 200, From: Shop.At(20), To: Shop.At(30)), new(s_cola, 100, To: Shop.At(10)), new(s_cola, 150, From: Shop.At(10), To: Shop.At(20))]));

        Assert.Equal([100L, 150L, 150L, 200L, null], new[] { 0, 10, 19.9, 20, 30 }.Select(at => book.PriceOf(s_cola, Shop.At(at))?.Amount));
        Assert.True(book.Knows(s_cola));
        Assert.False(book.Knows(s_milk));
    }

    internal static PromotionConfig Percent(string id, int basisPoints, params string[] gtins) => new(id, PromotionKind.Percentage, gtins, BasisPoints: basisPoints);

    internal static PromotionConfig XForY(string id, int take, int pay, params string[] gtins) => new(id, PromotionKind.XForY, gtins, Take: take, Pay: pay);

    internal static PromotionConfig Bundle(string id, long price, params string[] gtins) => new(id, PromotionKind.Bundle, gtins, Price: price);

    private static Bill Of(PromotionConfig[] promotions, params (string Gtin, int Quantity)[] goods) => Of(promotions, 0, goods);

    private static Bill Of(PromotionConfig[] promotions, double at, params (string Gtin, int Quantity)[] goods) =>
        Till.Add(new PriceBook(new PriceList("EUR", Stock.Prices, null, promotions)), goods.Select(g => new Pieces(g.Gtin, g.Quantity)), Shop.At(at));
}
