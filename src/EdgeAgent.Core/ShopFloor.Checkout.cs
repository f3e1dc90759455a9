using System.Diagnostics;
using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Core;

// Carts and mandates that the shop is told of. Each is answered, for somebody waits to hear whether it holds.
public sealed partial class ShopFloor
{
    private void TellCashier(ShopInput told, List<ShopEvent> events)
    {
        Cashier cashier = _checkout.Cashier;
        (string reference, CheckoutAnswer answer) = told switch
        {
            ShopInput.CartClaimed claim => (claim.Cart.Reference, cashier.Carts.Claim(claim.Cart)),
            ShopInput.CartCancelled cancel => (cancel.Cart, cashier.Carts.Cancel(cancel.Cart)),
            ShopInput.MandatePut put => (put.Mandate.Reference, cashier.Mandates.Put(put.Mandate, put.At, put.Spent)),
            ShopInput.MandateRevoked revoked => (revoked.Mandate, cashier.Mandates.Revoke(revoked.Mandate)),
            _ => throw new UnreachableException(),
        };
        events.Add(new ShopEvent.CheckoutAnswered(told.At, reference, answer));
    }
}
