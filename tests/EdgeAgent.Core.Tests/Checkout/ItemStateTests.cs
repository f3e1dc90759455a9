using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAgent.Core.Tests.Checkout;

/// <summary>Whatever happens in whatever order, an item is in one state, is billed at most once, and the totals of all decisions say so.</summary>
public class ItemStateTests
{
    private static readonly string[] s_items = ["cola", "cola#2", "milk", "milk#2", "tea", Stock.Unlisted];

    [Fact]
    public void Every_sequence_ends_with_each_item_in_one_state_and_billed_at_most_once() => Prop.ForAll(
        Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            Shop shop = RandomDay(seed);
            var referee = new Referee();
            foreach (ShopEvent happened in shop.Events)
            {
                referee.Take(happened);
            }
            foreach (string item in s_items)
            {
                referee.Agrees(Stock.Tag(item), shop.StateOf(item), seed);
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(120));

    [Fact]
    public void The_order_in_which_the_reads_of_a_passage_arrive_changes_nothing() => Prop.ForAll(
        Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            string first = Decisions(seed, shuffle: false);
            Assert.Contains("cola", first, StringComparison.Ordinal);
            Assert.Equal(first, Decisions(seed, shuffle: true));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_replayed_day_gives_the_same_keys_and_corrections() => Prop.ForAll(
        Gen.Choose(0, 1_000_000).ToArbitrary(), seed => Assert.Equal(Lines(RandomDay(seed)), Lines(RandomDay(seed)))).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(20));

    private static List<string> Lines(Shop shop) =>
        [.. shop.Events.Select(OpenDecision.Of).OfType<OpenDecision>().Select(d => $"{d.Key} {d.Revision} {d.Total} {string.Join(' ', d.Items.Select(i => i.Epc.ToHex()))}")];

    private static Shop RandomDay(int seed)
    {
        var dice = new Random(seed);
        Shop shop = Shop.Open(seed: 1 + (seed % 97));
        double at = 6;
        for (int step = 0; step < 12; step++)
        {
            string item = s_items[dice.Next(s_items.Length)];
            string second = s_items[dice.Next(s_items.Length)];
            int move = dice.Next(10);
            switch (move)
            {
                case 0:
                    shop.PersonWalks("p" + step, "entrance", "exit", at - 4.9, takes: 5).TagPasses(item, at);
                    break;
                case 8:
                case 9:
                    // With a prepaid cart; with a second piece that is not in it they are held, go back in, and one of all in the shop comes out with it.
                    shop.PersonWalks("p" + step, "entrance", "exit", at - 4.9, takes: 5).TagPasses(item, at);
                    if (move == 9)
                    {
                        shop.TagPasses(second, at + 0.1).PersonWalks("p" + step, "exit", "shelf", at + 13.5, takes: 3).PersonWalks("p" + step, "shelf", "exit", at + 27.1, takes: 3);
                        ComesIn(shop, item, at + 14);
                        shop.TagPasses(dice.Next(3) == 0 ? second : item, at + 29.6);
                    }
                    shop.After((at - 3 - shop.Now).Seconds());
                    shop.Tell(new ShopInput.CartClaimed(Shop.At(shop.Now), new Cart(
                        "c-" + step, "front", null, [new CartItem(Stock.Identify(Stock.Tag(item)).Gtin!, 1)], null, Prepaid: true, AgeChecked: false, null, Shop.At(shop.Now), Shop.At(shop.Now + 60))));
                    at += move == 9 ? 32 : 0;
                    break;
                case 1:
                    shop.PersonWalks("p" + step, "entrance", "exit", at - 4.9, takes: 5).TagPasses(item, at).TagPasses(second, at + 0.1);
                    break;
                case 2:
                    shop.TagPasses(item, at);
                    break;
                case 3:
                    ComesIn(shop, item, at);
                    break;
                case 4:
                    shop.TagStands(item, at, at + 14, antenna: Shop.Inside, every: 0.4);
                    break;
                case 5:
                    shop.PersonWalks("p" + step, "entrance", "exit", at - 4.9, takes: 5).TagPasses(item, at);
                    for (int n = 0; n < 4; n++)
                    {
                        shop.TagSeen(second, at + (n * 0.2), rssi: -50, arrives: at + 9);
                    }
                    break;
                case 6:
                    shop.After((at - shop.Now).Seconds());
                    if (shop.Events.Select(OpenDecision.Of).OfType<OpenDecision>().Select(d => d.Key).Distinct().ToArray() is { Length: > 0 } keys)
                    {
                        shop.Tell(new ShopInput.PaymentTold(Shop.At(shop.Now), keys[dice.Next(keys.Length)], Enum.GetValues<PaymentResult>()[dice.Next(4)])
                        {
                            Returned = dice.Next(2) == 0 ? null : [new CartItem(Stock.Identify(Stock.Tag(item)).Gtin!, 1)],
                        });
                    }
                    break;
                default:
                    shop.PersonWalks("p" + step, "entrance", "exit", at - 4.9, takes: 5).PersonWalks("q" + step, new Point(-0.06f, 0.45f), new Point(1.06f, 0.45f), at - 4.9, takes: 5)
                        .TagPasses(item, at);
                    break;
            }
            at += dice.Next(2) == 0 ? 8 + dice.Next(30) : 100 + dice.Next(700);
        }
        return shop.After((at + 30).Seconds()).Close();
    }

    private static string Decisions(int seed, bool shuffle)
    {
        var dice = new Random(seed);
        List<TagRead> reads = [];
        foreach (string item in s_items.Take(4))
        {
            double middle = 9.5 + (dice.NextDouble() / 2);
            for (int n = 0; n < 9; n++)
            {
                double at = Math.Round(middle - 0.8 + (n * 0.2) + (dice.NextDouble() / 20), 3);
                reads.Add(new TagRead(Stock.Tag(item), n < 3 ? Shop.Inside : n < 7 ? Shop.Gate : Shop.Outside, -50 - (2 * Math.Abs(n - 4)) - dice.Next(3), 1, Shop.At(at)));
            }
        }
        // All of them come in one report or in several, in any order; the last still in time.
        TagRead[] order = shuffle ? [.. reads.OrderBy(_ => dice.Next())] : [.. reads.OrderBy(r => r.At)];
        Shop shop = Shop.Open(seed: 3).PersonWalks("anna", "entrance", "exit", 5, takes: 5).After(11.Seconds());
        foreach (TagRead[] report in order.Chunk(shuffle ? 1 + dice.Next(9) : 36))
        {
            shop.Tell(new ShopInput.TagsRead(Shop.At(shop.Now), "reader", report));
        }
        shop.After(30.Seconds());
        return string.Join('\n', shop.Events.Where(e => OpenDecision.Of(e) is not null).Select(e => OpenDecision.Of(e)!)
            .Select(d => $"{d.Key} {d.Settled} {d.Total} {string.Join(' ', d.Reasons)} {string.Join(' ', d.Items.Select(i => Stock.NameOf(i.Epc)).Order(StringComparer.Ordinal))}"));
    }

    private static void ComesIn(Shop shop, string item, double at)
    {
        for (int n = 0; n < 10; n++)
        {
            shop.TagSeen(item, at: at + (n * 0.1), Shop.Outside, rssi: -60 + n).TagSeen(item, at: at + 1 + (n * 0.1), Shop.Inside, rssi: -50 - n);
        }
    }

    /// <summary>Knows the events only, as an application at the broker does.</summary>
    private sealed class Referee
    {
        private readonly Dictionary<string, OpenDecision> _now = [];
        private readonly Dictionary<Epc, string> _billedBy = [];
        private readonly HashSet<Epc> _owners = [];
        private readonly HashSet<string> _paid = [];
        private DateTimeOffset _at;

        // The latest hold that names the item.
        private readonly Dictionary<Epc, string> _heldBy = [];

        public void Take(ShopEvent happened)
        {
            if (happened.At > _at)
            {
                // Whatever comes and goes, a cart stands in one decision only.
                Assert.Distinct(_now.Values.Select(d => d.Payment.Cart).OfType<string>());
                _at = happened.At;
            }
            if (happened is ShopEvent.ExitObserved { Passage.Direction: CrossingDirection.In } came)
            {
                _owners.UnionWith(came.Items.Select(i => i.Epc).Where(_billedBy.ContainsKey));
            }
            if (happened is ShopEvent.PaymentTaken payment)
            {
                Pay(payment);
                GiveBack(payment);
            }
            if (OpenDecision.Of(happened) is not OpenDecision decision)
            {
                return;
            }
            Assert.Equal(decision.Items.Sum(i => i.Price ?? 0) + decision.Bill.Lines.Sum(l => l.Unseen * l.Price), decision.Total);
            Assert.Equal(decision.Total + decision.Payment.Refund, decision.Payment.Prepaid + decision.Payment.Due);
            Assert.True(decision.Total >= 0 && decision.Payment.Due >= 0 && decision.Payment.Refund >= 0);
            Assert.Equal(decision.Items.Count, decision.Items.Select(i => i.Epc).Distinct().Count());
            if (happened is ShopEvent.ExitCorrected corrected)
            {
                OpenDecision before = _now[decision.Key];
                Assert.Equal((before.Revision + 1, before.Settled, before.At), (decision.Revision, decision.Settled, decision.At));
                Assert.Equal(before.Items.Except(corrected.Removed).Concat(corrected.Added).Select(i => i.Epc), decision.Items.Select(i => i.Epc));
                Assert.True(corrected.Added.Count + corrected.Removed.Count + corrected.BroughtBack.Count > 0 || (before.Payment.Cart is not null && decision.Payment.Cart is null));
                Assert.Equal(corrected.BroughtBack.Sum(i => i.Price ?? 0), corrected.Worth);
                Assert.True(corrected.BroughtBack.All(i => _paid.Contains(decision.Key) && decision.Items.Contains(i)));
                Assert.True(!_paid.Contains(decision.Key) || (before.Total == decision.Total && before.Payment == decision.Payment));
                Bill(decision, corrected.Added);
                foreach (BagItem gone in corrected.Removed)
                {
                    if (_heldBy.GetValueOrDefault(gone.Epc) == decision.Key)
                    {
                        _heldBy.Remove(gone.Epc);
                    }
                    if (!decision.Settled)
                    {
                        continue;
                    }
                    Assert.Equal(decision.Key, _billedBy[gone.Epc]);
                    Assert.DoesNotContain(decision.Key, _paid);
                    _billedBy.Remove(gone.Epc);
                    _owners.Remove(gone.Epc);
                }
            }
            else
            {
                // A key is decided once.
                Assert.True(_now.TryAdd(decision.Key, decision), $"{decision.Key} was decided twice.");
                Bill(decision, decision.Items);
            }
            _now[decision.Key] = decision;
        }

        public void Agrees(Epc epc, ItemState state, int seed)
        {
            ItemState[] may = _owners.Contains(epc) ? [ItemState.Owners] : _billedBy.ContainsKey(epc) ? [ItemState.LeftBilled]
                // A hold is a person's after the time for corrections, and the box knows no more of it.
                : _heldBy.ContainsKey(epc) ? [ItemState.LeftHeld, ItemState.ForSale] : [ItemState.ForSale, ItemState.Returned];
            Assert.True(may.Contains(state), $"seed {seed}: {Stock.NameOf(epc)} is {state}, by the events it is {may[0]}.");
        }

        /// <summary>Whoever pays for a held bag, or lets it go, has bought what stands in it; of a bill, and for another result, nothing changes.</summary>
        private void Pay(ShopEvent.PaymentTaken payment)
        {
            OpenDecision bag = _now[payment.SettlementKey];
            bool ends = payment.Result is PaymentResult.Paid or PaymentResult.Cleared;
            // A hold is a person's after the time for corrections, and the shop alone knows no more of it: then the disk does.
            Assert.True(payment.Bought.Count == 0 || (ends && !bag.Settled && payment.Bought.SequenceEqual(bag.Items.Select(i => i.Epc))));
            Assert.True(payment.Bought.Count > 0 || !ends || bag.Settled || bag.Items.Count == 0 || _paid.Contains(bag.Key) || payment.At - bag.At >= TimeSpan.FromMinutes(10));
            if (ends && (bag.Settled || payment.Bought.Count > 0))
            {
                _paid.Add(bag.Key);
            }
            foreach (Epc epc in payment.Bought)
            {
                _heldBy.Remove(epc);
                _billedBy.TryAdd(epc, bag.Key);
            }
        }

        /// <summary>What was given back is for sale, and nothing that costs is corrected any more.</summary>
        private void GiveBack(ShopEvent.PaymentTaken payment)
        {
            Assert.True(payment.Returned.Count == 0 || payment.Result == PaymentResult.Refunded);
            foreach (Epc epc in payment.Returned)
            {
                Assert.Equal(payment.SettlementKey, _billedBy[epc]);
                _billedBy.Remove(epc);
                _owners.Remove(epc);
            }
            if (payment.Result != PaymentResult.Refunded)
            {
                return;
            }
            if (_now[payment.SettlementKey] is { Settled: false } && !_paid.Contains(payment.SettlementKey))
            {
                _heldBy.Where(held => held.Value == payment.SettlementKey).ToList().ForEach(held => _heldBy.Remove(held.Key));
            }
            _paid.Add(payment.SettlementKey);
        }

        private void Bill(OpenDecision decision, IReadOnlyList<BagItem> items)
        {
            foreach (BagItem item in items)
            {
                if (!decision.Settled)
                {
                    _heldBy[item.Epc] = decision.Key;
                    continue;
                }
                _heldBy.Remove(item.Epc);
                Assert.True(_billedBy.TryAdd(item.Epc, decision.Key), $"{Stock.NameOf(item.Epc)} is billed twice.");
            }
        }
    }
}
