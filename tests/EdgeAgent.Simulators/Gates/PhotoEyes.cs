namespace EdgeAgent.Simulators.Gates;

/// <summary>What the photo-eyes of a scene show: broken as long as anybody, or a cart, stands in the beam.</summary>
internal static class PhotoEyes
{
    /// <summary>Half the length of a cart along its way. Metres.</summary>
    private const double CartRadiusMetres = 0.5;

    public static IReadOnlyList<EyeEdge> Edges(GateScene scene)
    {
        var edges = new List<EyeEdge>();
        foreach (SceneEye eye in scene.Eyes ?? [])
        {
            SceneLane lane = scene.Lanes.First(l => l.Id == eye.Lane);
            var times = new List<(double From, double Until)>();
            foreach (SceneWalker walker in scene.Walkers ?? [])
            {
                if (walker.BreaksEye)
                {
                    times.AddRange(new Walk(walker.StartSeconds, walker.Path, walker.Speed)
                        .Near(eye.Y, RadioModel.BodyRadiusMetres, lane.FromX, lane.ToX));
                }
            }
            foreach (SceneCart cart in scene.Carts ?? [])
            {
                times.AddRange(new Walk(cart.StartSeconds, cart.Path, cart.Speed).Near(eye.Y, CartRadiusMetres, lane.FromX, lane.ToX));
            }
            AddEdges(edges, eye, times, scene.Seconds);
        }
        edges.Sort(static (a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Reader, b.Reader) is var r and not 0 ? r : a.Port.CompareTo(b.Port));
        return edges;
    }

    private static void AddEdges(List<EyeEdge> edges, SceneEye eye, List<(double From, double Until)> broken, double end)
    {
        var instants = new SortedSet<double>(broken.SelectMany(b => new[] { b.From, b.Until }));
        foreach (EyeFault fault in eye.Stuck ?? [])
        {
            instants.Add(fault.FromSeconds);
            instants.Add(fault.UntilSeconds ?? end);
        }
        bool shown = false;
        foreach (double t in instants)
        {
            if (t < 0 || t > end)
            {
                continue;
            }
            bool shows = (eye.Stuck ?? []).FirstOrDefault(f => t >= f.FromSeconds && t < (f.UntilSeconds ?? double.PositiveInfinity)) is EyeFault fault
                ? fault.Broken
                : broken.Any(b => t >= b.From && t < b.Until);
            if (shows != shown)
            {
                edges.Add(new EyeEdge(GateSimulation.Time(t), eye.Reader, eye.Port, shows));
                shown = shows;
            }
        }
    }
}
