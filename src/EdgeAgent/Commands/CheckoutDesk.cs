using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Signing;

namespace EdgeAgent.Commands;

/// <summary>
/// Carts, mandates and payments on their way to the shop. The shop says whether it takes them; what it took is on disk before the sender hears of
/// it, and comes again after a restart. What a settlement uses up or charges is marked in the settlement's own transaction.
/// </summary>
internal sealed class CheckoutDesk(Outbox outbox, ChannelWriter<ShopInput> shop, TrustedKeys trusted, TimeProvider time)
{
    // Commands that change anything are carried out one after the other: there is never a second question.
    private Question? _open;

    /// <summary>Told from the shop loop.</summary>
    public void Heard(ShopEvent.CheckoutAnswered answered) => Answer(answered.Reference, answered);

    public void Heard(ShopEvent.PaymentTaken taken) => Answer(taken.SettlementKey, taken);

    /// <summary>Tells the shop what it had taken before this start and what has not ended since.</summary>
    public async Task RestoreAsync(CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        // A hold has its cart as long as it may be corrected, however long the cart itself was to wait.
        Dictionary<string, string> holds = [];
        foreach ((_, OpenDecision decision) in outbox.ReadOpen())
        {
            if (decision is { Settled: false, Payment.Cart: string reference })
            {
                holds[reference] = decision.Key;
            }
        }
        foreach (CheckoutRow row in outbox.ReadCheckout().Where(row => row.Until > now || holds.ContainsKey(row.Reference)))
        {
            string? hold = row.Done ? holds.GetValueOrDefault(row.Reference) : null;
            if (row.Kind == CheckoutKind.Cart && (hold is not null || (!row.Done && row.Until > now)) && Read("cart.claim", row) is CartClaimCommand claim)
            {
                await shop.WriteAsync(new ShopInput.CartClaimed(now, CartOf(claim, row.At)) { HeldBy = hold }, ct);
            }
            else if (row.Kind == CheckoutKind.Mandate && row.Until > now && Read("mandate.put", row) is MandatePutCommand put)
            {
                await shop.WriteAsync(new ShopInput.MandatePut(now, MandateOf(put), row.SpentOn(now)), ct);
                if (row.Done)
                {
                    await shop.WriteAsync(new ShopInput.MandateRevoked(now, put.Mandate), ct);
                }
            }
        }
    }

    public async Task<CommandAnswer> ClaimAsync(CartClaimCommand claim, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        // After a restart only the disk knows it.
        if (outbox.IsCartUsed(claim.Cart))
        {
            return Say(CheckoutAnswer.Contradiction);
        }
        DateTimeOffset now = time.GetUtcNow();
        Cart cart = CartOf(claim, now);
        CheckoutAnswer answer = await AskAsync(claim.Cart, new ShopInput.CartClaimed(now, cart), ct);
        if (answer == CheckoutAnswer.Taken)
        {
            await outbox.KeepCheckoutAsync(new CheckoutRow(CheckoutKind.Cart, claim.Cart, body.ToArray(), now, cart.Until), ct);
        }
        return Say(answer);
    }

    public async Task<CommandAnswer> CancelAsync(CartCancelCommand cancel, CancellationToken ct)
    {
        CheckoutAnswer answer = await AskAsync(cancel.Cart, new ShopInput.CartCancelled(time.GetUtcNow(), cancel.Cart), ct);
        if (answer == CheckoutAnswer.Taken)
        {
            await outbox.ForgetCartAsync(cancel.Cart, ct);
        }
        return Say(answer);
    }

    /// <summary>Whoever may publish commands cannot make a mandate: it is taken from those only whose signature this box believes.</summary>
    public async Task<CommandAnswer> PutAsync(MandatePutCommand put, ReadOnlyMemory<byte> body, StoreConfig store, CancellationToken ct)
    {
        if (SignedDocument.Verify(body, CommandReader.MaxBytes, trusted).Document is null || (put.Store != $"{store.Tenant}/{store.Store}" && put.Store != store.Tenant + "/*"))
        {
            return CommandAnswer.Of(AnswerWord.NotBelieved);
        }
        DateTimeOffset now = time.GetUtcNow();
        if (put.Until <= now)
        {
            return CommandAnswer.Of(AnswerWord.NothingToDo);
        }
        CheckoutAnswer answer = await AskAsync(put.Mandate, new ShopInput.MandatePut(now, MandateOf(put)), ct);
        if (answer == CheckoutAnswer.Taken)
        {
            await outbox.KeepCheckoutAsync(new CheckoutRow(CheckoutKind.Mandate, put.Mandate, body.ToArray(), now, put.Until), ct);
        }
        return Say(answer);
    }

    public async Task<CommandAnswer> RevokeAsync(MandateRevokeCommand revoke, CancellationToken ct)
    {
        CheckoutAnswer answer = await AskAsync(revoke.Mandate, new ShopInput.MandateRevoked(time.GetUtcNow(), revoke.Mandate), ct);
        if (answer == CheckoutAnswer.Taken)
        {
            await outbox.EndCheckoutAsync(CheckoutKind.Mandate, revoke.Mandate, ct);
        }
        return Say(answer);
    }

    /// <summary>
    /// The first result stands; only what was paid may be refunded, and what was declined may be cleared by a person. The shop says what of a held
    /// bag is sold by it, and what of a refunded one is for sale again; that is on disk with the result before the sender hears of it.
    /// </summary>
    public async Task<CommandAnswer> PayAsync(PaymentResultCommand command, CancellationToken ct)
    {
        (bool decided, PaymentResult? known) = outbox.ReadPayment(command.SettlementKey);
        if (!decided)
        {
            return CommandAnswer.Of(AnswerWord.UnknownTarget);
        }
        if (known == command.Result)
        {
            return CommandAnswer.Payment(AnswerWord.NothingToDo, known);
        }
        if (known is not null && (known, command.Result) is not ((PaymentResult.Paid, PaymentResult.Refunded) or (PaymentResult.Declined, PaymentResult.Cleared)))
        {
            return CommandAnswer.Payment(AnswerWord.Contradiction, known);
        }
        var told = new ShopInput.PaymentTold(time.GetUtcNow(), command.SettlementKey, command.Result)
        {
            Held = outbox.ReadHeld(command.SettlementKey), Returned = command.Returned?.Select(ItemOf).ToArray(),
        };
        var taken = (ShopEvent.PaymentTaken)await HearAsync(command.SettlementKey, told, ct);
        await outbox.KeepPaymentAsync(taken, ct);
        return CommandAnswer.Payment(AnswerWord.Done, command.Result);
    }

    private async Task<CheckoutAnswer> AskAsync(string reference, ShopInput told, CancellationToken ct) =>
        ((ShopEvent.CheckoutAnswered)await HearAsync(reference, told, ct)).Answer;

    private async Task<ShopEvent> HearAsync(string reference, ShopInput told, CancellationToken ct)
    {
        var question = new Question(reference);
        Volatile.Write(ref _open, question);
        try
        {
            await shop.WriteAsync(told, ct);
            return await question.Answer.Task.WaitAsync(ct);
        }
        finally
        {
            // One that timed out may end only when the next has asked.
            Interlocked.CompareExchange(ref _open, null, question);
        }
    }

    private void Answer(string reference, ShopEvent answer)
    {
        if (Volatile.Read(ref _open) is { } question && question.Reference == reference)
        {
            question.Answer.TrySetResult(answer);
        }
    }

    private static CommandAnswer Say(CheckoutAnswer answer) => CommandAnswer.Of(answer switch
    {
        CheckoutAnswer.Taken => AnswerWord.Done,
        CheckoutAnswer.Known => AnswerWord.NothingToDo,
        CheckoutAnswer.Contradiction => AnswerWord.Contradiction,
        CheckoutAnswer.Unknown => AnswerWord.UnknownTarget,
        CheckoutAnswer.Full => AnswerWord.Busy,
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    private static Cart CartOf(CartClaimCommand c, DateTimeOffset at) => new(
        c.Cart, c.Gate, c.Visit, [.. c.Items.Select(ItemOf)], c.Mandate, c.Prepaid, c.AgeChecked, c.WeightGrams, at, at.AddSeconds(c.HoldsSeconds));

    private static CartItem ItemOf(CartLine item) => new(item.Gtin, item.Quantity, item.Serial);

    private static Mandate MandateOf(MandatePutCommand c) => new(c.Mandate, c.Currency, c.ExitLimit, c.DayLimit, c.IssuedAt, c.Until);

    private static CommandBody? Read(string name, CheckoutRow row) => CommandReader.Read(CommandKind.Find(name)!, row.Body).Body;

    private sealed record Question(string Reference)
    {
        public TaskCompletionSource<ShopEvent> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
