using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests;

/// <summary>Plain valid things, for tests that care about something else.</summary>
internal static class Some
{
    public static readonly DeviceConfig Config = new(
        Version: 7,
        new StoreConfig("acme", "s0042", "b1"),
        [
            new CameraConfig("cam", "clip:shop.mp4", Doors:
            [
                new DoorConfig("entrance", FrameEdge.Left), new DoorConfig("exit", FrameEdge.Right),
            ]),
        ],
        [
            new ReaderConfig("reader", "reads:shop.jsonl",
            [
                new AntennaConfig(Shop.Inside, AntennaZone.Inside), new AntennaConfig(Shop.Gate), new AntennaConfig(Shop.Outside, AntennaZone.Outside),
            ]),
        ],
        [new GateConfig("front", ["reader"], ["exit"])],
        new CheckoutConfig("EUR", Stock.Prices));

    public static readonly EgressContext Context = new(412, "sha256:00", () => "replay");

    /// <summary>A stream of bytes that is the same for the same seed.</summary>
    public static FillRandom Random(int seed)
    {
        ulong state = (ulong)seed * 0x9E3779B97F4A7C15UL;
        return bytes =>
        {
            foreach (ref byte b in bytes)
            {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                b = (byte)(state >> 32);
            }
        };
    }

    public static Appearance Look(int axis)
    {
        float[] values = new float[8];
        values[axis] = 1;
        return new Appearance(values);
    }

    /// <summary>The part of a person's box that the picture shows; null when less than a third of it is left.</summary>
    public static Box? Person(Point foot, float width = 0.1f, float height = 0.4f)
    {
        float left = MathF.Max(foot.X - (width / 2), 0);
        float right = MathF.Min(foot.X + (width / 2), 1);
        float top = MathF.Max(foot.Y - height, 0);
        float bottom = MathF.Min(foot.Y, 1);
        return right - left > width / 3 && bottom - top > height / 3 ? new Box(left, top, right - left, bottom - top) : null;
    }

    public static PersonSeen Seen(float x, float y = 0.8f, Appearance? look = null) => new(Person(new Point(x, y))!.Value, 0.9f, look);
}
