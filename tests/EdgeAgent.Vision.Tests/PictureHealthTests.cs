using System.Diagnostics;
using EdgeAgent.Core;
using EdgeAgent.Simulators.Scenes;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Tests;

/// <summary>Faults put into drawn shops and filmed clips, ten pictures a second: each is found within 15 s, and what is none is not.</summary>
public class PictureHealthTests
{
    private const int Width = 640;
    private const int Height = 360;
    private const int FaultAt = 250;

    private static readonly FramePool s_pool = new();

    public static TheoryData<string, string> ClipFaults()
    {
        var data = new TheoryData<string, string>();
        foreach (string clip in (string[])["one-by-one-person-detection.mp4", "EnterExitCrossingPaths1cor.mpg", "EnterExitCrossingPaths1front.mpg"])
        {
            foreach (string fault in (string[])["Defocused", "Black", "Covered", "Moved", "Frozen"])
            {
                data.Add(clip, fault);
            }
        }
        return data;
    }

    [Theory]
    [InlineData(SensorReason.Black)]
    [InlineData(SensorReason.Covered)]
    [InlineData(SensorReason.Defocused)]
    [InlineData(SensorReason.Moved)]
    [InlineData(SensorReason.Frozen)]
    public void A_fault_of_a_drawn_shop_is_found_in_time_and_its_end_too(SensorReason fault)
    {
        foreach (int seed in (int[])[3, 4])
        {
            byte[]? kept = null;
            List<(double At, SensorReason Fault)> told = Watch(Scene(seed, 500, (i, frame) =>
            {
                if (i is >= FaultAt and < FaultAt + 150)
                {
                    kept ??= frame.Pixels.ToArray();
                    Spoil(frame, fault, kept);
                }
            }));
            Assert.Equal([fault, SensorReason.None], told.Select(t => t.Fault));
            Assert.InRange(told[0].At, FaultAt / 10.0, (FaultAt / 10.0) + 15);
            Assert.InRange(told[1].At, (FaultAt / 10.0) + 15, (FaultAt / 10.0) + 22);
        }
    }

    [SharedTheory]
    [MemberData(nameof(ClipFaults))]
    public void A_fault_of_a_filmed_clip_is_found_in_time(string clip, string fault)
    {
        // The short clips end at 15 s.
        bool isShort = clip.EndsWith(".mpg", StringComparison.Ordinal);
        int at = isShort ? fault == "Frozen" ? 14 : 7 : 25;
        string filter = fault switch
        {
            "Defocused" => $"gblur=sigma=4:enable='gte(t,{at})'",
            "Black" => $"drawbox=c=black:t=fill:enable='gte(t,{at})',noise=alls=4:allf=t",
            "Covered" => $"drawbox=c=0x604830:t=fill:enable='gte(t,{at})',noise=alls=6:allf=t",
            "Moved" => $"crop=w=iw*0.88:h=ih*0.88:x='if(gte(t,{at}),iw*0.08,0)':y='if(gte(t,{at}),ih*0.05,0)'",
            _ => $"trim=0:{at},tpad=stop_mode=clone:stop_duration=25",
        };
        List<(double At, SensorReason Fault)> told = Watch(Clip(Shared.Video(clip), $"fps=10,trim=0:{at + 25},{filter}"));
        // A clip that stands still before twenty seconds were seen of it has not shown its noise for long enough to be sure at once.
        Assert.Equal(fault, Assert.Single(told).Fault.ToString());
        Assert.InRange(told[0].At, at, at + (fault == "Frozen" && isShort ? 17 : 15));
    }

    [SharedFact]
    public void No_filmed_clip_is_taken_for_a_fault()
    {
        foreach (string clip in Directory.GetFiles(Shared.Fixture("video")).Where(f => !f.EndsWith(".json", StringComparison.Ordinal)))
        {
            Assert.True(Watch(Clip(clip, "fps=10")) is [], $"{Path.GetFileName(clip)} has a false alarm.");
        }
    }

    [Fact]
    public void Light_is_no_fault()
    {
        Assert.Empty(Watch(Scene(4, 400, (i, f) => Light(f, i < 200 ? 1 : 0.5f, i < 200 ? 1 : 0.5f))));
        Assert.Empty(Watch(Scene(4, 400, (i, f) => Light(f, i < 200 ? 1 : 0.4f, i < 200 ? 1 : 1.7f))));
        Assert.Empty(Watch(Scene(3, 400, (i, f) => Light(f, i < 200 ? 1 : 0.2f, i < 200 ? 1 : 0.2f))));
    }

    [Fact]
    public void Somebody_who_stands_in_front_is_no_fault() =>
        Assert.Empty(Watch(Scene(3, 400, (i, f) =>
        {
            if (i > 200)
            {
                // 40 % of the picture, and nobody stands quite still.
                int sway = i % 7;
                Fill(f, 180 + sway, 0, 440 + sway, Height, 90);
                Fill(f, 220 + sway, 60, 400 + sway, 200, 150);
            }
        })));

    [Fact]
    public void A_still_scene_is_not_frozen_neither_noisy_nor_compressed_until_nothing_is_left_of_its_noise()
    {
        Assert.Empty(Watch(Still(5, 400)));
        using var folder = new TempFolder();
        foreach ((string picturesBetweenKeys, string quality) in (IEnumerable<(string, string)>)[("20", "30"), ("250", "35")])
        {
            string file = folder.File($"still-{picturesBetweenKeys}.mp4");
            Encode(Still(5, 600), file, "-g", picturesBetweenKeys, "-crf", quality);
            Assert.Empty(Watch(Clip(file, "null")));
        }
    }

    [Fact]
    public void A_sensor_that_hangs_is_found_though_its_encoder_goes_on()
    {
        using var folder = new TempFolder();
        byte[]? kept = null;
        // A key picture each two seconds: the decoded pictures are not equal for longer than that.
        Encode(
            Scene(4, 600, (i, f) =>
            {
                if (i >= 400)
                {
                    kept ??= f.Pixels.ToArray();
                    kept.CopyTo(f.Pixels);
                }
            }),
            folder.File("hang.mp4"), "-g", "20", "-crf", "18");
        (double at, SensorReason fault) = Assert.Single(Watch(Clip(folder.File("hang.mp4"), "null")));
        Assert.Equal(SensorReason.Frozen, fault);
        Assert.InRange(at, 40, 55);
    }

    [Fact]
    public void A_black_picture_is_blind_from_the_first_look_on()
    {
        var health = new PictureHealth([]);
        DateTimeOffset at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        foreach (Frame frame in Scene(4, 56, (i, f) => Light(f, i < 50 ? 1 : 0, i < 50 ? 1 : 0)))
        {
            using (frame)
            {
                health.Look(frame, at);
                at += TimeSpan.FromMilliseconds(200);
            }
        }
        // Two seconds are not over, but whoever is not seen in the dark has not left.
        Assert.Equal(SensorReason.None, health.Fault);
        Assert.True(health.IsBlind);
    }

    [Theory]
    [InlineData(130)]
    [InlineData(135)]
    public void A_part_that_a_decoder_filled_in_blinds_the_picture_from_the_first_look_on(byte level)
    {
        var health = new PictureHealth([]);
        DateTimeOffset at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        int looks = 0;
        foreach (Frame frame in Scene(4, 80, (i, f) =>
        {
            if (i is >= 50 and < 62)
            {
                Fill(f, 0, Height * 2 / 3, Width, Height, level);
            }
        }))
        {
            using (frame)
            {
                health.Look(frame, at);
                at += TimeSpan.FromMilliseconds(200);
                // It is over two seconds after its end, as each fault that was told.
                Assert.True(health.IsBlind == looks is >= 50 and < 71, $"look {looks}: {health.IsBlind}, {health.Fault}");
                looks++;
            }
        }
    }

    [Fact]
    public void A_look_allocates_nothing()
    {
        var health = new PictureHealth([]);
        DateTimeOffset at = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        using Frame frame = Pictures.Noise(Width, Height);
        health.Look(frame, at);
        health.Look(frame, at.AddSeconds(1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 2; i < 100; i++)
        {
            health.Look(frame, at.AddSeconds(i));
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<(double At, SensorReason Fault)> Watch(IEnumerable<Frame> frames)
    {
        var health = new PictureHealth([]);
        DateTimeOffset start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var told = new List<(double, SensorReason)>();
        SensorReason last = SensorReason.None;
        int n = 0;
        foreach (Frame frame in frames)
        {
            using (frame)
            {
                health.Look(frame, start.AddMilliseconds(100 * n));
            }
            if (health.Fault != last)
            {
                last = health.Fault;
                told.Add((n / 10.0, last));
            }
            n++;
        }
        return told;
    }

    private static IEnumerable<Frame> Scene(int seed, int frames, Action<int, Frame>? change = null) => Draw(StoreScene.Random(seed, frames), frames, change);

    private static IEnumerable<Frame> Still(int seed, int frames) => Draw(StoreScene.Random(seed, frames, mostPeople: 0), frames, null);

    private static IEnumerable<Frame> Draw(StoreScene scene, int frames, Action<int, Frame>? change)
    {
        for (int i = 0; i < frames; i++)
        {
            Frame frame = s_pool.Rent(Width, Height);
            scene.Render(i, frame.Pixels);
            change?.Invoke(i, frame);
            yield return frame;
        }
    }

    private static IEnumerable<Frame> Clip(string file, string filter)
    {
        using var ffmpeg = new Process { StartInfo = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true } };
        foreach (string argument in (string[])["-nostdin", "-v", "quiet", "-i", file, "-vf", $"{filter},fps=10,scale={Width}:{Height}", "-pix_fmt", "bgr24", "-f", "rawvideo", "-"])
        {
            ffmpeg.StartInfo.ArgumentList.Add(argument);
        }
        ffmpeg.Start();
        while (true)
        {
            Frame frame = s_pool.Rent(Width, Height);
            if (ffmpeg.StandardOutput.BaseStream.ReadAtLeast(frame.Pixels, Width * Height * 3, throwOnEndOfStream: false) < Width * Height * 3)
            {
                frame.Dispose();
                ffmpeg.WaitForExit();
                yield break;
            }
            yield return frame;
        }
    }

    private static void Encode(IEnumerable<Frame> frames, string file, params string[] how)
    {
        using var ffmpeg = new Process { StartInfo = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true } };
        foreach (string argument in (string[])["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{Width}x{Height}", "-r", "10", "-i", "-", "-c:v", "libx264", "-preset", "veryfast", .. how, file])
        {
            ffmpeg.StartInfo.ArgumentList.Add(argument);
        }
        ffmpeg.Start();
        foreach (Frame frame in frames)
        {
            using (frame)
            {
                ffmpeg.StandardInput.BaseStream.Write(frame.Pixels);
            }
        }
        ffmpeg.StandardInput.Close();
        ffmpeg.WaitForExit();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    private static void Spoil(Frame frame, SensorReason fault, byte[] kept)
    {
        switch (fault)
        {
            case SensorReason.Black:
                Light(frame, 0, 0.05f);
                break;
            case SensorReason.Covered:
                // A hand: one colour, darker towards an edge; the sensor's noise is still there.
                for (int i = 0; i < frame.Pixels.Length; i++)
                {
                    frame.Pixels[i] = (byte)(80 + (i % (Width * 3) / 96) + (frame.Pixels[i] & 3));
                }
                break;
            case SensorReason.Defocused:
                Blur(frame.Pixels, 3, Width * 3, Width, Height);
                Blur(frame.Pixels, Width * 3, 3, Height, Width);
                break;
            case SensorReason.Moved:
                byte[] view = frame.Pixels.ToArray();
                for (int y = 0; y < Height; y++)
                {
                    int from = Math.Min(y + 14, Height - 1) * Width;
                    view.AsSpan((from + 38) * 3, (Width - 38) * 3).CopyTo(frame.Pixels.Slice(y * Width * 3, (Width - 38) * 3));
                }
                break;
            default:
                kept.CopyTo(frame.Pixels);
                break;
        }
    }

    /// <summary>The mean over nine pixels, along one direction.</summary>
    private static void Blur(Span<byte> pixels, int step, int lineStep, int length, int lines)
    {
        Span<byte> line = stackalloc byte[length];
        for (int l = 0; l < lines; l++)
        {
            for (int colour = 0; colour < 3; colour++)
            {
                for (int i = 0; i < length; i++)
                {
                    line[i] = pixels[(l * lineStep) + (i * step) + colour];
                }
                for (int i = 4; i < length - 4; i++)
                {
                    int sum = 0;
                    for (int k = -4; k <= 4; k++)
                    {
                        sum += line[i + k];
                    }
                    pixels[(l * lineStep) + (i * step) + colour] = (byte)(sum / 9);
                }
            }
        }
    }

    /// <summary>Brightness times a factor that goes evenly from the left to the right edge.</summary>
    private static void Light(Frame frame, float left, float right)
    {
        Span<byte> pixels = frame.Pixels;
        for (int x = 0; x < Width * 3; x++)
        {
            float factor = left + ((right - left) * x / (Width * 3));
            for (int y = 0; y < Height; y++)
            {
                ref byte value = ref pixels[(y * Width * 3) + x];
                value = (byte)Math.Min(255, value * factor);
            }
        }
    }

    private static void Fill(Frame frame, int left, int top, int right, int bottom, byte grey)
    {
        for (int y = top; y < bottom; y++)
        {
            frame.Pixels.Slice(((y * Width) + left) * 3, (right - left) * 3).Fill(grey);
        }
    }
}
