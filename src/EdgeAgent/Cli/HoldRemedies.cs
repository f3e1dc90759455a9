using System.Diagnostics;
using EdgeAgent.Core;

namespace EdgeAgent.Cli;

/// <summary>For each reason of a hold what would clear it, as docs/mqtt.md says it to applications.</summary>
internal static class HoldRemedies
{
    /// <summary>A sentence without its full stop.</summary>
    public static string Of(HoldReason reason) => reason switch
    {
        HoldReason.NoShopper => "somebody who saw who carried it; the camera saw nobody near enough in time whose visit is known",
        HoldReason.AmbiguousShopper => "somebody says which of them it was",
        HoldReason.WeakRead => "somebody counts the bag: at least one item was hardly heard",
        HoldReason.UnknownItem => "the GTIN in the price book",
        HoldReason.CaseTag => "somebody looks: the tag is a carton's, so goods were moved and not sold",
        HoldReason.AlreadySold => "somebody looks: the item was sold before and was not seen to come back",
        HoldReason.ReaderDegraded => "somebody counts the bag: the reader was not in order then",
        HoldReason.CameraDegraded => "somebody says who it was: the camera was not in order then",
        HoldReason.RiskOverLimit => "somebody says that it was this shopper; total × (1 - p) is above checkout.riskLimit",
        HoldReason.NotForSale => "somebody takes the item back: the price list says that it is not for sale",
        HoldReason.StaffOnly => "somebody takes the item back: it is sold to staff only",
        HoldReason.AgeRestricted => "somebody checks the age; a cart whose till has done so says it",
        HoldReason.NoValidPrice => "a price for the time of the passage",
        HoldReason.CartMismatch => "somebody compares cart and bag; or a mandate for what is not in the cart",
        HoldReason.CartAmbiguous => "somebody says whose cart it is: two are bound to this gate, or these goods were held with one before",
        HoldReason.WeightMismatch => "somebody weighs or counts again",
        HoldReason.MandateExpired => "a new mandate, or another payment",
        HoldReason.MandateLimit => "another payment: the mandate does not allow so much",
        HoldReason.NotCovered => "a payment; or checkout.guests set to settle",
        HoldReason.BoxRestarted => "somebody looks whether the goods left: the box was started anew in the middle of it",
        _ => throw new UnreachableException(),
    };

    /// <summary>The reason as it is written in events.</summary>
    public static string Of(string word)
    {
        foreach (HoldReason reason in Enum.GetValues<HoldReason>())
        {
            if (System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString()) == word)
            {
                return Of(reason);
            }
        }
        return "a person";
    }
}
