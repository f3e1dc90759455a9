using System.Globalization;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

public class ClipTests
{
    [Fact]
    public void A_missing_clip_says_so()
    {
        string message = ReadAll("/nowhere/day.mp4").Fault!.Message;
        Assert.Contains("/nowhere/day.mp4 does not exist", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_text_and_an_empty_file_are_no_video()
    {
        using var folder = new TempFolder();
        byte[] garbage = new byte[100_000];
#pragma warning disable RS0030 // A seeded generator is data for a test.
        new Random(3).NextBytes(garbage);
#pragma warning restore RS0030
        AssertRefused(folder.Write("garbage.mp4", garbage), "is no video");
        AssertRefused(folder.Write("text.mp4", "This is not a video.\n"u8), "is no video");
        AssertRefused(folder.Write("empty.mp4", []), "is no video");
    }

    [SharedFact]
    public void A_playlist_cannot_open_other_files()
    {
        using var folder = new TempFolder();
        string list = folder.Write("list.txt", System.Text.Encoding.UTF8.GetBytes($"ffconcat version 1.0\nfile '{Shared.OneByOne}'\n"));
        AssertRefused(list, "is no video");
    }

    [SharedFact]
    public void A_recording_broken_off_before_its_index_was_written_says_so()
    {
        using var folder = new TempFolder();
        // Without +faststart the index comes last.
        Pictures.Run("ffmpeg", "-v", "error", "-i", Shared.OneByOne, "-c", "copy", "-t", "20", folder.File("whole.mp4"));
        byte[] whole = File.ReadAllBytes(folder.File("whole.mp4"));
        AssertRefused(folder.Write("cut.mp4", whole.AsSpan(0, whole.Length / 2)), "index (moov) is missing");
    }

    [SharedFact]
    public void A_clip_cut_in_the_middle_gives_its_frames_and_then_says_so()
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(Shared.OneByOne);
        (int frames, ClipException? fault) = ReadAll(folder.Write("half.mp4", whole.AsSpan(0, whole.Length / 2)));
        Assert.InRange(frames, 600, 750);
        Assert.Matches(@"half\.mp4 is cut off: it ends at \d+\.\d s of 139\.4 s", fault!.Message);
    }

    [SharedFact]
    public void A_clip_that_lacks_only_its_last_bytes_is_found_too()
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(Shared.OneByOne);
        (_, ClipException? fault) = ReadAll(folder.Write("almost.mp4", whole.AsSpan(0, whole.Length - 2000)));
        Assert.Contains("is cut off", fault!.Message, StringComparison.Ordinal);
        // Index whole, pictures gone.
        AssertRefused(folder.Write("head.mp4", whole.AsSpan(0, 25_000)), "head.mp4 ");
    }

    [SharedFact]
    public void A_cut_clip_of_a_format_without_length_is_found_by_its_damage()
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(Shared.Video("EnterExitCrossingPaths1cor.mpg"));
        (int frames, ClipException? fault) = ReadAll(folder.Write("half.mpg", whole.AsSpan(0, 1_000_000)));
        Assert.InRange(frames, 30, 120);
        Assert.Contains("may be cut off", fault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip.avi", "mpeg4")]
    [InlineData("clip.avi", "mjpeg")]
    [InlineData("clip.gif", "gif")]
    [InlineData("clip.mp4", "mpeg4")]
    public void A_clip_cut_anywhere_is_found_though_ffmpeg_complains_of_nothing(string name, string codec)
    {
        using var folder = new TempFolder();
        Drawn(folder.File(name), "-c:v", codec, "-movflags", "+faststart");
        byte[] whole = File.ReadAllBytes(folder.File(name));
        Assert.Equal((40, null), ReadAll(folder.File(name)));
        foreach (double part in new[] { 0.3, 0.6, 0.9, 0.999 })
        {
            ClipException? fault = ReadAll(folder.Write("cut-" + name, whole.AsSpan(0, (int)(whole.Length * part)))).Fault;
            Assert.True(fault?.Message.Contains("is cut off", StringComparison.Ordinal), $"{name} cut at {part}: {fault?.Message ?? "no complaint"}");
        }
    }

    [Fact]
    public void Bytes_behind_the_last_box_are_no_cut()
    {
        using var folder = new TempFolder();
        Drawn(folder.File("clip.mp4"), "-c:v", "mpeg4");
        Assert.Equal((40, null), ReadAll(folder.Write("more.mp4", [.. File.ReadAllBytes(folder.File("clip.mp4")), .. new byte[3], .. "\r\nmore bytes\r\n"u8])));
    }

    [Theory]
    [InlineData("25", 10)]
    [InlineData("25", 8)]
    [InlineData("12.5", 10)]
    [InlineData("30000/1001", 10)]
    public void Picture_n_shows_what_was_to_be_seen_at_n_over_fps_to_half_a_beat(string recorded, double fps)
    {
        using var folder = new TempFolder();
        // The grey of picture k is 2k.
        Pictures.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", $"color=s=160x120:r={recorded}:d=4,format=gray,geq=lum=N*2", "-c:v", "ffv1", folder.File("grey.mkv"));
        string[] parts = recorded.Split('/');
        double rate = double.Parse(parts[0], CultureInfo.InvariantCulture) / (parts.Length > 1 ? double.Parse(parts[1], CultureInfo.InvariantCulture) : 1);
        using FfmpegFrames frames = FfmpegFrames.Open(Shared.Camera("clip:" + folder.File("grey.mkv"), fps, width: 160), new FramePool(), TimeProvider.System);
        int n = 0;
        for (; frames.Read() is Frame frame; n++)
        {
            using (frame)
            {
                double shown = Math.Round(frame.Pixels[0] / 2.0) / rate;
                Assert.InRange(shown - (n / fps), -(0.5 / fps) - 0.002, (0.5 / fps) + 0.002);
            }
        }
        Assert.Equal(4 * fps, n, 1.0);
    }

    [Theory]
    [InlineData("clip.mkv")]
    [InlineData("clip.webm")]
    public void A_sound_that_goes_on_after_the_last_picture_is_no_cut(string name)
    {
        using var folder = new TempFolder();
        Drawn(folder.File("video.mkv"), "-c:v", "libvpx", "-deadline", "realtime");
        Pictures.Run("ffmpeg", "-v", "error", "-i", folder.File("video.mkv"), "-f", "lavfi", "-i", "sine=d=9", "-c:v", "copy", "-c:a", "libopus",
            folder.File(name));
        Assert.Equal((40, null), ReadAll(folder.File(name)));
    }

    [SharedFact]
    public void Whole_clips_of_every_kind_end_without_complaint()
    {
        Assert.Equal((1394, null), ReadAll(Shared.OneByOne));
        Assert.Equal((154, null), ReadAll(Shared.Video("EnterExitCrossingPaths1cor.mpg")));
        Assert.Null(ReadAll(Shared.Video("car-detection.mp4")).Fault);
        Assert.Null(ReadAll(Shared.Video("preview-people-detection.gif")).Fault);
    }

    [SharedFact]
    public void Pixels_come_as_the_decoder_made_them_also_when_rows_are_padded()
    {
        using var folder = new TempFolder();
        // 162 pixels are 486 bytes, which a BMP pads to 488.
        var camera = Shared.Camera("clip:" + Shared.OneByOne, width: 162);
        using FfmpegFrames frames = FfmpegFrames.Open(camera, new FramePool(), TimeProvider.System);
        using Frame frame = frames.Read()!;
        byte[] raw = Pictures.Run("ffmpeg", "-v", "error", "-i", Shared.OneByOne, "-frames:v", "1", "-vf", "fps=10,scale=162:-2:flags=bilinear",
            "-pix_fmt", "bgr24", "-f", "rawvideo", "-");
        Assert.Equal((162, raw.Length / (162 * 3)), (frame.Width, frame.Height));
        Assert.True(frame.Pixels.SequenceEqual(raw));
    }

    [SharedFact]
    public void Disposing_early_leaves_no_child_behind()
    {
        int id;
        using (FfmpegFrames frames = FfmpegFrames.Open(Shared.Camera("clip:" + Shared.OneByOne), new FramePool(), TimeProvider.System))
        {
            frames.Read()!.Dispose();
            id = frames.ChildId;
            Assert.True(Directory.Exists($"/proc/{id}"));
        }
        // Not even a zombie: its exit code was taken.
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [SharedFact]
    public void A_missing_ffmpeg_says_what_to_install()
    {
        foreach (var programs in new[] { new FfmpegPrograms(Ffmpeg: "no-such-ffmpeg"), new FfmpegPrograms(Ffprobe: "no-such-ffmpeg") })
        {
            string message = Assert.Throws<ClipException>(
                () => FfmpegFrames.Open(Shared.Camera("clip:" + Shared.OneByOne), new FramePool(), TimeProvider.System, null, programs)).Message;
            Assert.Contains("no-such-ffmpeg cannot be started; install ffmpeg", message, StringComparison.Ordinal);
        }
    }

    /// <summary>Four seconds of a test picture, ten pictures a second.</summary>
    private static void Drawn(string file, params string[] coding) =>
        Pictures.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=4", .. coding, file]);

    private static void AssertRefused(string file, string says)
    {
        (int frames, ClipException? fault) = ReadAll(file);
        Assert.Equal(0, frames);
        Assert.Contains(says, fault!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static (int Frames, ClipException? Fault) ReadAll(string file)
    {
        var pool = new FramePool();
        int count = 0;
        ClipException? fault = null;
        try
        {
            using FfmpegFrames frames = FfmpegFrames.Open(Shared.Camera("clip:" + file), pool, TimeProvider.System);
            while (frames.Read() is Frame frame)
            {
                frame.Dispose();
                count++;
            }
        }
        catch (ClipException ended)
        {
            fault = ended;
        }
        Assert.Equal(0, pool.Outstanding);
        return (count, fault);
    }
}
