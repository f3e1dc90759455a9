using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAgent.Core.Tests.Checkout;

/// <summary>What must hold for any prices, any promotions and any goods.</summary>
public class MoneyPropertyTests
{
    private const int Products = 6;

    private static readonly string[] s_gtins = [.. Enumerable.Range(0, Products).Select(Stock.GtinOf)];

    private static readonly Gen<PromotionConfig> s_promotion =
        from kind in Gen.Elements(PromotionKind.Percentage, PromotionKind.XForY, PromotionKind.Bundle)
        from mask in Gen.Choose(1, (1 << Products) - 1)
        from twice in Gen.Choose(0, Products - 1)
        from basisPoints in Gen.Choose(1, 10_000)
        from take in Gen.Choose(2, 5)
        from pay in Gen.Choose(1, take - 1)
        from price in Gen.Choose(0, 3_000)
        from priority in Gen.Choose(0, 3)
        from combine in Gen.Elements(true, false)
        let gtins = s_gtins.Where((_, i) => (mask & (1 << i)) != 0).ToArray()
        select kind switch
        {
            PromotionKind.Percentage => TillTests.Percent("", basisPoints, gtins),
            PromotionKind.XForY => TillTests.XForY("", take, pay, gtins),
            _ => TillTests.Bundle("", price, [.. gtins, s_gtins[twice]]),
        } with { Priority = priority, Combine = combine };

    private static readonly Gen<Sale> s_sale =
        from prices in Gen.Choose(0, 2_000).ArrayOf(Products)
        from taxes in Gen.Choose(0, 2).ArrayOf(Products)
        from rate in Gen.Choose(0, 10_000)
        from promotions in Gen.ArrayOf(s_promotion)
        from goods in Gen.ArrayOf(Gen.Choose(0, Products - 1))
        from order in Gen.Choose(0, int.MaxValue - 1)
        select new Sale(prices, taxes, rate, [.. promotions.Take(6).Select((p, i) => p with { Id = "p" + i })], [.. goods.Take(40)], order);

    [Fact]
    public void A_bill_adds_up_is_never_negative_and_no_promotion_makes_it_dearer() => Prop.ForAll(s_sale.ToArbitrary(), sale =>
    {
        Bill bill = sale.Add(sale.Goods);
        Bill plain = sale.Add(sale.Goods, withPromotions: false);

        Assert.Equal(bill.Lines.Sum(l => l.Net), bill.Total);
        Assert.InRange(bill.Total, 0, plain.Total);
        Assert.All(bill.Lines, line =>
        {
            Assert.Equal(line.Price * line.Quantity, line.Gross);
            Assert.Equal(line.Gross - line.Discounts.Sum(d => d.Amount), line.Net);
            Assert.InRange(line.Net, 0, line.Gross);
            Assert.All(line.Discounts, d => Assert.True(d.Amount > 0));
            Assert.Equal(line.Discounts.Count, line.Discounts.Select(d => d.Promotion).Distinct().Count());
        });
        Assert.All(bill.Taxes, tax =>
        {
            Assert.Equal(bill.Lines.Where(l => l.Tax == tax.Tax).Sum(l => l.Net), tax.Net);
            Assert.InRange(tax.Included, 0, tax.Net);
        });
        Assert.Equal(sale.Goods.Length, bill.Lines.Sum(l => l.Quantity));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_goods_and_of_promotions_changes_nothing() => Prop.ForAll(s_sale.ToArbitrary(), sale =>
    {
        var random = new System.Random(sale.Order);
        int[] shuffled = [.. sale.Goods];
        random.Shuffle(shuffled);
        PromotionConfig[] promotions = [.. sale.Promotions];
        random.Shuffle(promotions);

        Assert.Equal(Text(sale.Add(sale.Goods)), Text((sale with { Promotions = promotions }).Add(shuffled)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reductions_are_spread_whole_and_take_from_nobody_more_than_is_there() =>
        Prop.ForAll((from amounts in Gen.NonEmptyListOf(Gen.Choose(0, 1_000_000)) from part in Gen.Choose(0, 10_000) select (amounts, part)).ToArbitrary(), x =>
        {
            long[] from = [.. x.amounts.Select(a => (long)a)];
            long[] taken = new long[from.Length];
            long amount = MinorUnits.Part(from.Sum(), x.part);
            MinorUnits.Spread(amount, from, taken);

            return taken.Sum() == amount && taken.Zip(from).All(t => t.First >= 0 && t.First <= t.Second);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_cart_and_a_bag_are_reconciled_without_losing_or_inventing_a_piece() =>
        Prop.ForAll(
            (from cart in Gen.ArrayOf(from product in Gen.Choose(0, 3) from count in Gen.Choose(1, 4) from serial in Gen.Choose(0, 3) select (product, count, serial))
             from bag in Gen.ArrayOf(from product in Gen.Choose(0, 3) from serial in Gen.Choose(1, 3) select (product, serial))
             from order in Gen.Choose(0, int.MaxValue - 1)
             select (cart, bag, order)).ToArbitrary(), x =>
            {
                CartItem[] items = [.. x.cart.Select(c => c.serial == 0 ? new CartItem(s_gtins[c.product], c.count) : new CartItem(s_gtins[c.product], 1, $"{c.serial}"))];
                BagItem[] bag = [.. x.bag.Select(b => new BagItem(Stock.Tag("cola"), new ItemIdentity(EpcKind.TradeItem, s_gtins[b.product], $"{b.serial}", 1), 1, 1, 1))];
                var cart = new Cart("c", "front", null, items, null, false, false, null, Shop.Opening, Shop.At(60));
                Reconciliation match = Reconciliation.Of(cart, bag);
                BagItem[] shuffled = [.. bag];
                new System.Random(x.order).Shuffle(shuffled);
                Reconciliation again = Reconciliation.Of(cart, shuffled);

                Assert.Equal(items.Sum(i => i.Quantity), match.Matched + match.Unseen.Values.Sum());
                Assert.Equal(bag.Length, match.Matched + match.Extra);
                Assert.Equal((match.Matched, match.Extra), (again.Matched, again.Extra));
                Assert.Equal(match.Unseen, again.Unseen);
            }).QuickCheckThrowOnFailure();

    private static string Text(Bill bill) => System.Text.Json.JsonSerializer.Serialize(bill);

    private sealed record Sale(int[] Prices, int[] Taxes, int Rate, PromotionConfig[] Promotions, int[] Goods, int Order)
    {
        public Bill Add(int[] goods, bool withPromotions = true)
        {
            var list = new PriceList(
                "EUR", [.. Prices.Select((price, i) => new PriceConfig(s_gtins[i], price, Taxes[i] == 0 ? null : "t" + Taxes[i]))],
                [new TaxConfig("t1", Rate), new TaxConfig("t2", 10_000 - Rate)], withPromotions ? Promotions : null);
            return Till.Add(new PriceBook(list), goods.Select(g => new Pieces(s_gtins[g], 1)), Shop.Opening);
        }
    }
}
