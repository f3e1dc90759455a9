using System.Diagnostics;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core;

// Carts and mandates that the shop is told of: each is answered, for somebody waits to hear whether it holds. And when a gate's lock may bar it.
public sealed partial class ShopFloor
{
    // Until the host says otherwise: a replay has no line and waits for no money.
    private bool _isLinkUp = true;

    /// <summary>Anything because of which a lock must not bar the gate: it never locks anybody in.</summary>
    private bool IsFaulty(Exit exit)
    {
        GateConfig gate = exit.Gate.Config;
        return _disarmed.Contains(gate.Id) || exit.Gate.EyeStuck || (gate.Interlock?.Opens == InterlockRule.Paid && !_isLinkUp)
            || gate.Readers.Any(reader => _sensors.IsIll(SensorKind.Reader, reader))
            || (gate.Interlock is InterlockConfig own && (_sensors.IsIll(SensorKind.Reader, own.Reader) || _sensors.IsIll(SensorKind.Output, own.Reader)))
            || _cameras.Values.Any(c => c.HasExit(gate.Exits) && _sensors.IsIll(SensorKind.Camera, c.Camera));
    }

    private void Tell(ShopInput.PaymentTold payment, List<ShopEvent> events)
    {
        foreach (Exit exit in _exits)
        {
            exit.Outputs.Told(payment, events);
        }
    }

    private void TellCashier(ShopInput told, List<ShopEvent> events)
    {
        Cashier cashier = _checkout.Cashier;
        (string reference, CheckoutAnswer answer) = told switch
        {
            ShopInput.CartClaimed { HeldBy: string hold } held => (held.Cart.Reference, cashier.Held.Restore(hold, held.Cart) ? CheckoutAnswer.Taken : CheckoutAnswer.Unknown),
            ShopInput.CartClaimed claim => (claim.Cart.Reference, cashier.Carts.Claim(claim.Cart)),
            ShopInput.CartCancelled cancel => (cancel.Cart, cashier.Carts.Cancel(cancel.Cart)),
            ShopInput.MandatePut put => (put.Mandate.Reference, cashier.Mandates.Put(put.Mandate, put.At, put.Spent)),
            ShopInput.MandateRevoked revoked => (revoked.Mandate, cashier.Mandates.Revoke(revoked.Mandate)),
            _ => throw new UnreachableException(),
        };
        events.Add(new ShopEvent.CheckoutAnswered(told.At, reference, answer));
    }
}
