using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Tests.Gate;

public class TwinReadsTests
{
    [Fact]
    public void One_tag_that_comes_nearer_is_one() => Assert.False(Twins(60, n => (n * 0.012, 1, -70 + (n * 0.5f))).AreTwo);

    [Fact]
    public void Two_strengths_in_turns_within_one_turn_of_an_antenna_are_two() => Assert.True(Twins(30, n => (n * 0.012, 1, n % 2 == 0 ? -50 : -57)).AreTwo);

    [Fact]
    public void Two_antennas_in_turns_are_one_tag() => Assert.False(Twins(60, n => (n * 0.012, n % 2, n % 2 == 0 ? -50 : -60)).AreTwo);

    [Fact]
    public void Another_strength_a_while_later_is_one_tag() => Assert.False(Twins(60, n => (n * 0.2, 1, n % 2 == 0 ? -50 : -60)).AreTwo);

    [Fact]
    public void Some_odd_values_among_many_are_one_tag() => Assert.False(Twins(200, n => (n * 0.012, 1, n % 17 == 0 ? -60 : -50)).AreTwo);

    private static TwinReads Twins(int reads, Func<int, (double At, int Source, float Db)> of)
    {
        var twins = new TwinReads();
        for (int n = 0; n < reads; n++)
        {
            (double at, int source, float db) = of(n);
            twins.Take(Shop.At(at), source, db);
        }
        return twins;
    }
}
