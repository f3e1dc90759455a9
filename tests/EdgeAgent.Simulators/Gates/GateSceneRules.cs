using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Epcs;

namespace EdgeAgent.Simulators.Gates;

/// <summary>What must hold in a scene beyond its shape: ranges, names, references. Finds every error at once.</summary>
internal sealed class GateSceneRules
{
    private const double MaxMetres = 1000;
    private const double MaxSeconds = 86_400;
    private const int MaxTags = 100_000;

    private readonly List<ConfigError> _errors = [];
    private readonly GateScene _scene;
    private long _tags;

    private GateSceneRules(GateScene scene) => _scene = scene;

    public static IReadOnlyList<ConfigError> Check(GateScene scene)
    {
        var rules = new GateSceneRules(scene);
        rules.CheckAll();
        return rules._errors;
    }

    private void CheckAll()
    {
        Range(_scene.Seconds, 0.1, MaxSeconds, "$.seconds");
        if (_scene.Readers.Count == 0)
        {
            Add("$.readers", "missing", "a scene needs at least one reader.");
        }
        Unique(_scene.Readers.Select(r => r.Id), "$.readers", "id");
        Unique(_scene.Lanes.Select(l => l.Id), "$.lanes", "id");
        Unique((_scene.Walkers ?? []).Select(w => w.Id), "$.walkers", "id");
        Each(_scene.Readers, "$.readers", CheckReader);
        Each(_scene.Lanes, "$.lanes", (lane, path) =>
        {
            if (!(lane.FromX < lane.ToX))
            {
                Add(path + ".toX", "out-of-range", "must lie to the right of fromX.");
            }
        });
        Each(_scene.Eyes, "$.eyes", (eye, path) =>
        {
            Known(eye.Reader, _scene.Readers.Any(r => r.Id == eye.Reader), path + ".reader", "reader");
            Known(eye.Lane, _scene.Lanes.Any(l => l.Id == eye.Lane), path + ".lane", "lane");
            Range(eye.Port, 1, 65_535, path + ".port");
        });
        Each(_scene.Shelves, "$.shelves", (shelf, path) =>
        {
            CheckPlace(shelf.At, path + ".at");
            Each(shelf.Tags, path + ".tags", CheckTags);
            Range(shelf.JitterDb, 0, 20, path + ".jitterDb");
            Range(shelf.SpreadMetres, 0, 20, path + ".spreadMetres");
        });
        Each(_scene.Carts, "$.carts", (cart, path) =>
        {
            Each(cart.Tags, path + ".tags", CheckTags);
            CheckPath(cart.Path, cart.Speed, cart.StartSeconds, path);
            if (cart.By is string by)
            {
                Known(by, (_scene.Walkers ?? []).Any(w => w.Id == by), path + ".by", "walker");
            }
        });
        Each(_scene.References, "$.references", (tag, path) =>
        {
            CheckEpc(tag.Epc, path + ".epc");
            Known($"{tag.Reader}/{tag.Antenna}", _scene.Readers.Any(r => r.Id == tag.Reader && r.Antennas.Any(a => a.Id == tag.Antenna)), path, "antenna");
            Range(tag.DistanceMetres, 0.1, 10, path + ".distanceMetres");
        });
        Each(_scene.Walkers, "$.walkers", CheckWalker);
        CheckWire();
        if (_errors.Count == 0)
        {
            CheckMeant();
        }
        if (_tags > MaxTags)
        {
            Add("$", "out-of-range", $"the scene has {_tags} tags; at most {MaxTags} are simulated.");
        }
    }

    private void CheckReader(SceneReader reader, string path)
    {
        Name(reader.Id, path + ".id");
        Range(reader.TxPowerDbm, 0, 33, path + ".txPowerDbm");
        Range(reader.Session, 0, 3, path + ".session");
        Range(reader.TagsPerSecond, 1, 1100, path + ".tagsPerSecond");
        Unique(reader.Antennas.Select(a => a.Id.ToString(CultureInfo.InvariantCulture)), path + ".antennas", "id");
        if (reader.Antennas.Count == 0)
        {
            Add(path + ".antennas", "missing", "a reader needs at least one antenna.");
        }
        Each(reader.Antennas, path + ".antennas", (antenna, at) =>
        {
            Range(antenna.Id, 1, 65_535, at + ".id");
            CheckPlace(antenna.At, at + ".at");
            Range(antenna.GainDbi, -10, 20, at + ".gainDbi");
            Range(antenna.TxPowerDbm ?? 0, 0, 33, at + ".txPowerDbm");
            Range(antenna.CycleMs, 5, 1000, at + ".cycleMs");
            if (!(antenna.Towards.Length is > 1e-6 and < 1e6))
            {
                Add(at + ".towards", "out-of-range", "the antenna must look somewhere: the direction has no length.");
            }
        });
    }

    private void CheckWalker(SceneWalker walker, string path)
    {
        Name(walker.Id, path + ".id");
        CheckPath(walker.Path, walker.Speed, walker.StartSeconds, path);
        Range(walker.HeightMetres, 0.5, 2.5, path + ".heightMetres");
        if (walker.Decision is not (null or "settled" or "held"))
        {
            Add(path + ".decision", "bad-value", $"\"{walker.Decision}\" is neither settled nor held.");
        }
        Each(walker.Items, path + ".items", (item, at) =>
        {
            CheckTags(item.Tags, at);
            Range(item.TagCount, 1, 10, at + ".tagCount");
            Range(item.LossDb ?? 0, 0, 100, at + ".lossDb");
            if (item.FromSeconds > item.UntilSeconds)
            {
                Add(at + ".untilSeconds", "out-of-range", "lies before fromSeconds.");
            }
        });
    }

    private void CheckPath(IReadOnlyList<Waypoint> waypoints, double speed, double start, string path)
    {
        Range(start, 0, MaxSeconds, path + ".startSeconds");
        Range(speed, 0.05, 10, path + ".speed");
        if (waypoints.Count == 0)
        {
            Add(path + ".path", "missing", "a path has at least one waypoint.");
        }
        Each(waypoints, path + ".path", (w, at) =>
        {
            Range(w.X, -MaxMetres, MaxMetres, at + ".x");
            Range(w.Y, -MaxMetres, MaxMetres, at + ".y");
            Range(w.Speed ?? 1, 0.05, 10, at + ".speed");
            Range(w.PauseSeconds, 0, MaxSeconds, at + ".pauseSeconds");
        });
    }

    private void CheckTags(SceneTags tags, string path)
    {
        Range(tags.Count, 1, 10_000, path + ".count");
        _tags += tags.Count;
        if ((tags.Epc is null) == (tags.Gtin is null))
        {
            Add(path, "missing", "either epc or gtin is needed, not both.");
        }
        else if (tags.Epc is string hex)
        {
            CheckEpc(hex, path + ".epc");
        }
        else if (!Sgtin96.TryEncode(tags.Gtin!, tags.CompanyDigits, tags.Filter, tags.Serial, out _, out string error)
            || !Sgtin96.TryEncode(tags.Gtin!, tags.CompanyDigits, tags.Filter, tags.Serial + (ulong)tags.Count, out _, out error))
        {
            Add(path + ".gtin", "bad-value", error);
        }
    }

    private void CheckWire()
    {
        if (_scene.Wire is not SceneWire wire)
        {
            return;
        }
        Range(wire.ReportMs, 0, 10_000, "$.wire.reportMs");
        Range(wire.ChunkBytes, 0, 65_536, "$.wire.chunkBytes");
        Range(wire.LatencyMs, 0, 60_000, "$.wire.latencyMs");
        Range(wire.ClockErrorSeconds, -1e9, 1e9, "$.wire.clockErrorSeconds");
        Each(wire.Faults, "$.wire.faults", (fault, path) =>
        {
            Range(fault.AtSeconds, 0, MaxSeconds, path + ".atSeconds");
            Range(fault.ForSeconds, 0, MaxSeconds, path + ".forSeconds");
            if (fault.Reader is string reader)
            {
                Known(reader, _scene.Readers.Any(r => r.Id == reader), path + ".reader", "reader");
            }
        });
    }

    private void CheckMeant()
    {
        if (_scene.Truth is not { } meant)
        {
            return;
        }
        string[] made = [.. GateTruth.Of(_scene).Passages.Select(static p => $"{p.Walker} {p.Lane} {p.Kind} {p.Epcs.Count} billed {p.Billed}").Order(StringComparer.Ordinal)];
        string[] said = [.. meant.Select(static p => $"{p.Walker} {p.Lane} {p.Kind} {p.Items} billed {p.Billed}").Order(StringComparer.Ordinal)];
        if (!made.SequenceEqual(said))
        {
            Add("$.truth", "bad-value", $"the walkers do [{string.Join("; ", made)}], not [{string.Join("; ", said)}].");
        }
    }

    private void CheckEpc(string hex, string path)
    {
        if (hex.Length == 0 || !Epc.TryParse(hex, out _))
        {
            Add(path, "bad-value", $"\"{hex}\" is not hexadecimal with an even number of 2 to {Epc.MaxBits / 4} digits.");
        }
    }

    private void CheckPlace(Place at, string path)
    {
        if (!(Math.Abs(at.X) <= MaxMetres && Math.Abs(at.Y) <= MaxMetres && Math.Abs(at.Z) <= MaxMetres))
        {
            Add(path, "out-of-range", $"lies more than {MaxMetres} m away.");
        }
    }

    private void Name(string id, string path)
    {
        if (id.Length is 0 or > 32 || !id.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            Add(path, "bad-value", $"\"{id}\" is not 1 to 32 of a-z 0-9 -.");
        }
    }

    private void Range(double value, double low, double high, string path)
    {
        if (!(value >= low && value <= high))
        {
            Add(path, "out-of-range", string.Create(CultureInfo.InvariantCulture, $"{value} is not between {low} and {high}."));
        }
    }

    private void Known(string name, bool known, string path, string what)
    {
        if (!known)
        {
            Add(path, "dangling", $"there is no {what} \"{name}\" in the scene.");
        }
    }

    private void Unique(IEnumerable<string> names, string path, string key)
    {
        foreach (IGrouping<string, string> twice in names.GroupBy(static n => n).Where(static g => g.Count() > 1))
        {
            Add(path, "duplicate", $"the {key} \"{twice.Key}\" is given {twice.Count()} times.");
        }
    }

    private static void Each<T>(IReadOnlyList<T>? list, string path, Action<T, string> check)
    {
        for (int i = 0; i < (list?.Count ?? 0); i++)
        {
            check(list![i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
        }
    }

    private void Add(string path, string code, string message) => _errors.Add(new ConfigError(path, code, message));
}
