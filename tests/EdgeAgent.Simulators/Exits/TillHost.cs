using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Simulators.Exits;

/// <summary>
/// Tells a shop of carts, mandates and payments at their times, and keeps of them what the agent keeps on disk: after a restart carts and mandates are
/// told again, as the agent does it.
/// </summary>
internal sealed class TillHost(IReadOnlyList<Saying> sayings)
{
    private readonly Queue<Saying> _waiting = new(sayings.OrderBy(s => s.At));
    private readonly Dictionary<string, Cart> _carts = [];
    private readonly Dictionary<string, (Mandate Mandate, bool Revoked)> _mandates = [];

    // Of before the last restart: what was used since, the shop must know by itself.
    private readonly HashSet<string?> _used = [];

    public List<CheckoutAnswer> Answers { get; } = [];

    /// <summary>Says what is due.</summary>
    public void Tell(ShopFloor floor, DateTimeOffset now, List<ShopEvent> events)
    {
        while (_waiting.TryPeek(out Saying? next) && (now - GateStage.Start).TotalSeconds >= next.At)
        {
            ShopInput input = _waiting.Dequeue().Input(now, events);
            if (input is ShopInput.CartClaimed claim && _used.Contains(claim.Cart.Reference))
            {
                // The agent answers this from its disk.
                Answers.Add(CheckoutAnswer.Contradiction);
                continue;
            }
            if (input is ShopInput.PaymentTold payment)
            {
                // The agent has a held bag on its disk.
                OpenDecision? bag = events.Select(OpenDecision.Of).LastOrDefault(d => d?.Key == payment.SettlementKey);
                input = payment with { Held = bag is { Settled: false } ? [.. bag.Items.Select(i => i.Epc)] : [] };
            }
            int before = events.Count;
            floor.On(input, events);
            foreach (ShopEvent.CheckoutAnswered answered in events.Skip(before).OfType<ShopEvent.CheckoutAnswered>())
            {
                Answers.Add(answered.Answer);
                if (answered.Answer == CheckoutAnswer.Taken)
                {
                    Keep(input);
                }
            }
        }
    }

    /// <summary>A new shop gets what was taken and has not ended.</summary>
    public void Restore(ShopFloor floor, DateTimeOffset now, IReadOnlyList<ShopEvent> before)
    {
        var answers = new List<ShopEvent>();
        Payment[] held = [.. before.OfType<ShopEvent.ExitHeld>().Select(e => e.Payment)];
        Payment[] settled = [.. before.OfType<ShopEvent.ExitSettled>().Select(e => e.Payment)];
        _used.UnionWith(held.Concat(settled).Select(p => p.Cart));
        OpenDecision[] standing = [.. before.Select(OpenDecision.Of).OfType<OpenDecision>().GroupBy(d => d.Key).Select(d => d.Last())];
        foreach (Cart cart in _carts.Values)
        {
            string? hold = standing.FirstOrDefault(d => !d.Settled && d.Payment.Cart == cart.Reference)?.Key;
            if (hold is not null || !_used.Contains(cart.Reference))
            {
                floor.On(new ShopInput.CartClaimed(now, cart) { HeldBy = hold }, answers);
            }
        }
        foreach ((Mandate mandate, bool revoked) in _mandates.Values)
        {
            long charged = settled.Where(p => p.Mandate == mandate.Reference).Sum(p => p.Due);
            long more = before.OfType<ShopEvent.ExitCorrected>().Select(c => c.Charged).OfType<MandateCharge>().Where(c => c.Mandate == mandate.Reference).Sum(c => c.Back ? -c.Amount : c.Amount);
            floor.On(new ShopInput.MandatePut(now, mandate, charged + more), answers);
            if (revoked)
            {
                floor.On(new ShopInput.MandateRevoked(now, mandate.Reference), answers);
            }
        }
    }

    private void Keep(ShopInput input)
    {
        switch (input)
        {
            case ShopInput.CartClaimed claim:
                _carts[claim.Cart.Reference] = claim.Cart;
                break;
            case ShopInput.CartCancelled cancel:
                _carts.Remove(cancel.Cart);
                break;
            case ShopInput.MandatePut put:
                _mandates[put.Mandate.Reference] = (put.Mandate, false);
                break;
            case ShopInput.MandateRevoked revoked:
                _mandates[revoked.Mandate] = (_mandates[revoked.Mandate].Mandate, true);
                break;
            default:
                break;
        }
    }
}
