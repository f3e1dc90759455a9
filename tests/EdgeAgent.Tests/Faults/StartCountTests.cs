using EdgeAgent.Tests.Egress;

namespace EdgeAgent.Tests.Faults;

public sealed class StartCountTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();
    private string _boot = "boot-1";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sixth_start_within_ten_minutes_is_safe_and_the_seventh_is_not()
    {
        Assert.Equal([0, 0, 0, 0, 0, 5, 0], Enumerable.Range(1, 7).Select(_ => Begin()));
    }

    [Fact]
    public void A_start_that_ended_in_order_ends_the_count()
    {
        Assert.Equal([0, 0, 0, 0], Enumerable.Range(1, 4).Select(_ => Begin()));
        Count().Good();
        Assert.Equal([0, 0, 0, 0, 0, 5], Enumerable.Range(1, 6).Select(_ => Begin()));
    }

    [Fact]
    public void A_start_that_came_to_nothing_does_not_count()
    {
        Assert.All(Enumerable.Range(1, 20), _ =>
        {
            Assert.Equal(0, Begin());
            Count().Forget();
        });
    }

    [Fact]
    public void Starts_that_lie_further_apart_are_no_loop() =>
        Assert.All(Enumerable.Range(1, 20), _ =>
        {
            _time.Advance(TimeSpan.FromMinutes(2.1));
            Assert.Equal(0, Begin());
        });

    [Fact]
    public void Power_cuts_are_not_the_agent_s_fault() =>
        Assert.All(Enumerable.Range(1, 10), n =>
        {
            _boot = $"boot-{n}";
            Assert.Equal(0, Begin());
        });

    [Theory]
    [InlineData("")]
    [InlineData("boot-1\nyesterday\n\u0000\n")]
    [InlineData("boot-1\n99999999999999999999\n9223372036854775807\n9223372036854775806\n9223372036854775805\n9223372036854775804\n")]
    public void A_damaged_count_counts_for_nothing(string content)
    {
        File.WriteAllText(_folder[StartCount.FileName], content);
        Assert.Equal(0, Begin());
    }

    [Fact]
    public void A_clock_that_was_set_back_ends_the_count()
    {
        Assert.All(Enumerable.Range(1, 5), _ => Begin());
        _time.JumpClock(TimeSpan.FromDays(-1));
        Assert.Equal(0, Begin());
    }

    private int Begin() => Count().Begin();

    private StartCount Count()
    {
        File.WriteAllText(_folder["boot"], _boot + "\n");
        return new StartCount(_folder.Root, _time, _folder["boot"]);
    }
}
