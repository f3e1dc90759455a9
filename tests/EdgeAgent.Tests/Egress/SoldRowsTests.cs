using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;
using EdgeAgent.Egress;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Tests.Egress;

public sealed class SoldRowsTests : IDisposable
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();

    private string Db => _folder["outbox.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_settlement_sold_is_there_after_a_restart()
    {
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.AppendAsync([Some.Event(1, Core.Privacy.Lane.Settlement)], CancellationToken.None, new SoldRows([new SoldItem(Tag(1), s_at), new SoldItem(Tag(2), s_at)], []));
            await first.AppendAsync([Some.Event(2)], CancellationToken.None, new SoldRows([new SoldItem(Tag(1), s_at.AddHours(1))], [Tag(2), Tag(3)]));
        }
        await using Outbox second = Some.Outbox(Db);

        Assert.Equal([new SoldItem(Tag(1), s_at), new SoldItem(Tag(2), s_at, CameBack: true, Inside: true)], second.ReadSold());
    }

    [Fact]
    public async Task What_was_taken_back_is_not_sold_and_what_was_sold_again_after_it_is()
    {
        var sold = new SoldRows([new SoldItem(Tag(1), s_at), new SoldItem(Tag(2), s_at)], []);
        var back = new SoldRows([], []) { TakenBack = [Tag(1), Tag(2)] };
        await using (Outbox first = Some.Outbox(Db))
        {
            // As one, as a disk that stood still gets them.
            await first.AppendAsync([Some.Event(1)], CancellationToken.None, sold.Then(back).Then(new SoldRows([new SoldItem(Tag(2), s_at.AddHours(1))], [])));
        }
        await using Outbox second = Some.Outbox(Db);

        Assert.Equal([new SoldItem(Tag(2), s_at.AddHours(1))], second.ReadSold());
    }

    [Fact]
    public async Task Decision_that_may_be_corrected_is_there_after_a_restart_as_it_stands()
    {
        var passage = new GatePassage("gate-1", s_at.AddSeconds(-3), s_at.AddSeconds(-2), s_at);
        OpenDecision decision = new(
            "aaaaaaaaaaaaaaaaaaaaaaaaaa", s_at, passage, Settled: true, [Item(1), Item(2)], 258, 0.98, 1, []);
        OpenDecision now = decision with { Items = [Item(2)], Total = 129, Revision = 1 };
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.AppendAsync([Some.Settlement(1, decision.Key)], CancellationToken.None, new SoldRows([], []) { Open = [(Some.Id(1), decision)] });
            await first.AppendAsync([Some.Event(2, Core.Privacy.Lane.Settlement)], CancellationToken.None, new SoldRows([], []) { Open = [(Some.Id(2), now)] });
        }
        await using (Outbox second = Some.Outbox(Db))
        {
            (Guid id, OpenDecision read) = Assert.Single(second.ReadOpen());
            Assert.Equal(Some.Id(1), id);
            Assert.Equal(now with { Items = [], Reasons = [], Bill = read.Bill }, read with { Items = [], Reasons = [] });
            Assert.Equal(now.Items, read.Items);
        }
    }

    [Theory]
    [InlineData(Core.Commands.PaymentResult.Paid, 1)]
    [InlineData(Core.Commands.PaymentResult.Declined, 0)]
    public async Task What_is_held_is_known_as_it_stands_until_somebody_pays_and_is_sold_with_the_result(Core.Commands.PaymentResult result, int sold)
    {
        const string Key = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
        OpenDecision held = new(Key, s_at, new GatePassage("gate-1", s_at, s_at, s_at), Settled: false, [Item(1), Item(2)], 258, 0.5, 1, [HoldReason.WeakRead])
        {
            Bill = new Bill([new BillLine("00614141000012", 2, 129, 258, [new BillDiscount("off", 8)], 250, "full", 1)], [new BillTax("full", 1_900, 250, 40)], 250),
            Payment = new Payment(PaymentMethod.Prepaid, 0, "c-1") { Prepaid = 300, Refund = 50 }, Prices = "list",
        };
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.AppendAsync([Some.Settlement(1, Key)], CancellationToken.None, new SoldRows([], []) { Open = [(Some.Id(1), held)] });
            await first.AppendAsync([Some.Event(2)], CancellationToken.None, new SoldRows([], []) { Open = [(Some.Id(2), held with { Items = [Item(2)], Revision = 1 })] });
        }
        await using (Outbox second = Some.Outbox(Db))
        {
            Assert.Equal([Tag(2)], second.ReadHeld(Key));
            OpenDecision read = Assert.Single(second.ReadOpen()).Decision;
            Assert.Equal((held.Payment, "list", System.Text.Json.JsonSerializer.Serialize(held.Bill)), (read.Payment, read.Prices, System.Text.Json.JsonSerializer.Serialize(read.Bill)));
            await second.KeepPaymentAsync(new ShopEvent.PaymentTaken(s_at, Key, result, sold == 0 ? [] : second.ReadHeld(Key)), CancellationToken.None);
        }
        await using Outbox third = Some.Outbox(Db);
        Assert.Equal((sold, 1 - sold), (third.ReadSold().Count, third.ReadHeld(Key).Count));
        Assert.All(third.ReadSold(), item => Assert.Equal(SoldItem.BagOf(Key), item.Bag));
    }

    [Fact]
    public async Task What_is_refunded_is_not_sold_any_more_and_the_rest_is_known_by_its_bag_and_place()
    {
        long bag = SoldItem.BagOf("key");
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.AppendAsync([Some.Event(1)], CancellationToken.None, new SoldRows([.. Enumerable.Range(1, 4).Select(n => new SoldItem(Tag(n), s_at, Bag: bag))], [Tag(1), Tag(2)]) { Inside = [Tag(3)] });
            await first.AppendAsync([Some.Event(2)], CancellationToken.None, new SoldRows([], []) { WentOut = [Tag(2)] });
            await first.KeepPaymentAsync(new ShopEvent.PaymentTaken(s_at, "key", Core.Commands.PaymentResult.Refunded, []) { Returned = [Tag(4)] }, CancellationToken.None);
        }
        await using Outbox second = Some.Outbox(Db);

        Assert.Equal(
            [new SoldItem(Tag(1), s_at, CameBack: true, Inside: true, bag), new SoldItem(Tag(2), s_at, CameBack: true, Inside: false, bag), new SoldItem(Tag(3), s_at, false, Inside: true, bag)],
            second.ReadSold());
    }

    [Fact]
    public async Task File_of_before_bags_were_kept_is_taken_over()
    {
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.AppendAsync([Some.Event(1)], CancellationToken.None, new SoldRows([new SoldItem(Tag(1), s_at, Bag: 7)], [Tag(1)]));
        }
        using (SqliteConnection disk = OutboxFile.Open(Db, SqliteOpenMode.ReadWrite))
        using (SqliteCommand older = disk.CreateCommand())
        {
            older.CommandText = "ALTER TABLE sold DROP COLUMN bag; UPDATE sold SET came_back=1";
            older.ExecuteNonQuery();
        }
        await using Outbox second = Some.Outbox(Db);
        await second.AppendAsync([Some.Event(2)], CancellationToken.None, new SoldRows([new SoldItem(Tag(2), s_at, Bag: 7)], []));

        Assert.Equal([new SoldItem(Tag(1), s_at, CameBack: true), new SoldItem(Tag(2), s_at, Bag: 7)], second.ReadSold());
    }

    [Fact]
    public async Task Goods_that_a_hold_s_cart_waits_for_are_known_after_a_restart()
    {
        OpenDecision held = new("key", s_at, new GatePassage("gate-1", s_at, s_at, s_at), Settled: false, [Item(1)], 129, 0.5, 1, [HoldReason.WeakRead]) { CameOff = [Item(2)] };
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.AppendAsync([Some.Settlement(1, "key")], CancellationToken.None, new SoldRows([], []) { Open = [(Some.Id(1), held)] });
        }
        await using Outbox second = Some.Outbox(Db);

        Assert.Equal([Item(2)], Assert.Single(second.ReadOpen()).Decision.CameOff);
    }

    [Fact]
    public async Task What_is_in_a_gate_is_there_after_a_restart_as_it_was_last_and_gone_with_what_is_decided()
    {
        UndecidedPassage one = Passage("gate-1", 1), two = Passage("gate-1", 1, 2), other = Passage("gate-2", 3);
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.AppendAsync([], CancellationToken.None, In("gate-1", one).Then(In("gate-2", other)).Then(In("gate-1", two)));
        }
        await using (Outbox second = Some.Outbox(Db))
        {
            IReadOnlyList<UndecidedPassage> kept = second.ReadUndecided();
            Assert.Equal([("gate-1", 2), ("gate-2", 1)], kept.Select(p => (p.Gate, p.Tags.Count)));
            Assert.Equal((two.From, two.To), (kept[0].From, kept[0].To));
            Assert.Equal(two.Tags, kept[0].Tags);
            await second.AppendAsync([Some.Event(1, Core.Privacy.Lane.Settlement)], CancellationToken.None, new SoldRows([new SoldItem(Tag(1), s_at)], []).Then(In("gate-1")));
        }
        await using Outbox third = Some.Outbox(Db);
        Assert.Equal("gate-2", Assert.Single(third.ReadUndecided()).Gate);
        Assert.Single(third.ReadSold());
    }

    private static SoldRows In(string gate, params UndecidedPassage[] passages) => new([], []) { Undecided = [new ShopEvent.PassagesUndecided(s_at, gate, passages)] };

    private static UndecidedPassage Passage(string gate, params int[] tags) =>
        new(gate, s_at.AddTicks(1_234_567), s_at.AddSeconds(1.5), [.. tags.Select(n => new UndecidedTag(Tag(n), n + 1, -48.5f, s_at.AddSeconds(0.25)))]);

    private static BagItem Item(int n) => new(Tag(n), Rfid.Epcs.EpcIdentity.Identify(Tag(n)), 129, 0.99, 5);

    [Fact]
    public async Task What_was_sold_before_a_kill_is_sold_after_it()
    {
        List<long> acknowledged = await AppendingChild.RunAndKillAsync(Db, after: 200);
        await using Outbox second = Some.Outbox(Db);
        HashSet<Epc> sold = [.. second.ReadSold().Select(s => s.Epc)];

        // A tag whose settlement was on disk when the process died must not be billed again by the next one.
        Assert.NotEmpty(acknowledged);
        Assert.All(acknowledged, seq => Assert.Contains(AppendingChild.TagOf(seq), sold));
    }

    private static Epc Tag(int n) => new(Convert.FromHexString($"3034257BF4000040000000{n:X2}"), 96);
}
