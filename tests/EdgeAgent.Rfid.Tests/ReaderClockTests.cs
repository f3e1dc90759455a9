namespace EdgeAgent.Rfid.Tests;

public class ReaderClockTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private readonly ReaderClock _clock = new();

    [Fact]
    public void The_fastest_message_says_how_far_the_reader_is_off()
    {
        // The reader is an hour ahead; messages take 300, 20 and 100 ms.
        Seen(atMs: 0, lateMs: 300, s_hour);
        Seen(atMs: 1000, lateMs: 20, s_hour);
        DateTimeOffset at = Seen(atMs: 2000, lateMs: 100, s_hour);

        Assert.Equal(Time(2000 + 20), at); // off by the fastest journey only
    }

    [Fact]
    public void A_report_kept_through_a_broken_link_keeps_its_old_time()
    {
        Seen(atMs: 0, lateMs: 20, s_hour);
        DateTimeOffset arrival = Time(300_000);
        ulong seen = Reader(60_000, s_hour);
        _clock.Observe(arrival, seen);

        Assert.Equal(Time(60_000 + 20), _clock.ToAgent(seen, arrival));
    }

    [Fact]
    public void A_reader_set_forward_is_believed_at_once()
    {
        Seen(atMs: 0, lateMs: 20, TimeSpan.Zero);
        Assert.Equal(Time(1020), Seen(atMs: 1000, lateMs: 20, s_hour));
        Assert.Equal(Time(2020), Seen(atMs: 2000, lateMs: 20, s_hour));
    }

    [Fact]
    public void A_reader_set_back_is_believed_after_a_minute()
    {
        Seen(atMs: 0, lateMs: 20, TimeSpan.Zero);
        for (int second = 1; second <= 60; second++)
        {
            DateTimeOffset early = Seen(second * 1000, lateMs: 20, -s_hour);
            Assert.Equal(Time((second * 1000) + 20) - s_hour, early);
        }
        Seen(atMs: 61_500, lateMs: 20, -s_hour);
        Assert.Equal(Time(62_020), Seen(atMs: 62_000, lateMs: 20, -s_hour));
    }

    [Fact]
    public void A_reader_that_runs_slow_is_followed()
    {
        // 1 ms per second slower: after ten minutes 600 ms behind, but the estimate never more than two minutes old.
        DateTimeOffset at = default;
        for (int second = 0; second <= 600; second++)
        {
            at = Seen(second * 1000, lateMs: 20, TimeSpan.FromMilliseconds(-second));
        }
        Assert.InRange((Time(600_020) - at).TotalMilliseconds, 0, 121);
    }

    [Fact]
    public void The_time_told_on_connecting_keeps_the_first_old_reports_old()
    {
        _clock.Anchor(Time(300_000), Reader(300_000, s_hour));
        ulong seen = Reader(10_000, s_hour);
        _clock.Observe(Time(300_100), seen);
        Assert.Equal(Time(10_000), _clock.ToAgent(seen, Time(300_100)));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(253_402_300_799_999_999UL)]
    public void An_absurd_time_is_never_after_arrival_and_never_breaks(ulong us)
    {
        Seen(atMs: 0, lateMs: 20, TimeSpan.Zero);
        _clock.Observe(Time(1000), us);
        Assert.True(_clock.ToAgent(us, Time(1000)) <= Time(1000));
        Assert.True(_clock.ToAgent(0, Time(1000)) <= Time(1000));
    }

    private static DateTimeOffset Time(int ms) => Some.Morning.AddMilliseconds(ms);

    private static ulong Reader(int ms, TimeSpan error) => Some.Micros(Time(ms) + error);

    /// <summary>The reader sees a tag at <paramref name="atMs"/> of true time and the report takes <paramref name="lateMs"/>.</summary>
    private DateTimeOffset Seen(int atMs, int lateMs, TimeSpan error)
    {
        _clock.Observe(Time(atMs + lateMs), Reader(atMs, error));
        return _clock.ToAgent(Reader(atMs, error), Time(atMs + lateMs));
    }
}
