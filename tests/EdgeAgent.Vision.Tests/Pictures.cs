using System.Diagnostics;

namespace EdgeAgent.Vision.Tests;

/// <summary>Pictures for tests: drawn ones, and stored ones decoded by ffmpeg at their own size.</summary>
internal static class Pictures
{
    public static Frame Noise(int width, int height, int seed = 1)
    {
        Frame frame = new FramePool().Rent(width, height);
#pragma warning disable RS0030 // A seeded generator is data for a test.
        new Random(seed).NextBytes(frame.Pixels);
#pragma warning restore RS0030
        return frame;
    }

    public static Frame Plain(FramePool pool, int width, int height, byte grey)
    {
        Frame frame = pool.Rent(width, height);
        frame.Pixels.Fill(grey);
        return frame;
    }

    /// <summary>The stored picture, without regard to EXIF rotation.</summary>
    public static Frame Load(string file)
    {
        byte[] bmp = Run("ffmpeg", "-nostdin", "-v", "error", "-noautorotate", "-i", file, "-vf", "vflip", "-frames:v", "1", "-c:v", "bmp",
            "-pix_fmt", "bgr24", "-f", "image2pipe", "-");
        int width = BitConverter.ToInt32(bmp, 18), height = BitConverter.ToInt32(bmp, 22);
        Frame frame = new FramePool().Rent(width, height);
        int stride = (width * 3 + 3) / 4 * 4;
        for (int y = 0; y < height; y++)
        {
            bmp.AsSpan(54 + (y * stride), width * 3).CopyTo(frame.Pixels[(y * width * 3)..]);
        }
        return frame;
    }

    public static byte[] Run(string program, params string[] arguments)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(program) { RedirectStandardOutput = true } };
        foreach (string argument in arguments)
        {
            process.StartInfo.ArgumentList.Add(argument);
        }
        process.Start();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
