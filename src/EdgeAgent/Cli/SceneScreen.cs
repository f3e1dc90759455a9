using System.Globalization;
using EdgeAgent.Simulators.Gates;
using Spectre.Console;

namespace EdgeAgent.Cli;

/// <summary>What happens in a scene while it is played: a table of who walks in a terminal, a line for each happening in a pipe.</summary>
internal sealed class SceneScreen
{
    // Lines that stay below the table.
    private const int LastLines = 8;

    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(200);

    private readonly SceneClock _clock;
    private readonly IReadOnlyDictionary<string, GateReaderServer> _readers;
    private readonly List<(double At, string Text)> _coming = [];
    private readonly List<(SceneWalker Who, Walk Walk)> _walkers;
    private readonly Queue<string> _lines = [];
    private readonly Lock _writing = new();
    private readonly bool _live = !Console.IsOutputRedirected;
    private int _next;

    public SceneScreen(GateScene scene, SceneClock clock, IReadOnlyDictionary<string, GateReaderServer> readers)
    {
        _clock = clock;
        _readers = readers;
        _walkers = [.. (scene.Walkers ?? []).Select(w => (w, new Walk(w.StartSeconds, w.Path, w.Speed)))];
        foreach ((SceneWalker who, Walk walk) in _walkers)
        {
            _coming.Add((walk.Start, $"{who.Id} comes."));
        }
        foreach (ScenePassage p in GateTruth.Of(scene).Passages)
        {
            string goods = p.Epcs.Count + p.Unreadable.Count + p.Foreign.Count + p.Sold.Count is var n and > 0 ? $" with {Plural.Of(n, "item")}" : "";
            string text = p.Kind switch
            {
                PassageKind.Left => $"{p.Walker} leaves by {p.Lane}{goods}.",
                PassageKind.Entered => $"{p.Walker} comes in by {p.Lane}{goods}.",
                PassageKind.TurnedBack => $"{p.Walker} turns back at {p.Lane}{goods}.",
                PassageKind.PassedBy => $"{p.Walker} passes by {p.Lane}{goods}.",
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            _coming.Add((p.At, text));
        }
        foreach (EyeEdge edge in new GateSimulation(scene).Edges())
        {
            _coming.Add((edge.At.TotalSeconds, $"The photo-eye at {edge.Reader}, input {edge.Port}, is {(edge.Broken ? "broken" : "clear")}."));
        }
        foreach (WireFault fault in scene.Wire?.Faults ?? [])
        {
            _coming.Add((fault.AtSeconds, $"Fault on the wire: {System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Kind.ToString())}."));
        }
        _coming.Sort(static (a, b) => a.At.CompareTo(b.At));
        foreach ((string id, GateReaderServer reader) in readers)
        {
            reader.ClientChanged += here => Say($"Reader {id}: {(here ? "a client came" : "the client went")}.");
            reader.OutputChanged += (port, on) => Say($"Reader {id}: output {port} is {(on ? "on" : "off")}.");
        }
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (!_live)
        {
            await FollowAsync(static () => { }, cancel);
            return;
        }
        await AnsiConsole.Live(Picture()).StartAsync(context => FollowAsync(
            () =>
            {
                context.UpdateTarget(Picture());
                context.Refresh();
            },
            cancel));
    }

    private async Task FollowAsync(Action show, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(s_refresh, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            double now = _clock.Now.TotalSeconds;
            for (; _clock.Started.IsCompleted && _next < _coming.Count && _coming[_next].At <= now; _next++)
            {
                Say(_coming[_next].Text);
            }
            show();
        }
    }

    private void Say(string text)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{_clock.Now:hh\\:mm\\:ss\\.f}  {text}");
        lock (_writing)
        {
            if (!_live)
            {
                Terminal.Line(line);
                return;
            }
            _lines.Enqueue(line);
            if (_lines.Count > LastLines)
            {
                _lines.Dequeue();
            }
        }
    }

    private Rows Picture()
    {
        double now = _clock.Now.TotalSeconds;
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in (string[])["who", "is", "metres to the line", "items"])
        {
            table.AddColumn(column);
        }
        foreach ((SceneWalker who, Walk walk) in _walkers)
        {
            if (_clock.Started.IsCompleted && now >= walk.Start && now <= walk.End)
            {
                Stand stand = walk.At(now);
                table.AddRow(
                    Markup.Escape(who.Id), who.Kind.ToString(), stand.Y.ToString("+0.0;-0.0", CultureInfo.InvariantCulture),
                    (who.Items ?? []).Sum(static i => i.Count).ToString(CultureInfo.InvariantCulture));
            }
        }
        string state = _clock.Started.IsCompleted ? $"{_clock.Now:hh\\:mm\\:ss}" : "waiting for a client";
        string[] lines;
        lock (_writing)
        {
            lines = [.. _lines];
        }
        return new Rows(
            [new Text($"{state}   reads sent: {_readers.Values.Sum(static r => r.Sent)}"), table, .. lines.Select(static l => new Text(l))]);
    }
}
