using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Replay;

// Carts, mandates, payments and prices among the recorded inputs. Times in them are seconds of virtual time too; a price list is written as it came.
internal sealed partial class Replayer
{
    private static void WriteCheckout(ShopInput input, Utf8JsonWriter json)
    {
        switch (input)
        {
            case ShopInput.CartClaimed claim:
                WriteCart(claim.Cart, claim.HeldBy, json);
                break;
            case ShopInput.CartCancelled cancelled:
                json.WriteString("cartCancelled"u8, cancelled.Cart);
                break;
            case ShopInput.MandatePut { Mandate: Mandate mandate, Spent: long spent }:
                json.WriteStartObject("mandate"u8);
                json.WriteString("reference"u8, mandate.Reference);
                json.WriteString("currency"u8, mandate.Currency);
                json.WriteNumber("exitLimit"u8, mandate.ExitLimit);
                json.WriteNumber("dayLimit"u8, mandate.DayLimit);
                json.WriteNumber("issuedAt"u8, Seconds(mandate.IssuedAt));
                json.WriteNumber("until"u8, Seconds(mandate.Until));
                json.WriteNumber("spent"u8, spent);
                json.WriteEndObject();
                break;
            case ShopInput.MandateRevoked revoked:
                json.WriteString("mandateRevoked"u8, revoked.Mandate);
                break;
            case ShopInput.PaymentTold payment:
                json.WriteStartObject("payment"u8);
                json.WriteString("settlementKey"u8, payment.SettlementKey);
                json.WriteString("result"u8, payment.Result.ToString());
                if (payment.Returned is { } returned)
                {
                    WriteLines("returned", returned, json);
                }
                json.WriteEndObject();
                break;
            case ShopInput.PricesChanged prices:
                json.WritePropertyName("prices"u8);
                json.WriteRawValue(ConfigSections.Text(prices.Prices));
                break;
            case ShopInput.LinkReported link:
                json.WriteBoolean("link"u8, link.Up);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void WriteCart(Cart cart, string? hold, Utf8JsonWriter json)
    {
        json.WriteStartObject("cart"u8);
        json.WriteString("reference"u8, cart.Reference);
        json.WriteString("gate"u8, cart.Gate);
        json.WriteString("visit"u8, cart.Visit);
        WriteLines("items", cart.Items, json);
        json.WriteString("mandate"u8, cart.Mandate);
        json.WriteBoolean("prepaid"u8, cart.Prepaid);
        json.WriteBoolean("ageChecked"u8, cart.AgeChecked);
        if (cart.WeightGrams is int grams)
        {
            json.WriteNumber("weightGrams"u8, grams);
        }
        json.WriteNumber("claimedAt"u8, Seconds(cart.ClaimedAt));
        json.WriteNumber("until"u8, Seconds(cart.Until));
        if (hold is not null)
        {
            json.WriteString("heldBy"u8, hold);
        }
        json.WriteEndObject();
    }

    private static void WriteLines(string name, IReadOnlyList<CartItem> lines, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (CartItem item in lines)
        {
            json.WriteStartObject();
            json.WriteString("gtin"u8, item.Gtin);
            json.WriteNumber("quantity"u8, item.Quantity);
            json.WriteString("serial"u8, item.Serial);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Null when the line is none of them.</summary>
    private static ShopInput? ParseCheckout(JsonElement root, DateTimeOffset at)
    {
        if (root.TryGetProperty("cart", out JsonElement cart))
        {
            return new ShopInput.CartClaimed(at, ParseCart(cart, at)) { HeldBy = TextOrNull(cart, "heldBy") };
        }
        if (root.TryGetProperty("mandate", out JsonElement mandate))
        {
            return new ShopInput.MandatePut(
                at,
                new Mandate(
                    Text(mandate, "reference"), Text(mandate, "currency"), mandate.GetProperty("exitLimit").GetInt64(), mandate.GetProperty("dayLimit").GetInt64(),
                    Moment(mandate, "issuedAt") ?? Start, Moment(mandate, "until") ?? at.AddDays(1)),
                mandate.TryGetProperty("spent", out JsonElement spent) ? spent.GetInt64() : 0);
        }
        if (root.TryGetProperty("payment", out JsonElement payment))
        {
            return new ShopInput.PaymentTold(at, Text(payment, "settlementKey"), Word<PaymentResult>(payment, "result"))
            {
                Returned = payment.TryGetProperty("returned", out JsonElement returned) ? ParseLines(returned) : null,
            };
        }
        if (root.TryGetProperty("prices", out JsonElement prices))
        {
            return new ShopInput.PricesChanged(at, prices.ValueKind == JsonValueKind.Null ? null : ParsePrices(prices));
        }
        if (root.TryGetProperty("link", out JsonElement link))
        {
            return new ShopInput.LinkReported(at, link.GetBoolean());
        }
        return root.TryGetProperty("cartCancelled", out _) ? new ShopInput.CartCancelled(at, Text(root, "cartCancelled"))
            : root.TryGetProperty("mandateRevoked", out _) ? new ShopInput.MandateRevoked(at, Text(root, "mandateRevoked"))
            : null;
    }

    private static Cart ParseCart(JsonElement cart, DateTimeOffset at)
    {
        CartItem[] items = ParseLines(cart.GetProperty("items"));
        return new Cart(
            Text(cart, "reference"), Text(cart, "gate"), TextOrNull(cart, "visit"), items, TextOrNull(cart, "mandate"), Flag(cart, "prepaid"), Flag(cart, "ageChecked"),
            cart.TryGetProperty("weightGrams", out JsonElement grams) ? grams.GetInt32() : null, Moment(cart, "claimedAt") ?? at, Moment(cart, "until") ?? at.AddMinutes(5));
    }

    private static CartItem[] ParseLines(JsonElement lines)
    {
        CartItem[] items = [.. lines.EnumerateArray().Select(item => new CartItem(
            ItemOf(item) ?? throw new FormatException("gtin is null."), item.GetProperty("quantity").GetInt32(), TextOrNull(item, "serial")))];
        if (items.Any(i => i.Quantity is < 1 or > 999) || items.Sum(i => i.Quantity) > 1_000)
        {
            throw new FormatException("a line of a cart has 1 to 999 pieces, a cart at most 1000.");
        }
        return items;
    }

    private static PriceList ParsePrices(JsonElement prices)
    {
        (PriceList? list, IReadOnlyList<ConfigError> errors) = ConfigReader.ReadPrices(Encoding.UTF8.GetBytes(prices.GetRawText()));
        return list ?? throw new FormatException($"the price list is wrong: {errors[0]}");
    }

    private static string? TextOrNull(JsonElement parent, string key) => parent.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;

    private static bool Flag(JsonElement parent, string key) => parent.TryGetProperty(key, out JsonElement value) && value.GetBoolean();

    private static DateTimeOffset? Moment(JsonElement parent, string key) => parent.TryGetProperty(key, out JsonElement value) ? Time(value) : null;
}
