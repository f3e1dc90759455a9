using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Tests.Egress;

public sealed class CheckoutRowsTests : IDisposable
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();

    private string Db => _folder["outbox.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_settlement_uses_up_its_cart_and_charges_its_mandate_in_one_commit_and_only_of_its_day()
    {
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.KeepCheckoutAsync(Row(CheckoutKind.Cart, "c-1"), CancellationToken.None);
            await first.KeepCheckoutAsync(Row(CheckoutKind.Cart, "c-2"), CancellationToken.None);
            await first.KeepCheckoutAsync(Row(CheckoutKind.Mandate, "m-1"), CancellationToken.None);
            await first.AppendAsync([Settled(s_at, 150, "c-1")], CancellationToken.None);
            await first.AppendAsync([Settled(s_at.AddHours(1), 99, null)], CancellationToken.None);
        }
        await using Outbox second = Some.Outbox(Db);
        IReadOnlyList<CheckoutRow> rows = second.ReadCheckout();

        Assert.Equal([("c-1", true), ("c-2", false), ("m-1", false)], rows.Select(r => (r.Reference, r.Done)));
        Assert.Equal((249, 0), (rows[2].SpentOn(s_at), rows[2].SpentOn(s_at.AddDays(1))));
        await second.AppendAsync([Settled(s_at.AddDays(1), 7, null)], CancellationToken.None);
        Assert.Equal(7, second.ReadCheckout()[2].SpentOn(s_at.AddDays(1)));
    }

    [Fact]
    public async Task What_is_written_after_the_settlement_that_used_it_stays_used_and_charged()
    {
        await using Outbox outbox = Some.Outbox(Db);
        await outbox.AppendAsync([Settled(s_at, 150, "c-1")], CancellationToken.None);
        Assert.Empty(outbox.ReadCheckout());
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Cart, "c-1"), CancellationToken.None);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Mandate, "m-1"), CancellationToken.None);

        Assert.Equal([("c-1", true, 0L), ("m-1", false, 150L)], outbox.ReadCheckout().Select(r => (r.Reference, r.Done, r.SpentOn(s_at))));
    }

    [Fact]
    public async Task A_held_bag_uses_up_its_cart_and_charges_nobody()
    {
        await using Outbox outbox = Some.Outbox(Db);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Cart, "c-1"), CancellationToken.None);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Mandate, "m-1"), CancellationToken.None);
        await outbox.AppendAsync([Gate().Admit(new ShopEvent.ExitHeld(s_at, s_passage, "key", [], 150, new Attribution(null, 0, 0), [HoldReason.NoShopper])
        {
            Payment = new Payment(PaymentMethod.Mandate, 150, "c-1", "m-1"),
        })], CancellationToken.None);

        Assert.Equal([("c-1", true, 0L), ("m-1", false, 0L)], outbox.ReadCheckout().Select(r => (r.Reference, r.Done, r.SpentOn(s_at))));
    }

    [Fact]
    public async Task A_cart_that_has_left_is_used_and_one_that_was_given_up_may_be_claimed_again()
    {
        await using Outbox outbox = Some.Outbox(Db);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Cart, "c-1"), CancellationToken.None);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Cart, "c-2"), CancellationToken.None);
        await outbox.AppendAsync([Settled(s_at, 150, "c-1")], CancellationToken.None);
        await outbox.ForgetCartAsync("c-1", CancellationToken.None);
        await outbox.ForgetCartAsync("c-2", CancellationToken.None);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Cart, "c-2"), CancellationToken.None);

        Assert.Equal((true, false, false), (outbox.IsCartUsed("c-1"), outbox.IsCartUsed("c-2"), outbox.IsCartUsed("c-3")));
        Assert.Equal([("c-1", true), ("c-2", false)], outbox.ReadCheckout().Select(r => (r.Reference, r.Done)));
    }

    [Fact]
    public async Task A_hold_has_its_cart_again_after_a_start_however_long_the_cart_was_to_wait_and_a_bill_has_not()
    {
        await using Outbox outbox = Some.Outbox(Db);
        foreach (string cart in new[] { "c-1", "c-2", "c-3", "c-4" })
        {
            byte[] claim = System.Text.Encoding.UTF8.GetBytes($$"""{"cart":"{{cart}}","gate":"gate-1","items":[{"gtin":"00614141000012","quantity":2}],"prepaid":true}""");
            await outbox.KeepCheckoutAsync(new CheckoutRow(CheckoutKind.Cart, cart, claim, s_at, s_at.AddMinutes(cart == "c-3" ? 60 : 5)), CancellationToken.None);
        }
        OpenDecision hold = new("held", s_at, s_passage, Settled: false, [], 0, 0.5, 1, [HoldReason.WeakRead]) { Payment = new Payment(PaymentMethod.Prepaid, 0, "c-1") };
        OpenDecision bill = hold with { Key = "billed", Settled = true, Payment = new Payment(PaymentMethod.Prepaid, 0, "c-2") };
        await outbox.AppendAsync([Settled(s_at, 0, "c-1"), Settled(s_at, 0, "c-2")], CancellationToken.None, new SoldRows([], []) { Open = [(Some.Id(1), hold), (Some.Id(2), bill)] });

        var shop = System.Threading.Channels.Channel.CreateBounded<ShopInput>(8);
        using var trusted = new EdgeAgent.Signing.TrustedKeys(_folder["trusted"]);
        var time = new ManualTime();
        time.JumpClock(s_at.AddMinutes(9) - time.GetUtcNow());
        await new EdgeAgent.Commands.CheckoutDesk(outbox, shop.Writer, trusted, time).RestoreAsync(CancellationToken.None);
        shop.Writer.Complete();
        var told = new List<(string, string?)>();
        await foreach (ShopInput input in shop.Reader.ReadAllAsync())
        {
            ShopInput.CartClaimed claim = Assert.IsType<ShopInput.CartClaimed>(input);
            told.Add((claim.Cart.Reference, claim.HeldBy));
        }
        Assert.Equal([("c-1", "held"), ("c-3", null)], told);
    }

    [Fact]
    public async Task Ended_mandates_are_forgotten_and_a_new_word_ends_a_revocation()
    {
        await using Outbox outbox = Some.Outbox(Db);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Mandate, "old") with { Until = s_at.AddSeconds(-1) }, CancellationToken.None);
        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Mandate, "m-1"), CancellationToken.None);
        await outbox.EndCheckoutAsync(CheckoutKind.Mandate, "m-1", CancellationToken.None);
        Assert.True(Assert.Single(outbox.ReadCheckout()).Done);

        await outbox.KeepCheckoutAsync(Row(CheckoutKind.Mandate, "m-1"), CancellationToken.None);
        Assert.False(Assert.Single(outbox.ReadCheckout()).Done);
    }

    [Fact]
    public async Task A_correction_charges_more_or_gives_back_in_its_own_commit_and_never_below_nothing()
    {
        PrivacyGate gate = Gate();
        EgressEvent Corrected(long amount, DateTimeOffset on, bool back) => gate.Admit(new ShopEvent.ExitCorrected(
            s_at.AddMinutes(5), new OpenDecision("key", s_at, s_passage, true, [], 0, 1, 1, [], 1), [], [], CorrectionReason.Returned) { Charged = new MandateCharge("m-1", amount, on, back) });
        await using (Outbox first = Some.Outbox(Db))
        {
            await first.KeepCheckoutAsync(Row(CheckoutKind.Mandate, "m-1"), CancellationToken.None);
            await first.AppendAsync([Settled(s_at, 150, null)], CancellationToken.None);
            await first.AppendAsync([Corrected(99, s_at, back: false)], CancellationToken.None);
            await first.AppendAsync([Corrected(200, s_at, back: true)], CancellationToken.None);
            await first.AppendAsync([Corrected(40, s_at.AddDays(-1), back: true)], CancellationToken.None);
        }
        await using Outbox second = Some.Outbox(Db);
        Assert.Equal(49, Assert.Single(second.ReadCheckout()).SpentOn(s_at));
        await second.AppendAsync([Corrected(50, s_at, back: true)], CancellationToken.None);
        Assert.Equal(0, Assert.Single(second.ReadCheckout()).SpentOn(s_at));
    }

    private static readonly GatePassage s_passage = new("gate-1", s_at, s_at, s_at);

    private static CheckoutRow Row(CheckoutKind kind, string reference) => new(kind, reference, "{}"u8.ToArray(), s_at, s_at.AddDays(30));

    private static EgressEvent Settled(DateTimeOffset at, long due, string? cart) => Gate().Admit(
        new ShopEvent.ExitSettled(at, s_passage, "key-" + at.Ticks, [], due, new Attribution(null, 0, 0)) { Payment = new Payment(PaymentMethod.Mandate, due, cart, "m-1") });

    private static PrivacyGate Gate() => new(
        new DeviceConfig(1, new StoreConfig("acme", "s0001", "b1"), [], [], [], new CheckoutConfig("EUR", [])), new EgressContext(1, "none", () => "replay"), Randomness.Seeded(1));
}
