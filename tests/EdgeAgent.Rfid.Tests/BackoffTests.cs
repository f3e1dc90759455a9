using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Tests;

public class BackoffTests
{
    [Fact]
    public void The_ceiling_doubles_up_to_the_cap_and_a_reset_starts_again()
    {
        // The largest dice: just below the ceiling every time.
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), static bytes => bytes.Fill(0xFF));
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => (int)Math.Round(backoff.Next().TotalSeconds)));
        backoff.Reset();
        Assert.Equal(1, (int)Math.Round(backoff.Next().TotalSeconds));
    }

    [Fact]
    public void The_wait_may_be_nothing_at_all() =>
        Assert.Equal(TimeSpan.Zero, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), Some.NoJitter).Next());

    [Fact]
    public void A_thousand_failures_do_not_overflow()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), static bytes => bytes.Fill(0xFF));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(backoff.Next(), TimeSpan.Zero, TimeSpan.FromHours(1)));
    }
}
