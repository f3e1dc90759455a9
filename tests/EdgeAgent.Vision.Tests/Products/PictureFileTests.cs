using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Tests.Products;

public class PictureFileTests
{
    // TIFF, big-endian, one entry: 0x0112 orientation, short, 6 = "turn a quarter to the right" (Exif 2.32, 4.6.4).
    private static readonly byte[] s_turned =
    [
        0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
    ];

    [Fact]
    public void A_photo_that_says_it_lies_on_its_side_is_turned_upright()
    {
        using var folder = new TempFolder();
        byte[] plain = Pictures.Run("ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=65x32:rate=1", "-frames:v", "1", "-f", "mjpeg", "-");
        using Frame lying = PictureFile.Read(folder.Write("plain.jpg", plain), new FramePool());
        using Frame upright = PictureFile.Read(folder.Write("turned.jpg", [.. plain[..2], .. s_turned, .. plain[2..]]), new FramePool());

        Assert.Equal((65, 32, 32, 65), (lying.Width, lying.Height, upright.Width, upright.Height));
        // The left lower corner of the stored picture is the left upper one of the upright picture.
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.InRange(upright.Pixels[channel] - lying.Pixels[(31 * 65 * 3) + channel], -3, 3);
        }
    }
}
