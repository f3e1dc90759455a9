using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core;

namespace EdgeAgent.Simulators.Gates;

/// <summary>How somebody's way at a gate went.</summary>
public enum PassageKind
{
    /// <summary>Walked out and at least a metre beyond the line, or was last seen outside.</summary>
    Left,

    /// <summary>Came in from outside.</summary>
    Entered,

    /// <summary>Came within 0.8 m of the line or a little over it, and went back.</summary>
    TurnedBack,

    /// <summary>Came within 2.5 m of the line and went on inside.</summary>
    PassedBy,
}

/// <summary>What one walker did at one lane.</summary>
/// <param name="At">When the line was crossed; without a crossing, when the walker was nearest to it.</param>
/// <param name="GateClear">When the walker was a metre beyond the line, or vanished.</param>
/// <param name="EyeClear">When the lane's photo-eye was whole again; null without one or when nothing broke it.</param>
/// <param name="Epcs">What was carried, every EPC once, that a reader can read.</param>
/// <param name="Unreadable">Carried in foil.</param>
/// <param name="Foreign">Carried, readable, but no stock of this shop.</param>
/// <param name="Sold">Carried and sold before.</param>
/// <param name="Billed">Whether a bag should come of it: somebody left who buys, with at least one EPC.</param>
public sealed record ScenePassage(
    string Walker, string Lane, PassageKind Kind, double At, double GateClear, double? EyeClear, IReadOnlyList<Epc> Epcs,
    IReadOnlyList<Epc> Unreadable, IReadOnlyList<Epc> Foreign, IReadOnlyList<Epc> Sold, WalkerKind WalkerKind, bool Session, bool Billed, string? Decision);

/// <summary>What really happened in a scene, known from how it was made and not from what was read.</summary>
/// <param name="Static">Stock that never moved.</param>
public sealed record GateTruth(IReadOnlyList<ScenePassage> Passages, IReadOnlyList<Epc> Static)
{
    /// <summary>How far from the true time a bag may be found, seconds.</summary>
    public const double ToleranceSeconds = 2;

    private const double BeyondMetres = 1.0;
    private const double AtLineMetres = 0.8;
    private const double NearMetres = 2.5;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The passages of which a bag should come.</summary>
    public IEnumerable<ScenePassage> Bags => Passages.Where(p => p.Billed);

    public static GateTruth Of(GateScene scene)
    {
        var passages = new List<ScenePassage>();
        foreach (SceneWalker walker in scene.Walkers ?? [])
        {
            var walk = new Walk(walker.StartSeconds, walker.Path, walker.Speed);
            IReadOnlyList<SceneCart> carts = [.. (scene.Carts ?? []).Where(c => c.By == walker.Id)];
            foreach (SceneLane lane in scene.Lanes)
            {
                AddPassages(passages, scene, walker, walk, lane, carts);
            }
        }
        foreach (SceneCart cart in (scene.Carts ?? []).Where(c => c.By is null && c.Path.Count > 1))
        {
            // Pushed by nobody who was drawn: a passage of its own.
            var pusher = new SceneWalker(cart.Id, cart.StartSeconds, cart.Path, Speed: cart.Speed);
            foreach (SceneLane lane in scene.Lanes)
            {
                AddPassages(passages, scene, pusher, new Walk(cart.StartSeconds, cart.Path, cart.Speed), lane, [cart]);
            }
        }
        passages.Sort(static (a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Walker, b.Walker));
        IEnumerable<Epc> standing = (scene.Shelves ?? []).SelectMany(s => s.Tags).SelectMany(TagGroups.Expand)
            .Concat((scene.Carts ?? []).Where(c => !passages.Any(p => p.Kind == PassageKind.Left && (p.Walker == c.By || p.Walker == c.Id)))
                .SelectMany(c => c.Tags).SelectMany(TagGroups.Expand));
        return new GateTruth(passages, [.. standing.Distinct()]);
    }

    /// <summary>As a truth.json that a replay scores; keys beyond <c>bags</c> are for whoever wants to know more.</summary>
    public string ToJson()
    {
        var bags = new JsonArray([.. Bags.Select(static b =>
        {
            var bag = new JsonObject { ["t"] = Round(b.At), ["tol"] = ToleranceSeconds, ["epcs"] = Hex(b.Epcs) };
            if (b.Decision is not null)
            {
                bag["decision"] = b.Decision;
            }
            bag["walker"] = b.Walker;
            bag["gate"] = b.Lane;
            return (JsonNode)bag;
        })]);
        var passages = new JsonArray([.. Passages.Select(static p => (JsonNode)new JsonObject
        {
            ["walker"] = p.Walker,
            ["kind"] = JsonNamingPolicy.KebabCaseLower.ConvertName(p.Kind.ToString()),
            ["who"] = JsonNamingPolicy.KebabCaseLower.ConvertName(p.WalkerKind.ToString()),
            ["gate"] = p.Lane,
            ["t"] = Round(p.At),
            ["eyeClear"] = p.EyeClear is double clear ? Round(clear) : null,
            ["gateClear"] = Round(p.GateClear),
            ["session"] = p.Session,
            ["epcs"] = Hex(p.Epcs),
            ["unreadable"] = Hex(p.Unreadable),
            ["foreign"] = Hex(p.Foreign),
            ["sold"] = Hex(p.Sold),
        })]);
        var truth = new JsonObject { ["tol"] = ToleranceSeconds, ["bags"] = bags, ["passages"] = passages, ["static"] = Hex(Static) };
        return truth.ToJsonString(s_indented) + "\n";
    }

    private static void AddPassages(
        List<ScenePassage> passages, GateScene scene, SceneWalker walker, Walk walk, SceneLane lane, IReadOnlyList<SceneCart> carts)
    {
        List<(double T, bool Out)> crossings = [.. walk.Crossings(lane.Y, lane.FromX, lane.ToX)];
        // Who takes one lane has not passed by the others.
        bool any = scene.Lanes.Any(l => walk.Crossings(l.Y, l.FromX, l.ToX).Any());
        for (int i = 0; i < crossings.Count; i++)
        {
            (double t, bool outwards) = crossings[i];
            double until = i + 1 < crossings.Count ? crossings[i + 1].T : walk.End;
            if (!outwards)
            {
                // Back over the line after a step out is the same turning back.
                bool stepped = i > 0 && walk.FarthestY(crossings[i - 1].T, t) < lane.Y + BeyondMetres;
                if (!stepped)
                {
                    passages.Add(Passage(PassageKind.Entered, t, until));
                }
                continue;
            }
            bool left = until >= walk.End || walk.FarthestY(t, until) >= lane.Y + BeyondMetres;
            passages.Add(Passage(left ? PassageKind.Left : PassageKind.TurnedBack, t, until));
        }
        if (!any && Nearest(walk, lane) is (double at, double metres))
        {
            passages.Add(Passage(metres <= AtLineMetres ? PassageKind.TurnedBack : PassageKind.PassedBy, at, walk.End));
        }

        ScenePassage Passage(PassageKind kind, double t, double until)
        {
            bool billed = kind == PassageKind.Left && (walker.Billed ?? walker.Kind != WalkerKind.Staff);
            (List<Epc> epcs, List<Epc> unreadable, List<Epc> foreign, List<Epc> sold) = Carried(walker, carts, t);
            return new ScenePassage(
                walker.Id, lane.Id, kind, t, ClearOf(walk, lane, t, until), EyeClear(scene, walker, walk, lane, t), epcs, unreadable, foreign, sold,
                walker.Kind, walker.Session, billed && epcs.Count > 0, walker.Decision);
        }
    }

    private static (List<Epc> Epcs, List<Epc> Unreadable, List<Epc> Foreign, List<Epc> Sold) Carried(
        SceneWalker walker, IReadOnlyList<SceneCart> carts, double t)
    {
        var lists = (Epcs: new List<Epc>(), Unreadable: new List<Epc>(), Foreign: new List<Epc>(), Sold: new List<Epc>());
        foreach (SceneItem item in walker.Items ?? [])
        {
            if (t < (item.FromSeconds ?? double.NegativeInfinity) || t > (item.UntilSeconds ?? double.PositiveInfinity))
            {
                continue;
            }
            List<Epc> list = item.Foreign ? lists.Foreign : item.Sold ? lists.Sold : item.Placement == Placement.Foil ? lists.Unreadable : lists.Epcs;
            list.AddRange(TagGroups.Expand(item.Tags).Where(e => !list.Contains(e)));
        }
        lists.Epcs.AddRange(carts.Where(c => t >= c.StartSeconds).SelectMany(c => c.Tags).SelectMany(TagGroups.Expand));
        return lists;
    }

    private static (double At, double Metres)? Nearest(Walk walk, SceneLane lane)
    {
        (double At, double Metres)? nearest = null;
        for (double t = walk.Start; t <= walk.End; t += 0.05)
        {
            Stand stand = walk.At(t);
            double dx = Math.Max(0, Math.Max(lane.FromX - stand.X, stand.X - lane.ToX));
            double metres = Math.Sqrt((dx * dx) + ((stand.Y - lane.Y) * (stand.Y - lane.Y)));
            if (metres <= NearMetres && (nearest is null || metres < nearest.Value.Metres))
            {
                nearest = (t, metres);
            }
        }
        return nearest;
    }

    private static double ClearOf(Walk walk, SceneLane lane, double t, double until)
    {
        double clear = t;
        while (clear < until && Math.Abs(walk.At(clear).Y - lane.Y) < BeyondMetres)
        {
            clear += 0.01;
        }
        return Math.Min(clear, until);
    }

    private static double? EyeClear(GateScene scene, SceneWalker walker, Walk walk, SceneLane lane, double t)
    {
        double? clear = null;
        foreach (SceneEye eye in (scene.Eyes ?? []).Where(e => e.Lane == lane.Id && walker.BreaksEye))
        {
            foreach ((double from, double until) in walk.Near(eye.Y, RadioModel.BodyRadiusMetres, lane.FromX, lane.ToX))
            {
                if (from <= t + 1 && until >= t - 1)
                {
                    clear = Math.Max(clear ?? until, until);
                }
            }
        }
        return clear;
    }

    private static double Round(double seconds) => Math.Round(seconds, 3);

    private static JsonArray Hex(IEnumerable<Epc> epcs) => new([.. epcs.Select(e => (JsonNode)e.ToHex())]);
}
