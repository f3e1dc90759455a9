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
        _clock.Anchor(Time(300_000), Reader(300_000, s_hour));
        ulong seen = Reader(60_000, s_hour);
        Assert.False(_clock.Observe(Time(300_100), seen));

        Assert.Equal(Time(60_000), _clock.ToAgent(seen, Time(300_100)));
    }

    [Fact]
    public void Kept_reports_may_take_long_to_come_and_stay_old()
    {
        // Ten minutes of reads, ten a second, come within twelve seconds; then a fresh one.
        _clock.Anchor(Time(600_000), Reader(600_000, s_hour));
        for (int i = 0; i < 5900; i++)
        {
            DateTimeOffset arrival = Time(600_000 + (i * 2));
            _clock.Heard(arrival);
            Assert.False(_clock.Observe(arrival, Reader(i * 100, s_hour)));
            Assert.Equal(Time(i * 100), _clock.ToAgent(Reader(i * 100, s_hour), arrival));
        }
        Assert.Equal(Time(612_000), Seen(atMs: 612_000, lateMs: 20, s_hour));
    }

    [Fact]
    public void A_reader_set_forward_is_believed_at_once()
    {
        Seen(atMs: 0, lateMs: 20, TimeSpan.Zero);
        Assert.Equal(Time(1020), Seen(atMs: 1000, lateMs: 20, s_hour));
        Assert.Equal(Time(2020), Seen(atMs: 2000, lateMs: 20, s_hour));
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(30)]
    [InlineData(8)]
    public void A_reader_set_back_is_believed_at_once(int seconds)
    {
        Live();
        Assert.Equal(Time(1020), Seen(atMs: 1000, lateMs: 20, TimeSpan.FromSeconds(-seconds)));
        Assert.Equal(Time(2020), Seen(atMs: 2000, lateMs: 20, TimeSpan.FromSeconds(-seconds)));
    }

    [Fact]
    public void A_reader_set_back_while_nothing_was_read_is_believed_at_once()
    {
        _clock.Anchor(Time(0), Reader(0, TimeSpan.Zero));
        for (int second = 5; second < 7200; second += 5)
        {
            _clock.Heard(Time(second * 1000)); // keepalives
        }
        Assert.Equal(Time(7_200_020), Seen(atMs: 7_200_000, lateMs: 20, -s_hour));
    }

    [Fact]
    public void A_reader_set_back_before_its_first_read_is_believed_after_two_seconds()
    {
        _clock.Anchor(Time(0), Reader(0, TimeSpan.Zero));
        for (int i = 1; i <= 4; i++)
        {
            Assert.Equal(Time(i * 500) - s_hour, Seen(i * 500, lateMs: 20, -s_hour)); // may be an old report
        }
        Assert.Equal(Time(2520), Seen(2500, lateMs: 20, -s_hour));
    }

    [Fact]
    public void A_reader_set_back_by_less_than_the_link_was_silent_is_believed_after_a_second()
    {
        Live();
        Assert.Equal(Time(7000 - 4000), Seen(atMs: 7000, lateMs: 20, TimeSpan.FromSeconds(-4))); // may have been held up
        Seen(atMs: 7500, lateMs: 20, TimeSpan.FromSeconds(-4));
        Assert.Equal(Time(8020), Seen(atMs: 8000, lateMs: 20, TimeSpan.FromSeconds(-4)));
    }

    [Fact]
    public void Messages_that_a_silent_link_held_up_keep_their_times()
    {
        Live();
        // From second 1 to second 9 nothing comes through; then everything at once.
        for (int i = 0; i < 80; i++)
        {
            Assert.Equal(Time(1000 + (i * 100)), Seen(1000 + (i * 100), lateMs: 8000 - (i * 100), TimeSpan.Zero));
        }
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

    /// <summary>A session whose clock is right and in which a fresh report has come.</summary>
    private void Live()
    {
        _clock.Anchor(Time(0), Reader(0, TimeSpan.Zero));
        Seen(atMs: 0, lateMs: 20, TimeSpan.Zero);
        Seen(atMs: 500, lateMs: 20, TimeSpan.Zero);
    }

    private static DateTimeOffset Time(int ms) => Some.Morning.AddMilliseconds(ms);

    private static ulong Reader(int ms, TimeSpan error) => Some.Micros(Time(ms) + error);

    /// <summary>The reader sees a tag at <paramref name="atMs"/> of true time and the report takes <paramref name="lateMs"/>.</summary>
    private DateTimeOffset Seen(int atMs, int lateMs, TimeSpan error)
    {
        _clock.Heard(Time(atMs + lateMs));
        _clock.Observe(Time(atMs + lateMs), Reader(atMs, error));
        return _clock.ToAgent(Reader(atMs, error), Time(atMs + lateMs));
    }
}
