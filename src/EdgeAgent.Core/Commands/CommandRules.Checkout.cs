using System.Buffers;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Commands;

// What must hold in commands about carts and mandates.
public static partial class CommandRules
{
    private const int MostLines = 200;
    private const int MostPieces = 1_000;
    private const int LongestSerial = 20;

    // A mandate is renewed at least this often: what nobody remembers having given ends by itself.
    private const int LongestMandateDays = 400;

    private static readonly SearchValues<char> s_referenceLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static void CheckCheckout(CommandBody body, List<ConfigError> errors)
    {
        switch (body)
        {
            case CartClaimCommand c:
                Reference(c.Cart, "$.cart", errors);
                Name(c.Gate, "$.gate", errors);
                CheckCart(c, errors);
                break;
            case CartCancelCommand c:
                Reference(c.Cart, "$.cart", errors);
                break;
            case MandatePutCommand c:
                Reference(c.Mandate, "$.mandate", errors);
                CheckMandate(c, errors);
                break;
            case MandateRevokeCommand c:
                Reference(c.Mandate, "$.mandate", errors);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void CheckCart(CartClaimCommand cart, List<ConfigError> errors)
    {
        if (cart.Mandate is string mandate)
        {
            Reference(mandate, "$.mandate", errors);
        }
        if (cart.Visit is string visit && (visit.Length != 26 || visit.Any(ch => ch is not ((>= 'a' and <= 'z') or (>= '2' and <= '7')))))
        {
            Add(errors, "$.visit", "bad-value", "a visit is named by 26 of a-z 2-7, as in visit.started.");
        }
        if (cart.WeightGrams is < 0 or > 1_000_000)
        {
            Add(errors, "$.weightGrams", "out-of-range", "0 to 1000000 are expected.");
        }
        if (cart.HoldsSeconds is < 30 or > 3600)
        {
            Add(errors, "$.holdsSeconds", "out-of-range", "30 to 3600 are expected.");
        }
        bool mayBeEmpty = cart is { Mandate: not null, Prepaid: false };
        if (cart.Items.Count > MostLines || (cart.Items.Count == 0 && !mayBeEmpty))
        {
            Add(errors, "$.items", "out-of-range", $"1 to {MostLines} lines are expected; none only with a mandate.");
            return;
        }
        CheckLines(cart.Items, "$.items", errors);
    }

    private static void CheckReturned(PaymentResultCommand payment, List<ConfigError> errors)
    {
        if (payment.Returned is not { } returned)
        {
            return;
        }
        if (payment.Result != PaymentResult.Refunded || returned.Count > MostLines)
        {
            Add(errors, "$.returned", "bad-value", $"it goes with refunded only, and has at most {MostLines} lines.");
            return;
        }
        CheckLines(returned, "$.returned", errors);
    }

    private static void CheckLines(IReadOnlyList<CartLine> lines, string path, List<ConfigError> errors)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            CartLine line = lines[i];
            if (!Gtin.IsValid14(line.Gtin))
            {
                Add(errors, $"{path}[{i}].gtin", "bad-value", "14 digits with a right check digit are expected.");
            }
            if (line.Quantity is < 1 or > 999 || (line.Serial is not null && line.Quantity != 1))
            {
                Add(errors, $"{path}[{i}].quantity", "out-of-range", "1 to 999 are expected; 1 with a serial.");
            }
            if (line.Serial is string serial && (serial.Length is < 1 or > LongestSerial || serial.AsSpan().ContainsAnyExceptInRange('!', '~')))
            {
                Add(errors, $"{path}[{i}].serial", "bad-value", $"1 to {LongestSerial} printable characters are expected.");
            }
        }
        if (lines.Sum(line => Math.Max(0L, line.Quantity)) > MostPieces)
        {
            Add(errors, path, "out-of-range", $"a cart has at most {MostPieces} pieces.");
        }
    }

    private static void CheckMandate(MandatePutCommand mandate, List<ConfigError> errors)
    {
        string[] store = mandate.Store.Split('/');
        if (store.Length != 2 || store[0].Length is < 1 or > 32 || store[1].Length is < 1 or > 32 || mandate.Store.Any(ch => ch is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '/' or '*')))
        {
            Add(errors, "$.store", "bad-value", "{tenant}/{store} or {tenant}/* is expected.");
        }
        if (mandate.Currency.Length != 3 || !mandate.Currency.All(char.IsAsciiLetterUpper))
        {
            Add(errors, "$.currency", "bad-value", "an ISO 4217 code like EUR is expected.");
        }
        Limit(mandate.ExitLimit, "$.exitLimit", errors);
        Limit(mandate.DayLimit, "$.dayLimit", errors);
        if (mandate.Until <= mandate.IssuedAt || mandate.Until - mandate.IssuedAt > TimeSpan.FromDays(LongestMandateDays))
        {
            Add(errors, "$.until", "out-of-range", $"it must be after issuedAt, by {LongestMandateDays} days at most.");
        }
    }

    private static void Limit(long value, string path, List<ConfigError> errors)
    {
        if (value is < 0 or > PriceList.HighestPrice)
        {
            Add(errors, path, "out-of-range", "0 to 1000000000 are expected.");
        }
    }

    private static void Reference(string text, string path, List<ConfigError> errors)
    {
        if (text.Length is < 1 or > LongestName || text.AsSpan().ContainsAnyExcept(s_referenceLetters))
        {
            Add(errors, path, "bad-value", "1 to 64 of A-Z a-z 0-9 _ - are expected.");
        }
    }
}
