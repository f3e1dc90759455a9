using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

public class PictureTrustTests
{
    private readonly PictureTrust _trust = new();

    [Fact]
    public void Damage_lasts_until_the_next_whole_picture()
    {
        Show(0, 20);
        _trust.Complain();
        Show(20, 49);
        Assert.True(_trust.IsDamaged);
        Show(50, 51);
        Assert.False(_trust.IsDamaged);
        Assert.False(_trust.Believes(4.9));
        Assert.True(_trust.Believes(5.0));
    }

    [Fact]
    public void A_whole_picture_that_may_be_the_damaged_one_heals_nothing()
    {
        Show(0, 49, between: true);
        // Said when picture 50 was read; two that were read before it are shown before it.
        _trust.Complain();
        Show(48, 51, between: true);
        Assert.True(_trust.IsDamaged);
        _trust.Patched();
        Show(100, 101, between: true);
        Assert.True(_trust.IsDamaged);
    }

    [Fact]
    public void What_is_said_before_decoding_begins_is_said_again_when_it_matters()
    {
        _trust.Patched();
        _trust.Begin();
        Show(0, 1);
        Assert.False(_trust.IsDamaged);
    }

    [Fact]
    public void A_damaged_first_picture_is_not_believed()
    {
        _trust.Begin();
        _trust.Complain();
        Show(0, 50);
        Assert.True(_trust.IsDamaged);
        Show(50, 51);
        Assert.False(_trust.IsDamaged);
    }

    [Fact]
    public void A_stream_without_whole_pictures_is_believed_again_after_half_a_minute()
    {
        Show(0, 20);
        _trust.Complain();
        for (int n = 20; n < 400; n++)
        {
            _trust.Show(n / 10.0, key: false, between: false);
            Assert.Equal(n / 10.0 <= 31.9, _trust.IsDamaged);
        }
    }

    [Fact]
    public void A_recording_at_an_even_beat_that_misses_one_has_lost_a_picture()
    {
        Show(0, 30);
        Show(31, 32);
        Assert.False(_trust.Believes(3.1));
        Assert.False(_trust.IsDamaged);
        Show(32, 51);
        Assert.True(_trust.Believes(5.0));
    }

    [Fact]
    public void Where_there_is_no_beat_none_is_missed()
    {
        double at = 0;
        for (int n = 0; n < 100; n++)
        {
            _trust.Show(at += n % 3 == 0 ? 0.3 : 0.1, key: n == 0, between: false);
            Assert.True(_trust.Believes(at));
        }
    }

    /// <summary>Ten pictures a second, each fiftieth a whole one.</summary>
    private void Show(int from, int to, bool between = false)
    {
        for (int n = from; n < to; n++)
        {
            _trust.Show(n / 10.0, key: n % 50 == 0, between && n % 50 != 0);
        }
    }
}
