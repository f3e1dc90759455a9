using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Checkout;

/// <summary>What is to be done about the money that a wrong attribution would charge to somebody else.</summary>
internal enum RiskDecision { Settle, Ask, Hold }

internal static class MoneyAtRisk
{
    /// <summary>The amount times the doubt, against the store's two limits.</summary>
    /// <param name="due">In minor units.</param>
    /// <param name="doubtPerMille">That the bag is another one's, 0 to 1000.</param>
    public static RiskDecision Of(long due, int doubtPerMille, CheckoutConfig config)
    {
        long risk = checked(due * doubtPerMille);
        return risk <= checked(config.RiskLimit * 1000) ? RiskDecision.Settle
            : config.AskLimit is long ask && risk <= checked(ask * 1000) ? RiskDecision.Ask
            : RiskDecision.Hold;
    }
}
