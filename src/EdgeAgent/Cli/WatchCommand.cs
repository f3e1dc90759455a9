using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core.Config;
using EdgeAgent.Replay;
using EdgeAgent.Vision.Overlay;
using EdgeAgent.Watch;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent watch SOURCE</c>: the camera's picture with boxes, ways, lines and counts; heads are veiled.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var camera = new CameraOptions();
        var output = new Option<string>("--out") { Description = "An .mp4 of all pictures, or a .png of the last one with every way walked.", HelpName = "FILE", Required = true };
        var command = new Command(
            "watch", "Draws what the agent sees of a clip or camera: people, their ways, doors, lines, zones and counts. Heads are veiled; nothing is published.");
        camera.AddTo(command);
        command.Add(output);
        command.SetAction((result, cancel) =>
        {
            (DeviceConfig store, CameraConfig chosen) = camera.Read(result);
            return Task.Run(() => Run(new WatchRun(store, chosen, camera.Models(result)), chosen, result.GetRequiredValue(output), camera.Seconds(result), cancel), CancellationToken.None);
        });
        return command.WithExamples(
            """
            edge-agent watch clip.mp4 --door bottom --line 0.2,0.6,0.8,0.6 --out overlay.mp4
            edge-agent watch rtsp://192.168.10.21:554/stream1 --config store.json --camera front --seconds 30 --out front.png
            """);
    }

    private static int Run(WatchRun run, CameraConfig camera, string path, double? seconds, CancellationToken cancel)
    {
        bool still = path.EndsWith(".png", StringComparison.OrdinalIgnoreCase);
        if (!still && !path.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase))
        {
            throw new ScenarioException($"--out \"{path}\" is neither .mp4 nor .png.");
        }
        if (camera.Source == "clip:" + Path.GetFullPath(path))
        {
            throw new ScenarioException($"{path} is the clip itself and would be lost; name another file to write.");
        }
        OutputFile.Create(path).Dispose();
        OverlayFile? film = null;
        Picture? last = null;
        int pictures = 0;
        try
        {
            using var progress = new LongWork("watching");
            run.Run(
                seconds,
                (picture, at, whole) =>
                {
                    pictures++;
                    last = picture;
                    progress.At(at.TotalSeconds, seconds ?? whole, "s");
                    if (!still)
                    {
                        film ??= OverlayFile.Film(path, picture.Width, picture.Height, camera.Fps);
                        film.Write(picture);
                    }
                },
                cancel);
            film?.Finish();
        }
        finally
        {
            film?.Dispose();
        }
        if (still && last is not null)
        {
            run.Overlay.DrawWays(last);
            OverlayFile.Still(path, last);
        }
        Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{path}: {pictures} pictures."));
        string[] places = [.. camera.Doors.Select(d => d.Id), .. camera.Lines.Select(l => l.Id)];
        Terminal.Table(
            ["door or line", "in", "out"],
            places.Select(id => new[] { id, Number(run.Overlay.Crossed(id).In), Number(run.Overlay.Crossed(id).Out) }), 1, 2);
        return ExitCode.Ok;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
