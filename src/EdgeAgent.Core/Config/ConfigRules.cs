using System.Globalization;

namespace EdgeAgent.Core.Config;

/// <summary>What must hold between values: ranges, names, references. Finds everything at once, in the order of the document.</summary>
internal sealed partial class ConfigRules
{
    private readonly List<ConfigError> _errors;

    private ConfigRules(List<ConfigError> errors) => _errors = errors;

    /// <summary>Adds to <paramref name="errors"/> whatever is wrong with <paramref name="config"/>.</summary>
    public static void Check(DeviceConfig config, List<ConfigError> errors)
    {
        var rules = new ConfigRules(errors);
        rules.Range(config.Version, 1, DeviceConfig.LastVersion, "$.version");
        rules.CheckStore(config.Store);
        rules.CheckCameras(config.Cameras);
        rules.CheckReaders(config.Readers);
        rules.CheckGates(config);
        rules.CheckCheckout(config.Checkout);
        rules.CheckModels(config.Models);
        rules.CheckVisits(config.Visits);
        rules.CheckBroker(config.Broker);
        rules.CheckOutbox(config.Outbox);
        rules.CheckProducts(config.Products, config.Models);
        rules.CheckFaces(config);
        rules.CheckCommands(config.Commands);
        rules.CheckCabinets(config);
        rules.CheckFittingRooms(config);
        rules.CheckDashboard(config.Dashboard);
        rules.CheckAggregates(config.Aggregates);
        rules.CheckScenes(config.Scenes);
    }

    /// <summary>Adds to <paramref name="errors"/> whatever is wrong with <paramref name="ceiling"/>.</summary>
    public static void Check(PrivacyCeiling ceiling, List<ConfigError> errors)
    {
        var rules = new ConfigRules(errors);
        rules.Range(ceiling.MinCount, 0, 100, "$.minCount");
        for (int i = 0; i < ceiling.OptInZones.Count; i++)
        {
            rules.Name(ceiling.OptInZones[i], $"$.optInZones[{i}]");
        }
    }

    private void CheckStore(StoreConfig store)
    {
        Name(store.Tenant, "$.store.tenant");
        Name(store.Store, "$.store.store");
        Name(store.Box, "$.store.box");
    }

    private void CheckCheckout(CheckoutConfig checkout)
    {
        CheckCurrency(checkout.Currency, "$.checkout.currency");
        CheckPrices(checkout.PriceBook, checkout.Taxes, "$.checkout.priceBook", "$.checkout.taxes");
        CheckPromotions(checkout.Promotions, "$.checkout.promotions");
        Unique(checkout.OwnPrefixes, "$.checkout.ownPrefixes", "prefix");
        for (int i = 0; i < checkout.OwnPrefixes.Count; i++)
        {
            if (checkout.OwnPrefixes[i] is not { Length: >= 4 and <= 12 } prefix || !prefix.All(char.IsAsciiDigit))
            {
                Add($"$.checkout.ownPrefixes[{i}]", "bad-value", $"\"{checkout.OwnPrefixes[i]}\" is not a GS1 company prefix of 4 to 12 digits.");
            }
        }
        Range(checkout.RiskLimit, 0, 1_000_000_000, "$.checkout.riskLimit");
        Range(checkout.CorrectionMinutes, 0, 120, "$.checkout.correctionMinutes");
        if (checkout.AskLimit is long ask)
        {
            Range(ask, checkout.RiskLimit, 1_000_000_000, "$.checkout.askLimit");
        }
        Range(checkout.ClaimSeconds, 5, 600, "$.checkout.claimSeconds");
        Range(checkout.WeightToleranceGrams, 0, 100_000, "$.checkout.weightToleranceGrams");
    }

    private void CheckModels(ModelsConfig models)
    {
        if (models.PeopleThreshold is double threshold)
        {
            Range(threshold, 0, 1, "$.models.peopleThreshold");
        }
        Range(models.Threads, 1, 8, "$.models.threads");
        if (models.FaintThreshold is double faint)
        {
            Range(faint, 0, models.PeopleThreshold ?? 1, "$.models.faintThreshold");
        }
    }

    private void CheckVisits(VisitsConfig visits)
    {
        Range(visits.ConfirmFrames, 1, 30, "$.visits.confirmFrames");
        Range(visits.LostSeconds, 0.2, 10, "$.visits.lostSeconds");
        Range(visits.AbsentSeconds, 5, 86_400, "$.visits.absentSeconds");
        Range(visits.TurnBackSeconds, 0, 10, "$.visits.turnBackSeconds");
        Range(visits.ZoneSeconds, 0, 10, "$.visits.zoneSeconds");
        Range(visits.StaffSeconds, 1, 3600, "$.visits.staffSeconds");
        Range(visits.PartySeconds, 0, 30, "$.visits.partySeconds");
        Range(visits.PartyMetres, 0.2, 10, "$.visits.partyMetres");
        Range(visits.UpdateSeconds, 0, 3600, "$.visits.updateSeconds");
        Range(visits.ObserveSeconds, 1, 3600, "$.visits.observeSeconds");
        Range(visits.MinCount, 0, 100, "$.visits.minCount");
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
        for (int i = 0; i < broker.FallbackHosts.Count; i++)
        {
            if (!BrokerConfig.TryNode(broker.FallbackHosts[i], broker.Port, out _, out _))
            {
                Add($"$.broker.fallbackHosts[{i}]", "bad-value", $"'{broker.FallbackHosts[i]}' is neither HOST nor HOST:PORT.");
            }
        }
        if (broker.Tls is { } tls && tls.CertFile is null != tls.KeyFile is null)
        {
            Add("$.broker.tls." + (tls.CertFile is null ? "certFile" : "keyFile"), "missing", "\"certFile\" and \"keyFile\" belong together.");
        }
    }

    private void CheckOutbox(OutboxConfig outbox)
    {
        Range(outbox.MaxMegabytes, 1, 4096, "$.outbox.maxMegabytes");
        Range(outbox.MaxDays, 1, 90, "$.outbox.maxDays");
        Range(outbox.ReplayDays, 0, 90, "$.outbox.replayDays");
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
