namespace EdgeAgent.Core.Tests;

public class SensorBoardTests
{
    [Fact]
    public void State_is_told_once_when_it_changes()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Camera, "cam", SensorState.Online).Sensor(SensorKind.Camera, "cam", SensorState.Online)
            .Sensor(SensorKind.Camera, "cam", SensorState.Offline, SensorReason.NoFrames).Sensor(SensorKind.Camera, "cam", SensorState.Offline, SensorReason.NoFrames);

        Assert.Equal([SensorState.Online, SensorState.Offline], shop.All<ShopEvent.SensorChanged>().Select(s => s.State));
    }

    [Fact]
    public void Degraded_sensor_recovers_only_when_it_was_quiet_for_a_minute()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Reader, "reader", SensorState.Degraded, SensorReason.DamagedMessage).After(30.Seconds())
            .Sensor(SensorKind.Reader, "reader", SensorState.Degraded, SensorReason.DamagedMessage).Sensor(SensorKind.Reader, "reader", SensorState.Online)
            .After(59.9.Seconds());
        Assert.Equal(SensorState.Degraded, Assert.Single(shop.All<ShopEvent.SensorChanged>()).State);

        shop.After(0.3.Seconds());

        Assert.Equal((SensorState.Online, SensorReason.None, Shop.At(90)), shop.All<ShopEvent.SensorChanged>()[^1] is var last ? (last.State, last.Reason, last.At) : default);
    }

    [Fact]
    public void Offline_sensor_is_online_again_as_soon_as_it_says_so()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Reader, "reader", SensorState.Offline, SensorReason.Unreachable).After(5.Seconds())
            .Sensor(SensorKind.Reader, "reader", SensorState.Online);

        Assert.Equal(Shop.At(5), shop.All<ShopEvent.SensorChanged>()[^1].At);
    }

    [Fact]
    public void Camera_and_reader_of_one_name_are_two_sensors()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Reader, "front", SensorState.Online).Sensor(SensorKind.Camera, "front", SensorState.Online);

        Assert.Equal([SensorKind.Reader, SensorKind.Camera], shop.All<ShopEvent.SensorChanged>().Select(s => s.Kind));
    }

    [Fact]
    public void A_bad_picture_lasts_until_the_camera_says_that_it_is_well_again()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Camera, "cam", SensorState.Online).Sensor(SensorKind.Camera, "cam", SensorState.Degraded, SensorReason.Frozen)
            .After(300.Seconds());
        Assert.Equal(SensorState.Degraded, shop.All<ShopEvent.SensorChanged>()[^1].State);

        shop.Sensor(SensorKind.Camera, "cam", SensorState.Online);

        Assert.Equal((SensorState.Online, Shop.At(300)), shop.All<ShopEvent.SensorChanged>()[^1] is var last ? (last.State, last.At) : default);
    }

    [Theory]
    [InlineData(SensorKind.Gate, SensorReason.PhotoEyeStuck)]
    [InlineData(SensorKind.Reader, SensorReason.RejectedSettings)]
    public void A_fault_that_is_told_once_lasts_until_the_sensor_is_online(SensorKind kind, SensorReason reason)
    {
        Shop shop = Shop.Open().Sensor(kind, "one", SensorState.Degraded, reason).After(150.Seconds());
        Assert.Equal(reason, Assert.Single(shop.All<ShopEvent.SensorChanged>()).Reason);

        shop.Sensor(kind, "one", SensorState.Online);

        Assert.Equal((SensorState.Online, Shop.At(150)), shop.All<ShopEvent.SensorChanged>()[^1] is var last ? (last.State, last.At) : default);
    }

    [Fact]
    public void A_damaged_stream_lasts_until_the_camera_is_online_and_then_a_quiet_minute()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Camera, "cam", SensorState.Degraded, SensorReason.DamagedMessage).After(150.Seconds());
        shop.Sensor(SensorKind.Camera, "cam", SensorState.Online).After(59.9.Seconds());
        Assert.Equal(SensorState.Degraded, Assert.Single(shop.All<ShopEvent.SensorChanged>()).State);

        shop.After(0.3.Seconds());

        Assert.Equal((SensorState.Online, Shop.At(210)), shop.All<ShopEvent.SensorChanged>()[^1] is var last ? (last.State, last.At) : default);
    }

    [Fact]
    public void A_lasting_fault_shows_again_when_a_passing_one_is_over()
    {
        Shop shop = Shop.Open().Sensor(SensorKind.Reader, "reader", SensorState.Degraded, SensorReason.RejectedSettings).After(10.Seconds())
            .Sensor(SensorKind.Reader, "reader", SensorState.Degraded, SensorReason.BufferWarning).After(150.Seconds());

        Assert.Equal(
            [SensorReason.RejectedSettings, SensorReason.BufferWarning, SensorReason.RejectedSettings], shop.All<ShopEvent.SensorChanged>().Select(s => s.Reason));
    }

    [Theory]
    [InlineData(SensorKind.Camera, SensorReason.DamagedMessage, true)]
    [InlineData(SensorKind.Reader, SensorReason.RejectedSettings, false)]
    public void Damaged_pictures_hold_bags_while_they_last_and_refused_settings_do_not(SensorKind kind, SensorReason reason, bool expected)
    {
        var board = new SensorBoard();
        board.Report(new ShopInput.SensorReported(Shop.At(0), kind, "one", SensorState.Degraded, reason), []);
        board.Tick(Shop.At(150), []);

        Assert.Equal(expected, board.OutOfOrder(kind, "one", Shop.At(150), marginSeconds: 2.5));
    }

    [Fact]
    public void A_camera_with_a_bad_picture_is_out_of_order_however_long_ago_it_said_so()
    {
        var board = new SensorBoard();
        board.Report(new ShopInput.SensorReported(Shop.At(0), SensorKind.Camera, "cam", SensorState.Degraded, SensorReason.Moved), []);
        board.Tick(Shop.At(500), []);

        Assert.True(board.OutOfOrder(SensorKind.Camera, "cam", Shop.At(600), marginSeconds: 2.5));
    }
}
