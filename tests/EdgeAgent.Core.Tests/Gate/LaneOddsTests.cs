using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Tests.Gate;

public sealed class LaneOddsTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_tag_that_no_beam_beside_explains_is_clearly_here_though_the_strengths_are_alike()
    {
        var here = new LaneTimes(At(10.1), At(9.5));
        var there = new LaneTimes(At(9.9), At(9));
        double fit = LaneOdds.Fit(Beam(10), here, there);

        Assert.True(LaneOdds.Of(0, fit, 0, 0, byEye: true) >= LaneOdds.Clear);
        Assert.True(LaneOdds.Of(0, fit, 0, 0, byEye: false) < LaneOdds.Clear);
    }

    [Fact]
    public void Beams_that_were_broken_together_leave_it_to_the_strengths()
    {
        var here = new LaneTimes(At(10.1), At(9.5));
        var there = new LaneTimes(At(9.9), At(9));
        double own = LaneOdds.Fit(Beam(10), here, there);

        Assert.InRange(LaneOdds.Of(0, own, LaneOdds.Fit(Beam(10.1), there, here), 0.1, byEye: true), -0.5, 0.5);
        Assert.True(LaneOdds.Of(0, own, LaneOdds.Fit(Beam(11.2), there, here), 1.2, byEye: true) > LaneOdds.Likely);
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.6, false)]
    [InlineData(1.2, true)]
    public void Beams_half_a_second_apart_do_not_make_clear_what_a_hand_between_the_lanes_may_make_stronger(double apart, bool clear) =>
        Assert.Equal(clear, LaneOdds.Of(14, 1, 1e-4, apart, byEye: true) >= LaneOdds.Clear);

    private static DateTimeOffset At(double seconds) => s_start.AddSeconds(seconds);

    private static EyePassage Beam(double middle) => new(At(middle - 0.14)) { To = At(middle + 0.14) };
}
