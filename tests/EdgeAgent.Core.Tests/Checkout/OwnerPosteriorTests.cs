using EdgeAgent.Core.Checkout;
using EdgeAgent.Core.Gate;

namespace EdgeAgent.Core.Tests.Checkout;

/// <summary>Whose a passage was: people and passages are matched one to one.</summary>
public class OwnerPosteriorTests
{
    private const double Unseen = 0.02;

    [Fact]
    public void Without_people_it_was_somebody_unseen() => Assert.Equal([1.0], OwnerPosterior.Of(new double[1, 0], Unseen));

    [Fact]
    public void The_only_one_who_fits_made_it()
    {
        double[] chances = OwnerPosterior.Of(new double[,] { { 1 } }, Unseen);

        Assert.InRange(chances[0], 0.98, 0.999);
        Assert.Equal(1, chances.Sum(), 9);
    }

    [Fact]
    public void A_held_bag_claims_less_when_it_may_hold_goods_of_two()
    {
        CrossingConsidered ana = new(default, "line", null, 0.49), ben = ana with { P = 0.48 };

        Assert.Equal(0.98, OwnerPosterior.AllTheirs(0.98, split: false, [ana with { P = 0.98 }]), 3);
        Assert.Equal(0.49, OwnerPosterior.AllTheirs(0.98, split: true, [ana with { P = 0.98 }]), 3);
        Assert.InRange(OwnerPosterior.AllTheirs(0.49, split: false, [ana, ben]), 0.14, 0.17);
        Assert.Equal(0.49, OwnerPosterior.AllTheirs(0.49, split: false, [ana, ben with { Way = CrossingDirection.In }]), 3);
    }

    [Fact]
    public void Two_who_fit_alike_have_half_each()
    {
        double[] chances = OwnerPosterior.Of(new double[,] { { 1, 1 } }, Unseen);

        Assert.Equal(chances[0], chances[1], 9);
        Assert.InRange(chances[0], 0.48, 0.5);
    }

    [Fact]
    public void Whoever_is_needed_for_the_next_passage_did_not_make_this_one()
    {
        // Both fit the first beam, but only the second person fits the second beam.
        double alone = OwnerPosterior.Of(new double[,] { { 1, 1 } }, Unseen)[0];
        double[] chances = OwnerPosterior.Of(new double[,] { { 1, 1 }, { 0, 1 } }, Unseen);

        Assert.True(chances[0] > 0.9 && alone < 0.5, $"{chances[0]} with the second beam, {alone} without");
    }

    [Fact]
    public void The_only_one_seen_is_rather_of_the_beam_that_fits_better()
    {
        double[] chances = OwnerPosterior.Of(new double[,] { { 0.1 }, { 1 } }, Unseen);

        Assert.InRange(chances[0], 0.05, 0.15);
    }

    [Fact]
    public void Chances_are_those_of_all_ways_to_match_counted_one_by_one()
    {
        FillRandom random = Some.Random(11);
        byte[] dice = new byte[1];
        for (int trial = 0; trial < 200; trial++)
        {
            double[,] fits = new double[1 + (trial % 4), trial % 5];
            for (int i = 0; i < fits.Length; i++)
            {
                random(dice);
                fits[i / fits.GetLength(1), i % fits.GetLength(1)] = dice[0] % 3 == 0 ? 0 : dice[0] / 255.0;
            }
            double[] expected = new double[fits.GetLength(1) + 1];
            Count(fits, 0, 0, 1, -1, expected);
            double sum = expected.Sum();

            double[] chances = OwnerPosterior.Of(fits, Unseen);

            Assert.Equal(1, chances.Sum(), 9);
            Assert.All(chances.Zip(expected), c => Assert.Equal(c.Second / sum, c.First, 9));
        }
    }

    [Fact]
    public void Share_of_unseen_people_follows_what_is_learned_and_never_vanishes()
    {
        var good = new UnseenShare();
        var blind = new UnseenShare();
        Assert.Equal(0.04, good.Share, 9);
        for (int i = 0; i < 2_000; i++)
        {
            good.Learn(0);
            blind.Learn(0.3);
        }

        Assert.Equal(0.005, good.Share, 9);
        Assert.Equal(0.3, blind.Share, 2);
    }

    /// <summary>Each passage in turn: nobody seen, or one of those who are left. Who made none counts half.</summary>
    private static void Count(double[,] fits, int passage, int used, double weight, int owner, double[] into)
    {
        int people = fits.GetLength(1);
        if (passage == fits.GetLength(0))
        {
            int none = people - System.Numerics.BitOperations.PopCount((uint)used);
            into[owner < 0 ? people : owner] += weight * Math.Pow(0.5, none);
            return;
        }
        Count(fits, passage + 1, used, weight * Unseen, owner, into);
        for (int person = 0; person < people; person++)
        {
            if ((used & (1 << person)) == 0)
            {
                Count(fits, passage + 1, used | (1 << person), weight * fits[passage, person], passage == 0 ? person : owner, into);
            }
        }
    }
}
