using System.CommandLine;
using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Replay;
using EdgeAgent.Vision.Overlay;
using EdgeAgent.Watch;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent calibrate SOURCE</c>: proposes doors and lines from the ways that people walk in a clip, and says what each would count.</summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        var camera = new CameraOptions();
        var output = new Option<string>("--out") { Description = "A .png with a grid of coordinates, the ways walked, and the proposals.", HelpName = "FILE", Required = true };
        var command = new Command(
            "calibrate", "Helps to place doors and lines: watches a clip in which people come and go, and proposes doors and lines with what each would have counted.");
        camera.AddTo(command);
        command.Add(output);
        command.SetAction((result, cancel) =>
        {
            (DeviceConfig store, CameraConfig chosen) = camera.Read(result);
            return Task.Run(() => Run(new WatchRun(store, chosen, camera.Models(result), record: true), store, chosen, result.GetRequiredValue(output), camera.Seconds(result), cancel), CancellationToken.None);
        });
        return command.WithExamples(
            """
            edge-agent calibrate clip.mp4 --out places.png
            edge-agent calibrate - --config store.json --camera front --seconds 120 --out front.png
            """);
    }

    private static int Run(WatchRun run, DeviceConfig store, CameraConfig camera, string path, double? seconds, CancellationToken cancel)
    {
        if (!path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new ScenarioException($"--out \"{path}\" is not a .png.");
        }
        OutputFile.Create(path).Dispose();
        Picture? last = null;
        using (var progress = new LongWork("watching"))
        {
            run.Run(
                seconds,
                (picture, at, whole) =>
                {
                    last = picture;
                    progress.At(at.TotalSeconds, seconds ?? whole, "s");
                },
                cancel);
        }
        if (last is null)
        {
            throw new ScenarioException("No picture came.");
        }
        IReadOnlyList<Proposal> proposals = new Proposals(run, store, camera).Find();
        Grid(last);
        run.Overlay.DrawWays(last);
        foreach (Proposal proposal in proposals)
        {
            if (proposal.Line is LineConfig line)
            {
                last.Line(line.From, line.To, Colour.Red, 2);
                last.Text(line.From, "from " + line.Id, Colour.Red);
                last.Text(line.To, "to", Colour.Red);
            }
        }
        OverlayFile.Still(path, last);
        Print(path, run.Overlay.Ways.Count, proposals);
        return ExitCode.Ok;
    }

    private static void Print(string path, int ways, IReadOnlyList<Proposal> proposals)
    {
        Terminal.Line($"{path}: {ways} ways. Each proposal alone would have counted:");
        Terminal.Table(
            ["door or line", "ways begin", "ways end", "in", "out"],
            proposals.Select(p => new[] { p.Door?.Id ?? p.Line!.Id, Number(p.Begin), Number(p.End), Number(p.In), Number(p.Out) }), 1, 2, 3, 4);
        if (proposals.Count == 0)
        {
            Terminal.Line("Nobody came or went. Record a clip in which somebody walks through each door.");
            return;
        }
        Terminal.Line("For the camera in the configuration; keep what is a way into the store, swap \"from\" and \"to\" to turn a line round:");
        IEnumerable<string> doors = proposals.Where(p => p.Door is not null)
            .Select(p => $"{{ \"id\": \"{p.Door!.Id}\", \"edge\": \"{p.Door.Id}\", \"use\": \"{p.Door.Use.ToString().ToLowerInvariant()}\" }}");
        IEnumerable<string> lines = proposals.Where(p => p.Line is not null)
            .Select(p => $"{{ \"id\": \"{p.Line!.Id}\", \"from\": {Place(p.Line.From)}, \"to\": {Place(p.Line.To)} }}");
        Terminal.Line($"\"doors\": [ {string.Join(", ", doors)} ],\n\"lines\": [ {string.Join(", ", lines)} ]");
    }

    private static void Grid(Picture picture)
    {
        for (int i = 1; i < 10; i++)
        {
            float at = i / 10f;
            picture.Line(new Point(at, 0), new Point(at, 1), Colour.Grey);
            picture.Line(new Point(0, at), new Point(1, at), Colour.Grey);
            string label = at.ToString("0.0", CultureInfo.InvariantCulture);
            picture.Text(new Point(at, 0), label, Colour.White);
            picture.Text(new Point(0, at), label, Colour.White);
        }
    }

    private static string Place(Point p) => string.Create(CultureInfo.InvariantCulture, $"[{p.X}, {p.Y}]");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
