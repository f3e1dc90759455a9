using System.Globalization;

namespace EdgeAgent.Core.Config;

/// <summary>What must hold between values: ranges, names, references. Finds everything at once, in the order of the document.</summary>
internal sealed class ConfigRules
{
    private readonly List<ConfigError> _errors;

    private ConfigRules(List<ConfigError> errors) => _errors = errors;

    /// <summary>Adds to <paramref name="errors"/> whatever is wrong with <paramref name="config"/>.</summary>
    public static void Check(DeviceConfig config, List<ConfigError> errors)
    {
        var rules = new ConfigRules(errors);
        rules.Range(config.Version, 1, int.MaxValue, "$.version");
        rules.CheckStore(config.Store);
        rules.CheckCameras(config.Cameras);
        rules.CheckReaders(config.Readers);
        rules.CheckGates(config);
        rules.CheckCheckout(config.Checkout);
        rules.CheckModels(config.Models);
        rules.CheckVisits(config.Visits);
        rules.CheckBroker(config.Broker);
        rules.CheckOutbox(config.Outbox);
    }

    private void CheckStore(StoreConfig store)
    {
        Name(store.Tenant, "$.store.tenant");
        Name(store.Store, "$.store.store");
        Name(store.Box, "$.store.box");
    }

    private void CheckCameras(IReadOnlyList<CameraConfig> cameras)
    {
        Unique(cameras.Select(camera => camera.Id), "$.cameras", "id");
        Unique(cameras.SelectMany(ExitsOf), "$.cameras", "door or line id");
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraConfig camera = cameras[i];
            string path = $"$.cameras[{i}]";
            Name(camera.Id, path + ".id");
            Source(camera.Source, path + ".source", ["clip:", "rtsp://", "rtsps://", "http://", "https://", "v4l2:"]);
            Range(camera.Fps, 1, 30, path + ".fps");
            Range(camera.Width, 160, 1920, path + ".width");
            if (camera.Width % 2 != 0)
            {
                Add(path + ".width", "out-of-range", $"{camera.Width} is odd; an even width is needed.");
            }
            for (int d = 0; d < camera.Doors.Count; d++)
            {
                Name(camera.Doors[d].Id, $"{path}.doors[{d}].id");
            }
            for (int l = 0; l < camera.Lines.Count; l++)
            {
                CheckLine(camera.Lines[l], $"{path}.lines[{l}]");
            }
            Range(camera.StallSeconds, 1, 60, path + ".stallSeconds");
        }
    }

    private void CheckLine(LineConfig line, string path)
    {
        Name(line.Id, path + ".id");
        Place(line.From, path + ".from");
        Place(line.To, path + ".to");
        if (line.From == line.To)
        {
            Add(path, "bad-value", "the line has no length.");
        }
    }

    private void CheckReaders(IReadOnlyList<ReaderConfig> readers)
    {
        Unique(readers.Select(reader => reader.Id), "$.readers", "id");
        for (int i = 0; i < readers.Count; i++)
        {
            ReaderConfig reader = readers[i];
            string path = $"$.readers[{i}]";
            Name(reader.Id, path + ".id");
            Source(reader.Source, path + ".source", ["llrp:", "reads:"]);
            if (reader.Source.StartsWith("llrp://", StringComparison.Ordinal)
                && !(Uri.TryCreate(reader.Source, UriKind.Absolute, out Uri? address) && address.Host.Length > 0 && address.Port != 0))
            {
                Add(path + ".source", "bad-value", $"\"{reader.Source}\" is not llrp://HOST[:PORT].");
            }
            Unique(reader.Antennas.Select(a => a.Id.ToString(CultureInfo.InvariantCulture)), path + ".antennas", "id");
            if (reader.Antennas.Count == 0)
            {
                Add(path + ".antennas", "missing", "a reader needs at least one antenna.");
            }
            for (int a = 0; a < reader.Antennas.Count; a++)
            {
                Range(reader.Antennas[a].Id, 0, 65_535, $"{path}.antennas[{a}].id");
            }
            Range(reader.TxPowerDbm, 0, 33, path + ".txPowerDbm");
            Range(reader.Session, 0, 3, path + ".session");
            Range(reader.TagPopulation, 1, 1000, path + ".tagPopulation");
            Range(reader.KeepaliveSeconds, 1, 60, path + ".keepaliveSeconds");
        }
    }

    private void CheckGates(DeviceConfig config)
    {
        Unique(config.Gates.Select(gate => gate.Id), "$.gates", "id");
        var readers = config.Readers.Select(r => r.Id).ToHashSet();
        var exits = config.Cameras.SelectMany(ExitsOf).ToHashSet();
        for (int i = 0; i < config.Gates.Count; i++)
        {
            GateConfig gate = config.Gates[i];
            string path = $"$.gates[{i}]";
            Name(gate.Id, path + ".id");
            Known(gate.Readers, readers, path + ".readers", "reader");
            Known(gate.Exits, exits, path + ".exits", "door or line");
            Range(gate.SettleSeconds, 0.3, 10, path + ".settleSeconds");
            Range(gate.MaxWindowSeconds, 2, 60, path + ".maxWindowSeconds");
            Range(gate.MinReads, 1, 100, path + ".minReads");
            // Wide, for readers whose units are not dBm; only the infinite is refused.
            Range(gate.StrongRssiDbm, -100_000, 100_000, path + ".strongRssiDbm");
            Range(gate.StaticSeconds, 10, 600, path + ".staticSeconds");
            Range(gate.LateSeconds, 0.5, 30, path + ".lateSeconds");
            Range(gate.CrossingSeconds, 0.2, 10, path + ".crossingSeconds");
            // Else a bag is decided before the camera can say who left, and falls to whoever left earlier.
            if (gate.LateSeconds >= 0.5 && gate.SettleSeconds + gate.LateSeconds < config.Visits.LostSeconds
                && config.Cameras.Any(c => c.Doors.Any(d => gate.Exits.Contains(d.Id))))
            {
                Add(path + ".lateSeconds", "out-of-range", string.Create(
                    CultureInfo.InvariantCulture,
                    $"settleSeconds + lateSeconds is {gate.SettleSeconds + gate.LateSeconds}, but a camera needs visits.lostSeconds = {config.Visits.LostSeconds} to say who left by a door."));
            }
        }
    }

    private void CheckCheckout(CheckoutConfig checkout)
    {
        if (checkout.Currency.Length != 3 || !checkout.Currency.All(char.IsAsciiLetterUpper))
        {
            Add("$.checkout.currency", "bad-value", $"\"{checkout.Currency}\" is not an ISO 4217 code like EUR.");
        }
        Unique(checkout.PriceBook.Select(p => p.Gtin), "$.checkout.priceBook", "gtin");
        for (int i = 0; i < checkout.PriceBook.Count; i++)
        {
            string path = $"$.checkout.priceBook[{i}]";
            if (!Checkout.Gtin.IsValid14(checkout.PriceBook[i].Gtin))
            {
                Add(path + ".gtin", "bad-value", $"\"{checkout.PriceBook[i].Gtin}\" is not 14 digits with a right check digit.");
            }
            Range(checkout.PriceBook[i].Price, 0, 1_000_000_000, path + ".price");
        }
        Range(checkout.RiskLimit, 0, 1_000_000_000, "$.checkout.riskLimit");
    }

    private void CheckModels(ModelsConfig models)
    {
        if (models.PeopleThreshold is double threshold)
        {
            Range(threshold, 0, 1, "$.models.peopleThreshold");
        }
        Range(models.Threads, 1, 8, "$.models.threads");
    }

    private void CheckVisits(VisitsConfig visits)
    {
        Range(visits.ConfirmFrames, 1, 30, "$.visits.confirmFrames");
        Range(visits.LostSeconds, 0.2, 10, "$.visits.lostSeconds");
        Range(visits.AbsentSeconds, 5, 86_400, "$.visits.absentSeconds");
    }

    private void CheckBroker(BrokerConfig? broker)
    {
        if (broker is null)
        {
            return;
        }
        if (broker.Host.Length == 0)
        {
            Add("$.broker.host", "bad-value", "a host name or address is needed.");
        }
        Range(broker.Port, 1, 65_535, "$.broker.port");
        Range(broker.KeepaliveSeconds, 5, 300, "$.broker.keepaliveSeconds");
    }

    private void CheckOutbox(OutboxConfig outbox)
    {
        Range(outbox.MaxMegabytes, 1, 4096, "$.outbox.maxMegabytes");
        Range(outbox.MaxDays, 1, 90, "$.outbox.maxDays");
    }

    private static IEnumerable<string> ExitsOf(CameraConfig camera) => camera.Doors.Select(d => d.Id).Concat(camera.Lines.Select(l => l.Id));

    private void Range(double value, double min, double max, string path)
    {
        if (!(value >= min && value <= max))
        {
            Add(path, "out-of-range", string.Create(CultureInfo.InvariantCulture, $"{value} is not between {min} and {max}."));
        }
    }

    private void Place(Point p, string path)
    {
        if (p.X is not (>= 0 and <= 1) || p.Y is not (>= 0 and <= 1))
        {
            Add(path, "out-of-range", string.Create(CultureInfo.InvariantCulture, $"[{p.X}, {p.Y}] lies outside the picture; both are fractions from 0 to 1."));
        }
    }

    // Names stand in MQTT topics and file names: nothing but these may pass.
    private void Name(string value, string path)
    {
        if (value.Length is < 1 or > 32 || !value.All(ch => ch is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
        {
            Add(path, "bad-value", $"\"{value}\" is not a name of 1 to 32 of a-z, 0-9 and -.");
        }
    }

    private void Source(string value, string path, string[] kinds)
    {
        if (!kinds.Any(kind => value.StartsWith(kind, StringComparison.Ordinal) && value.Length > kind.Length))
        {
            Add(path, "bad-value", $"\"{value}\" does not start with one of {string.Join(" ", kinds)}.");
        }
    }

    private void Unique(IEnumerable<string> values, string path, string what)
    {
        foreach (IGrouping<string, string> same in values.GroupBy(v => v).Where(g => g.Count() > 1))
        {
            Add(path, "duplicate", $"the {what} \"{same.Key}\" is used {same.Count()} times.");
        }
    }

    private void Known(IReadOnlyList<string> names, HashSet<string> known, string path, string what)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (!known.Contains(names[i]))
            {
                string list = known.Count == 0 ? "none is configured" : "there are " + string.Join(", ", known.Order(StringComparer.Ordinal));
                Add($"{path}[{i}]", "dangling", $"no {what} is called \"{names[i]}\"; {list}.");
            }
        }
    }

    private void Add(string path, string code, string message) => _errors.Add(new ConfigError(path, code, message));
}
