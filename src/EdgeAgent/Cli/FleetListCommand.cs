using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Fleet;
using Spectre.Console;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent fleet list | watch</c>: who is there, what is in force, who refused or rolled back, who is lost.</summary>
internal static class FleetListCommand
{
    private static readonly string[] s_topics = ["state", "info", "health", "cfg/reported", "ota/reported"];
    private static readonly TimeSpan s_redraw = TimeSpan.FromSeconds(1);

    public static Command CreateList()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of a table." };
        var options = new FleetOptions();
        var command = new Command("list", "The state of every box, once.") { json };
        options.AddTo(command);
        command.SetAction(async (result, cancel) =>
        {
            await using FleetLine line = await OpenAsync(options, result, cancel);
            IReadOnlyList<BoxStatus> boxes = line.Boxes();
            if (result.GetValue(json))
            {
                foreach (BoxStatus box in boxes)
                {
                    Terminal.Line(Json(box));
                }
                return ExitCode.Ok;
            }
            Terminal.Table(FleetTables.Header, boxes.Select(FleetTables.Row), 6);
            Terminal.Line(FleetTables.Summary(boxes) + Losses(line));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command CreateWatch()
    {
        var seconds = new Option<double?>("--seconds") { Description = "Ends after this long; without it Ctrl-C does." };
        var options = new FleetOptions();
        var command = new Command("watch", "The state of every box as it changes: a live table in a terminal, a line for each change in a pipe.") { seconds };
        options.AddTo(command);
        command.SetAction(async (result, cancel) =>
        {
            await using FleetLine line = await OpenAsync(options, result, cancel);
            using CancellationTokenSource? limit = result.GetValue(seconds) is double end ? new CancellationTokenSource(TimeSpan.FromSeconds(end), TimeProvider.System) : null;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit?.Token ?? CancellationToken.None);
            try
            {
                await (Console.IsOutputRedirected ? LinesAsync(line, stop.Token) : LiveAsync(line, stop.Token));
            }
            catch (OperationCanceledException) when (limit?.IsCancellationRequested == true)
            {
            }
            Terminal.Line(FleetTables.Summary(line.Boxes()) + Losses(line));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Task<FleetLine> OpenAsync(FleetOptions options, ParseResult result, CancellationToken cancel) =>
        FleetLine.OpenAsync(options.Broker(result), options.Boxes(result), s_topics, Randomness.System, TimeProvider.System, cancel);

    private static async Task LinesAsync(FleetLine line, CancellationToken stop)
    {
        var told = new Dictionary<BoxName, string>();
        foreach (BoxStatus box in line.Boxes())
        {
            Tell(box, told);
        }
        await foreach ((BoxName name, _, _) in line.News.ReadAllAsync(stop))
        {
            Tell(line.Of(name), told);
        }
    }

    private static void Tell(BoxStatus box, Dictionary<BoxName, string> told)
    {
        // The backlog changes each minute and is no news by itself.
        string[] row = FleetTables.Row(box);
        string text = string.Join("  ", row.Where((_, column) => column != 6));
        if (told.GetValueOrDefault(box.Name) != text)
        {
            told[box.Name] = text;
            Terminal.Line($"{TimeProvider.System.GetUtcNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {text}");
        }
    }

    private static async Task LiveAsync(FleetLine line, CancellationToken stop)
    {
        await AnsiConsole.Live(new Table()).StartAsync(async live =>
        {
            while (true)
            {
                live.UpdateTarget(Draw(line.Boxes(), AnsiConsole.Profile.Height - 6));
                live.Refresh();
                await Task.Delay(s_redraw, TimeProvider.System, stop);
            }
        });
    }

    /// <summary>Boxes that need a person come first; what does not fit the screen is summed up.</summary>
    private static Table Draw(IReadOnlyList<BoxStatus> boxes, int rows)
    {
        var table = new Table { Border = TableBorder.Rounded, Caption = new TableTitle(Markup.Escape(FleetTables.Summary(boxes))) };
        foreach (string column in FleetTables.Header)
        {
            table.AddColumn(Markup.Escape(column));
        }
        foreach (BoxStatus box in boxes.OrderBy(b => b.State == "ready" && b.Config.Verdict != Verdict.Bad && b.Models.Verdict != Verdict.Bad).ThenBy(b => b.Name).Take(Math.Max(1, rows)))
        {
            bool well = box.State == "ready" && box.Config.Verdict != Verdict.Bad;
            table.AddRow([.. FleetTables.Row(box).Select(cell => well ? Markup.Escape(cell) : $"[red]{Markup.Escape(cell)}[/]")]);
        }
        return table;
    }

    private static string Json(BoxStatus box) => JsonSerializer.Serialize(new
    {
        box = box.Name.ToString(), state = box.State, since = box.StateAt, agent = box.Agent, outboxWaiting = box.OutboxWaiting,
        config = new { box.Config.Desired, box.Config.Applied, box.Config.Outcome, box.Config.Why },
        models = new { box.Models.Desired, box.Models.Outcome, box.Models.Why },
    }, JsonSerializerOptions.Web);

    private static string Losses(FleetLine line) =>
        (line.Dropped > 0 ? $"; {line.Dropped} messages came too fast and were lost here: run it again" : "")
        + (line.NotUnderstood > 0 ? $"; {line.NotUnderstood} messages were not understood" : "") + ".";
}
