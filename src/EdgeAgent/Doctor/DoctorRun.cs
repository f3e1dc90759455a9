using EdgeAgent.Core.Config;

namespace EdgeAgent.Doctor;

/// <summary>
/// Tries once everything that a store needs, in the order in which an installer would look: the configuration, the machine, the models, then each
/// device and the broker. Leaves nothing behind: its test file in the state folder is deleted again.
/// </summary>
/// <param name="stateFolder">Where the agent will keep its outbox.</param>
internal sealed class DoctorRun(string configFile, string stateFolder, ModelStore models, bool allowSynthetic, TimeProvider time)
{
    /// <param name="found">Called with each finding as it comes.</param>
    public async Task RunAsync(Action<Finding> found, CancellationToken cancel)
    {
        DeviceConfig? config = Configuration(found);
        MachineCheck.Tools(config).ForEach(found);
        found(MachineCheck.Processor());
        found(MachineCheck.Temperature());
        found(MachineCheck.Clock(time));
        found(MachineCheck.Space(stateFolder, config?.Outbox ?? new OutboxConfig()));
        found(MachineCheck.DiskSpeed(stateFolder, time));
        if (config is null)
        {
            found(new Finding("devices", "", Verdict.Skipped, "Cameras, readers, models and broker are not tried without a configuration.", "Correct the configuration first."));
            return;
        }
        found(await Task.Run(() => ModelCheck.Look(models, config, allowSynthetic), cancel));

        // Each waits for a device that may be silent: all at once, told in the order of the configuration.
        Task<Finding>[] devices =
        [
            .. config.Cameras.Select(camera => Task.Run(() => DeviceCheck.Camera(camera, time), cancel)),
            .. config.Readers.Select(reader => DeviceCheck.ReaderAsync(reader, config, time, cancel)),
            .. config.Cabinets.Where(cabinet => cabinet.Scale is not null).Select(cabinet => DeviceCheck.ScaleAsync(cabinet, time, cancel)),
        ];
        foreach (Task<Finding> device in devices)
        {
            found(await device);
        }
        foreach (Finding finding in await new BrokerCheck(config, time).LookAsync(cancel))
        {
            found(finding);
        }
    }

    private DeviceConfig? Configuration(Action<Finding> found)
    {
        try
        {
            DeviceConfig config = ConfigFile.Load(configFile);
            var errors = new List<ConfigError>();
            LiveRules.Check(config, errors);
            foreach (ConfigError error in errors)
            {
                found(new Finding("config", error.Path, Verdict.Failed, error.Message, "Correct this field; recordings are for replay, a running agent needs live devices."));
            }
            if (errors.Count > 0)
            {
                return null;
            }
            found(new Finding("config", configFile, Verdict.Ok, $"version {config.Version}; {ConfigFile.Devices(config)}"));
            return config;
        }
        catch (ConfigFileException e)
        {
            string[] lines = e.Message.Split('\n');
            foreach (string line in lines.Length > 1 ? lines[1..] : lines)
            {
                found(new Finding("config", configFile, Verdict.Failed, line.Trim(), "Correct the file; edge-agent config check names every error, device-config/config.schema.json helps an editor."));
            }
            return null;
        }
    }
}
