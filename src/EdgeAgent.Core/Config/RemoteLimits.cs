namespace EdgeAgent.Core.Config;

/// <summary>
/// What a remote document may not do, however well it is signed: be another box's, name files and secrets that the local file does not name,
/// send a password to another host, take a privacy mask away, or switch more on about people than the ceiling lets it.
/// </summary>
/// <param name="local">The configuration that lies on the box.</param>
/// <param name="stateFolder">Files below it may be named.</param>
public sealed class RemoteLimits(DeviceConfig local, PrivacyCeiling ceiling, string stateFolder)
{
    private const string LocalOnly = "local-only";
    private const string AboveCeiling = "above-ceiling";

    /// <summary>Adds every breach, with its path in the configuration.</summary>
    public void Check(DeviceConfig wanted, List<ConfigError> errors)
    {
        if (wanted.Store != local.Store)
        {
            errors.Add(new ConfigError(
                "$.store", "audience", $"the document is for {Box(wanted.Store)}; this box is {Box(local.Store)}, which only the local file can change."));
            return;
        }
        LiveRules.Check(wanted, errors);
        CheckBroker(wanted, errors);
        for (int i = 0; i < wanted.Cameras.Count; i++)
        {
            CheckCamera(wanted.Cameras[i], $"$.cameras[{i}]", errors);
        }
        for (int i = 0; i < wanted.Readers.Count; i++)
        {
            TlsConfig? tls = wanted.Readers[i].Tls;
            if (tls is not null && !local.Readers.Any(r => ConfigSections.Same(r.Tls, tls)))
            {
                errors.Add(new ConfigError(
                    $"$.readers[{i}].tls", LocalOnly, "these certificate files are not those of a reader in the local file, the only place that can name them."));
            }
        }
        string? gallery = wanted.Products.Gallery;
        if (gallery is not null && gallery != local.Products.Gallery && !IsBelowState(gallery))
        {
            errors.Add(new ConfigError("$.products.gallery", LocalOnly, $"this file is neither the local file's gallery nor below {stateFolder}."));
        }
        CheckCeiling(wanted, errors);
    }

    private void CheckBroker(DeviceConfig wanted, List<ConfigError> errors)
    {
        if (wanted.Broker is not BrokerConfig broker || local.Broker is not BrokerConfig own)
        {
            return;
        }
        if (!ConfigSections.Same(broker.Tls, own.Tls))
        {
            errors.Add(new ConfigError("$.broker.tls", LocalOnly, "encryption and certificates of the broker are changed in the local file only."));
        }
        if (broker.PasswordFile is not null && broker.PasswordFile != own.PasswordFile)
        {
            errors.Add(new ConfigError("$.broker.passwordFile", LocalOnly, "the password file is changed in the local file only."));
        }
    }

    private void CheckCamera(CameraConfig camera, string path, List<ConfigError> errors)
    {
        if (camera.PasswordFile is not null
            && !local.Cameras.Any(c => c.PasswordFile == camera.PasswordFile && Host(c.Source) == Host(camera.Source)))
        {
            errors.Add(new ConfigError(path + ".passwordFile", LocalOnly, "the local file has no camera at this host with this password file."));
        }
        // Another spelling of the address, or another name, is the same camera: whatever stands at its host keeps its masks.
        bool known = local.Cameras.Any(c => c.Source == camera.Source);
        foreach (CameraConfig own in local.Cameras.Where(c => c.Id == camera.Id || c.Source == camera.Source || (!known && Host(c.Source) == Host(camera.Source))))
        {
            var masks = camera.Masks.Select(ConfigSections.Text).ToHashSet(StringComparer.Ordinal);
            if (!own.Masks.All(mask => masks.Contains(ConfigSections.Text(mask))))
            {
                errors.Add(new ConfigError(path + ".masks", AboveCeiling, "a privacy mask of the local file is missing; a document can add masks, not take them away."));
                return;
            }
        }
    }

    private void CheckCeiling(DeviceConfig wanted, List<ConfigError> errors)
    {
        Allow(ceiling.Faces || wanted.Faces is null, "$.faces", "faces");
        for (int c = 0; c < wanted.Cameras.Count; c++)
        {
            for (int z = 0; z < wanted.Cameras[c].Zones.Count; z++)
            {
                ZoneConfig zone = wanted.Cameras[c].Zones[z];
                Allow(!zone.OptIn || ceiling.OptInZones.Contains(zone.Id), $"$.cameras[{c}].zones[{z}].optIn", "optInZones");
            }
        }
        Allow(ceiling.Occupancy || !wanted.Visits.Occupancy, "$.visits.occupancy", "occupancy");
        Allow(!wanted.Visits.Occupancy || wanted.Visits.MinCount >= ceiling.MinCount, "$.visits.minCount", "minCount");
        Allow(ceiling.VisitUpdates || wanted.Visits.UpdateSeconds == 0, "$.visits.updateSeconds", "visitUpdates");
        Allow((ceiling.Visits ?? local.Visits.Publish) || !wanted.Visits.Publish, "$.visits.publish", "visits");
        Allow(ceiling.Appearance || wanted.Models.Appearance is null, "$.models.appearance", "appearance");
        Allow(ceiling.DashboardBeyondBox || wanted.Dashboard is not { IsLocal: false }, "$.dashboard.listen", "dashboardBeyondBox");
        Allow(ceiling.DashboardBeyondBox || wanted.Dashboard is not { Otlp: not null }, "$.dashboard.otlp", "dashboardBeyondBox");

        void Allow(bool allowed, string path, string key)
        {
            if (!allowed)
            {
                errors.Add(new ConfigError(path, AboveCeiling, $"the privacy ceiling of this box (\"{key}\") does not let a document do this; it is raised on the box only."));
            }
        }
    }

    private bool IsBelowState(string file)
    {
        string state = stateFolder.TrimEnd('/') + "/";
        return file.StartsWith(state, StringComparison.Ordinal) && !file.Split('/').Contains("..");
    }

    /// <summary>Scheme, host and port: to whom the password is said, and whether anybody can overhear it.</summary>
    private static string Host(string source) =>
        source.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(source, UriKind.Absolute, out Uri? address) ? address.GetLeftPart(UriPartial.Authority) : source;

    private static string Box(StoreConfig store) => $"{store.Tenant}/{store.Store}/{store.Box}";
}
