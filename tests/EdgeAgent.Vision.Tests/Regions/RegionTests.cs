using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Vision.Tests.Regions;

public class RegionTests
{
    [Fact]
    public void Something_put_down_is_said_once_soon_after_the_hand_has_gone()
    {
        using TrayRun run = new TrayRun().Play(new TrayScene().Put(4, TrayRun.Box(100, 80)), 12);

        var put = Assert.IsType<ShopInput.GoodsMoved>(Assert.Single(run.Seen));
        Assert.Equal(("cam", "tray", GoodsMove.Put, null), (put.Camera, put.Region, put.Move, put.Gtin));
        Assert.InRange((put.At - TrayRun.Start).TotalSeconds, 4.8, 6.5);
    }

    [Fact]
    public void Something_taken_is_said_once()
    {
        TrayItem item = TrayRun.Box(100, 80);
        using TrayRun run = new TrayRun().Play(new TrayScene().Holds(item).Take(4, item), 12);

        Assert.Equal("Taken", run.Story);
    }

    [Fact]
    public void What_was_put_and_is_taken_later_is_said_in_this_order()
    {
        TrayItem item = TrayRun.Box(120, 90), other = TrayRun.Box(70, 70, 0x2060C0);
        using TrayRun run = new TrayRun().Play(new TrayScene().Put(4, item).Put(9, other).Take(14, item), 20);

        Assert.Equal("Put Put Taken", run.Story);
    }

    [Fact]
    public void One_thing_exchanged_for_another_in_its_place_was_taken_and_put()
    {
        TrayItem item = TrayRun.Box(110, 85), other = TrayRun.Box(110, 85, 0x1A7A3A);
        using TrayRun run = new TrayRun().Play(new TrayScene().Holds(item).Take(4, item, byHand: false).Put(4, other), 12);

        Assert.Equal("Taken Put", run.Story);
    }

    [Fact]
    public void Two_things_put_at_once_are_two()
    {
        using TrayRun run = new TrayRun().Play(new TrayScene().Put(4, TrayRun.Box(80, 70)).Put(4, TrayRun.Box(180, 110, 0x2060C0)), 12);

        Assert.Equal("Put Put", run.Story);
    }

    [Fact]
    public void A_hand_that_passes_and_changes_nothing_is_no_event()
    {
        using TrayRun run = new TrayRun().Play(new TrayScene().Holds(TrayRun.Box(100, 80)).Hand(4, 200, 100).Hand(8, 120, 90, stay: 0.3), 14);

        Assert.Empty(run.Seen);
    }

    [Fact]
    public void A_hand_that_rests_on_the_tray_is_no_product()
    {
        using TrayRun run = new TrayRun().Play(new TrayScene().Hand(4, 160, 100, stay: 6), 15);

        Assert.Empty(run.Seen);
    }

    [Theory]
    [InlineData(0.6f)]
    [InlineData(1.35f)]
    public void A_change_of_the_light_is_no_event(float light)
    {
        using TrayRun run = new TrayRun().Play(new TrayScene().Holds(TrayRun.Box(100, 80)).Light(4, light).Light(8, 1), 14);

        Assert.Empty(run.Seen);
    }

    [Fact]
    public void Something_put_down_after_the_light_has_changed_is_still_seen()
    {
        using TrayRun run = new TrayRun().Play(new TrayScene().Holds(TrayRun.Box(70, 70)).Light(4, 0.6f).Put(8, TrayRun.Box(150, 100, 0x2060C0)), 14);

        Assert.Equal("Put", run.Story);
    }

    [Fact]
    public void A_soft_shadow_is_no_event()
    {
        using TrayRun run = new TrayRun().Play(new TrayScene().Holds(TrayRun.Box(180, 80)).Shadow(4, 9), 14);

        Assert.Empty(run.Seen);
    }

    [Fact]
    public void Nothing_is_said_about_what_a_person_stands_in_front_of_until_they_have_gone()
    {
        var item = TrayRun.Box(100, 80);
        TrayScene scene = new TrayScene().Put(4, item);
        List<(Box Box, float Score)> nobody = [], somebody = [(new Box(0.25f, 0.1f, 0.4f, 0.9f), 0.9f)];
        using var run = new TrayRun();
        run.Play(scene, 10, at => at is >= 2 and < 10 ? somebody : nobody);
        Assert.Empty(run.Seen);

        run.Play(scene, 14, from: 10);
        Assert.Equal("Put", run.Story);
    }

    [Fact]
    public void A_quiet_tray_costs_no_memory()
    {
        TrayScene scene = new TrayScene().Holds(TrayRun.Box(100, 80));
        using TrayRun run = new TrayRun().Play(scene, 4);

        Assert.Equal(0, run.BytesInSteadyState(scene, 4, pictures: 300));
        Assert.Empty(run.Seen);
    }
}
