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

    [Fact]
    public void A_camera_with_a_bad_picture_is_out_of_order_however_long_ago_it_said_so()
    {
        var board = new SensorBoard();
        board.Report(new ShopInput.SensorReported(Shop.At(0), SensorKind.Camera, "cam", SensorState.Degraded, SensorReason.Moved), []);
        board.Tick(Shop.At(500), []);

        Assert.True(board.OutOfOrder(SensorKind.Camera, "cam", Shop.At(600), marginSeconds: 2.5));
    }
}
