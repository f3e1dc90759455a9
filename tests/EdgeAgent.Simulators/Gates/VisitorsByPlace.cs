using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// Which walker of a scene each visit is, told by where it was and when: narrow zones across the way in and at the line say at what moment a visit
/// came into which of them, and one walker was there then. The hour of the start does not tell two people who come together apart.
/// </summary>
public sealed class VisitorsByPlace
{
    // Rows of zones along the way out, and how wide a zone is. Metres.
    private const double ColumnMetres = 0.3;
    private const int Columns = 14;
    private const double RowMetres = 0.5;
    private static readonly double[] s_rows = [-4.0, -3.0, -0.5];

    private readonly Dictionary<VisitId, string> _came = [];
    private readonly Dictionary<VisitId, string> _left = [];

    public VisitorsByPlace(GateScene scene, IEnumerable<ShopEvent> events)
    {
        (string Id, Walk Walk)[] walks = [.. (scene.Walkers ?? []).Select(w => (w.Id, new Walk(w.StartSeconds, w.Path, w.Speed)))];
        foreach (ShopEvent.ZoneEntered entered in events.OfType<ShopEvent.ZoneEntered>())
        {
            if (entered.Visit is not VisitId visit || walks.Length == 0)
            {
                continue;
            }
            string[] cell = entered.Zone.Split('-');
            double x = LeftOf(int.Parse(cell[2], CultureInfo.InvariantCulture)) + (ColumnMetres / 2);
            double from = s_rows[int.Parse(cell[1], CultureInfo.InvariantCulture)];
            double t = (entered.Since - GateStage.Start).TotalSeconds;
            double y = from + (RowMetres / 2);
            string who = walks.MinBy(w => t < w.Walk.Start - 0.2 || t > w.Walk.End + 0.2 ? double.PositiveInfinity : Off(w.Walk.At(t), x, y)).Id;
            (from < -1 ? _came : _left).TryAdd(visit, who);
        }
    }

    /// <summary>Who came in as this visit; null when no zone was crossed.</summary>
    public string? Came(VisitId visit) => _came.GetValueOrDefault(visit);

    /// <summary>Who came in as this visit, or who it was at the gate when it began there: somebody who had left and came back.</summary>
    public string? Whose(VisitId visit) => Came(visit) ?? AtLine(visit);

    /// <summary>Who was followed as this visit at the line: somebody else when the camera has mixed up two people.</summary>
    public string? AtLine(VisitId visit) => _left.GetValueOrDefault(visit);

    /// <summary>The scene's configuration with these zones, in which a person is from the first picture on.</summary>
    /// <param name="view">As the scene's stage has it.</param>
    public static DeviceConfig Watched(DeviceConfig config, GateView? view = null) => config with
    {
        Visits = config.Visits with { ZoneSeconds = 0 },
        Cameras = [.. config.Cameras.Select(c => c with { Zones = [.. Enumerable.Range(0, s_rows.Length).SelectMany(row => Row(row, view ?? GateView.BothSides))] })],
    };

    private static IEnumerable<ZoneConfig> Row(int row, GateView view) => Enumerable.Range(0, Columns).Select(column => new ZoneConfig(
        $"zone-{row}-{column}",
        [
            view.At(LeftOf(column), s_rows[row]), view.At(LeftOf(column + 1), s_rows[row]),
            view.At(LeftOf(column + 1), s_rows[row] + RowMetres), view.At(LeftOf(column), s_rows[row] + RowMetres),
        ]));

    private static double LeftOf(int column) => (column - (Columns / 2)) * ColumnMetres;

    private static double Off(in Stand stand, double x, double y) => ((stand.X - x) * (stand.X - x)) + ((stand.Y - y) * (stand.Y - y));
}
