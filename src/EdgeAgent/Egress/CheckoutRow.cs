namespace EdgeAgent.Egress;

internal enum CheckoutKind { Cart = 0, Mandate = 1 }

/// <summary>A cart or mandate that the shop took.</summary>
/// <param name="Body">The command as it came.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Done">The cart has left, the mandate was revoked.</param>
/// <param name="Day">UTC day that <paramref name="Spent"/> is about, counted from year 1.</param>
/// <param name="Spent">What was charged to the mandate on that day, in minor units.</param>
internal sealed record CheckoutRow(CheckoutKind Kind, string Reference, byte[] Body, DateTimeOffset At, DateTimeOffset Until, bool Done = false, long Day = 0, long Spent = 0)
{
    public static long DayOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerDay;

    public long SpentOn(DateTimeOffset at) => Day == DayOf(at) ? Spent : 0;
}
