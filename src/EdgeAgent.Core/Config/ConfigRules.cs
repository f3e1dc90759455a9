using System.Globalization;

namespace EdgeAgent.Core.Config;

/// <summary>What must hold between values: ranges, names, references. Finds everything at once.</summary>
internal static class ConfigRules
{
    public static void Check(DeviceConfig config, List<ConfigError> errors)
    {
        Range(config.Version, 1, int.MaxValue, "$.version");
        Name(config.Store.Tenant, "$.store.tenant");
        Name(config.Store.Store, "$.store.store");
        Name(config.Store.Box, "$.store.box");
        CheckCameras(config);
        CheckReaders(config);
        CheckGates(config);
        CheckCheckout(config.Checkout);
        Range(config.Models.Threads, 1, 8, "$.models.threads");
        if (config.Models.PeopleThreshold is double threshold)
        {
            Range(threshold, 0, 1, "$.models.peopleThreshold");
        }
        Range(config.Visits.ConfirmFrames, 1, 30, "$.visits.confirmFrames");
        Range(config.Visits.LostSeconds, 0.2, 10, "$.visits.lostSeconds");
        Range(config.Visits.AbsentSeconds, 5, 86_400, "$.visits.absentSeconds");
        if (config.Broker is BrokerConfig broker)
        {
            Range(broker.Port, 1, 65_535, "$.broker.port");
            Range(broker.KeepaliveSeconds, 5, 300, "$.broker.keepaliveSeconds");
            if (broker.Host.Length == 0)
            {
                errors.Add(new ConfigError("$.broker.host", "bad-value", "a host name or address is needed."));
            }
        }
        Range(config.Outbox.MaxMegabytes, 1, 4096, "$.outbox.maxMegabytes");
        Range(config.Outbox.MaxDays, 1, 90, "$.outbox.maxDays");

        void CheckCameras(DeviceConfig c)
        {
            Unique(c.Cameras.Select(camera => camera.Id), "$.cameras", "id");
            Unique(c.Cameras.SelectMany(camera => camera.Doors.Select(d => d.Id).Concat(camera.Lines.Select(l => l.Id))), "$.cameras", "door or line id");
            for (int i = 0; i < c.Cameras.Count; i++)
            {
                CameraConfig camera = c.Cameras[i];
                string path = $"$.cameras[{i}]";
                Name(camera.Id, path + ".id");
                Source(camera.Source, path + ".source", ["clip:", "rtsp://", "rtsps://", "http://", "https://", "v4l2:"]);
                Range(camera.Fps, 1, 30, path + ".fps");
                Range(camera.Width, 160, 1920, path + ".width");
                Range(camera.StallSeconds, 1, 60, path + ".stallSeconds");
                if (camera.Width % 2 != 0)
                {
                    errors.Add(new ConfigError(path + ".width", "out-of-range", $"{camera.Width} is odd; an even width is needed."));
                }
                for (int d = 0; d < camera.Doors.Count; d++)
                {
                    Name(camera.Doors[d].Id, $"{path}.doors[{d}].id");
                }
                for (int l = 0; l < camera.Lines.Count; l++)
                {
                    LineConfig line = camera.Lines[l];
                    Name(line.Id, $"{path}.lines[{l}].id");
                    Place(line.From, $"{path}.lines[{l}].from");
                    Place(line.To, $"{path}.lines[{l}].to");
                    if (line.From == line.To)
                    {
                        errors.Add(new ConfigError($"{path}.lines[{l}]", "bad-value", "the line has no length."));
                    }
                }
            }
        }

        void CheckReaders(DeviceConfig c)
        {
            Unique(c.Readers.Select(reader => reader.Id), "$.readers", "id");
            for (int i = 0; i < c.Readers.Count; i++)
            {
                ReaderConfig reader = c.Readers[i];
                string path = $"$.readers[{i}]";
                Name(reader.Id, path + ".id");
                Source(reader.Source, path + ".source", ["llrp:", "reads:"]);
                Unique(reader.Antennas.Select(a => a.Id.ToString(CultureInfo.InvariantCulture)), path + ".antennas", "id");
                if (reader.Antennas.Count == 0)
                {
                    errors.Add(new ConfigError(path + ".antennas", "missing", "a reader needs at least one antenna."));
                }
                for (int a = 0; a < reader.Antennas.Count; a++)
                {
                    Range(reader.Antennas[a].Id, 1, 65_535, $"{path}.antennas[{a}].id");
                }
                Range(reader.TxPowerDbm, 0, 33, path + ".txPowerDbm");
                Range(reader.Session, 0, 3, path + ".session");
                Range(reader.TagPopulation, 1, 1000, path + ".tagPopulation");
                Range(reader.KeepaliveSeconds, 1, 60, path + ".keepaliveSeconds");
            }
        }

        void CheckGates(DeviceConfig c)
        {
            Unique(c.Gates.Select(gate => gate.Id), "$.gates", "id");
            var readers = c.Readers.Select(r => r.Id).ToHashSet();
            var exits = c.Cameras.SelectMany(camera => camera.Doors.Select(d => d.Id).Concat(camera.Lines.Select(l => l.Id))).ToHashSet();
            for (int i = 0; i < c.Gates.Count; i++)
            {
                GateConfig gate = c.Gates[i];
                string path = $"$.gates[{i}]";
                Name(gate.Id, path + ".id");
                Known(gate.Readers, readers, path + ".readers", "reader");
                Known(gate.Exits, exits, path + ".exits", "door or line");
                Range(gate.SettleSeconds, 0.3, 10, path + ".settleSeconds");
                Range(gate.MaxWindowSeconds, 2, 60, path + ".maxWindowSeconds");
                Range(gate.MinReads, 1, 100, path + ".minReads");
                Range(gate.StaticSeconds, 10, 600, path + ".staticSeconds");
                Range(gate.LateSeconds, 0.5, 30, path + ".lateSeconds");
                Range(gate.CrossingSeconds, 0.2, 10, path + ".crossingSeconds");
            }
        }

        void CheckCheckout(CheckoutConfig checkout)
        {
            if (checkout.Currency.Length != 3 || !checkout.Currency.All(char.IsAsciiLetterUpper))
            {
                errors.Add(new ConfigError("$.checkout.currency", "bad-value", $"\"{checkout.Currency}\" is not an ISO 4217 code like EUR."));
            }
            Unique(checkout.PriceBook.Select(p => p.Gtin), "$.checkout.priceBook", "gtin");
            for (int i = 0; i < checkout.PriceBook.Count; i++)
            {
                string path = $"$.checkout.priceBook[{i}]";
                if (!Checkout.Gtin.IsValid14(checkout.PriceBook[i].Gtin))
                {
                    errors.Add(new ConfigError(path + ".gtin", "bad-value", $"\"{checkout.PriceBook[i].Gtin}\" is not 14 digits with a right check digit."));
                }
                Range(checkout.PriceBook[i].Price, 0, 1_000_000_000, path + ".price");
            }
            Range(checkout.RiskLimit, 0, 1_000_000_000, "$.checkout.riskLimit");
        }

        void Range(double value, double min, double max, string path)
        {
            if (!(value >= min && value <= max))
            {
                errors.Add(new ConfigError(path, "out-of-range", string.Create(CultureInfo.InvariantCulture, $"{value} is not between {min} and {max}.")));
            }
        }

        void Place(Point p, string path)
        {
            if (p.X is not (>= 0 and <= 1) || p.Y is not (>= 0 and <= 1))
            {
                errors.Add(new ConfigError(path, "out-of-range", string.Create(CultureInfo.InvariantCulture, $"[{p.X}, {p.Y}] lies outside the picture; both are fractions from 0 to 1.")));
            }
        }

        // Names stand in MQTT topics and file names: nothing but these may pass.
        void Name(string value, string path)
        {
            if (value.Length is < 1 or > 32 || !value.All(ch => ch is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                errors.Add(new ConfigError(path, "bad-value", $"\"{value}\" is not a name of 1 to 32 of a-z, 0-9 and -."));
            }
        }

        void Source(string value, string path, string[] kinds)
        {
            if (!kinds.Any(kind => value.StartsWith(kind, StringComparison.Ordinal) && value.Length > kind.Length))
            {
                errors.Add(new ConfigError(path, "bad-value", $"\"{value}\" does not start with one of {string.Join(" ", kinds)}."));
            }
        }

        void Unique(IEnumerable<string> values, string path, string what)
        {
            foreach (IGrouping<string, string> same in values.GroupBy(v => v).Where(g => g.Count() > 1))
            {
                errors.Add(new ConfigError(path, "duplicate", $"the {what} \"{same.Key}\" is used {same.Count()} times."));
            }
        }

        void Known(IReadOnlyList<string> names, HashSet<string> known, string path, string what)
        {
            for (int i = 0; i < names.Count; i++)
            {
                if (!known.Contains(names[i]))
                {
                    string list = known.Count == 0 ? "none is configured" : "there are " + string.Join(", ", known.Order(StringComparer.Ordinal));
                    errors.Add(new ConfigError($"{path}[{i}]", "dangling", $"no {what} is called \"{names[i]}\"; {list}."));
                }
            }
        }
    }
}
