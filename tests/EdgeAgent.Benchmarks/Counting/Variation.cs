using System.Diagnostics;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Benchmarks.Counting;

/// <summary>
/// A clip filmed as if by another camera: mirrored, at another rate, with another cut or light, or played backwards, where who came in goes out.
/// What is counted must stay the same. Nobody tuned the tracker to these.
/// </summary>
/// <param name="Filter">What ffmpeg does to the pictures; null for nothing.</param>
internal sealed record Variation(string Name, string? Filter = null)
{
    // A corner with a mask: a triangle of this fraction of both sides.
    private const float Corner = 0.22f;

    private double? Fps { get; init; }

    private double Size { get; init; } = 1;

    private bool Mirrored { get; init; }

    private bool Backwards { get; init; }

    /// <summary>Cut off on each side. Fraction of the picture.</summary>
    private float Cut { get; init; }

    /// <summary>x264's quantizer; 0 loses nothing.</summary>
    private int Quality { get; init; }


    private bool Masked { get; init; }

    public static IReadOnlyList<Variation> All { get; } =
    [
        new("as filmed"),
        new("mirrored", "hflip") { Mirrored = true },
        new("backwards", "reverse") { Backwards = true },
        new("5 pictures/s") { Fps = 5 },
        new("8 pictures/s") { Fps = 8 },
        new("12 pictures/s") { Fps = 12 },
        new("5 % cut off all around", Crop(0.05f)) { Cut = 0.05f },
        new("darker", "lutyuv=y=16+(val-16)*0.5"),
        new("brighter", "lutyuv=y=min(235\\,16+(val-16)*1.35)"),
        new("noisy", "noise=alls=14:allf=t:all_seed=7"),
        new("masked corner") { Masked = true },
        new("three quarters of the width") { Size = 0.75 },
        new("half again as fast", "setpts=PTS/1.5"),
        new("12 % cut off all around", Crop(0.12f)) { Cut = 0.12f },
        new("out of focus", "gblur=sigma=1.6"),
        new("coarsely coded", "null") { Quality = 38 },
        new("from a third of a second on", "trim=start=0.33,setpts=PTS-STARTPTS"),
    ];

    private static string Crop(float cut) => FormattableString.Invariant($"crop=iw*{1 - (2 * cut)}:ih*{1 - (2 * cut)}");

    /// <summary>The varied clip; its pictures are written into <paramref name="scratch"/>, if they differ.</summary>
    public CountedClip Of(CountedClip clip, string folder, string scratch)
    {
        string file = Path.GetFullPath(Path.Combine(folder, clip.File));
        if (Filter is not null)
        {
            string varied = Path.Combine(scratch, $"{Path.GetFileNameWithoutExtension(clip.File)}-{Name.Replace(' ', '-')}.mkv");
            Write(file, varied);
            file = varied;
        }
        return clip with
        {
            File = file,
            Truth = Backwards ? new Counts(clip.Truth.Out, clip.Truth.In) : clip.Truth,
            Camera = shift => Of(clip.Camera(shift)),
        };
    }

    private CameraConfig Of(CameraConfig camera) => camera with
    {
        Fps = Fps ?? camera.Fps,
        Width = (int)(camera.Width * Size / 2) * 2,
        Doors = [.. camera.Doors.Select(Of)],
        Lines = [.. camera.Lines.Select(Of)],
        Masks = Masked ? [[new Point(0, 0), new Point(Corner, 0), new Point(0, Corner)]] : [],
    };

    private DoorConfig Of(DoorConfig door) => door with
    {
        Edge = !Mirrored ? door.Edge : door.Edge == FrameEdge.Left ? FrameEdge.Right : door.Edge == FrameEdge.Right ? FrameEdge.Left : door.Edge,
        Use = !Backwards ? door.Use : door.Use == DoorUse.In ? DoorUse.Out : door.Use == DoorUse.Out ? DoorUse.In : DoorUse.Both,
    };

    // In a mirror right is left: the line is drawn from its other end.
    private LineConfig Of(LineConfig line) => Mirrored
        ? line with { From = Of(line.To), To = Of(line.From) }
        : line with { From = Of(line.From), To = Of(line.To) };

    private Point Of(Point point) =>
        Mirrored ? new Point(1 - point.X, point.Y) : new Point((point.X - Cut) / (1 - (2 * Cut)), (point.Y - Cut) / (1 - (2 * Cut)));

    private void Write(string from, string to)
    {
        using Process ffmpeg = Process.Start(new ProcessStartInfo(
            "ffmpeg", ["-nostdin", "-v", "error", "-y", "-i", from, "-an", "-vf", Filter!, "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-qp", $"{Quality}", to]))!;
        ffmpeg.WaitForExit();
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg could not make the clip \"{Name}\".");
        }
    }
}
