using System.Globalization;

namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
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
            if (gate.StrongRssiDbm is double strong)
            {
                Range(strong, -100_000, 100_000, path + ".strongRssiDbm");
            }
            Range(gate.StaticSeconds, 10, 600, path + ".staticSeconds");
            Range(gate.LateSeconds, 0.5, 30, path + ".lateSeconds");
            Range(gate.CrossingSeconds, 0.2, 10, path + ".crossingSeconds");
            if (gate.LateSeconds >= 0.5 && gate.SettleSeconds + gate.LateSeconds < config.Visits.TurnBackSeconds
                && config.Cameras.Any(c => c.Lines.Any(l => gate.Exits.Contains(l.Id))))
            {
                Add(path + ".lateSeconds", "out-of-range", string.Create(
                    CultureInfo.InvariantCulture,
                    $"settleSeconds + lateSeconds is {gate.SettleSeconds + gate.LateSeconds}, but a line needs visits.turnBackSeconds = {config.Visits.TurnBackSeconds} to say who left over it."));
            }
            CheckWires(gate, readers, path);
            CheckEyeAlone(config, i, path);
            CheckLockAlone(config, i, path);
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

    /// <summary>What is wired to the readers: photo-eye, lamp and lock.</summary>
    private void CheckWires(GateConfig gate, HashSet<string> readers, string path)
    {
        if (gate.PhotoEye is PhotoEyeConfig eye)
        {
            Wired(eye.Reader, readers, path + ".photoEye.reader");
            Range(eye.Port, 1, 16, path + ".photoEye.port");
            Range(eye.StuckSeconds, 2, 600, path + ".photoEye.stuckSeconds");
            Range(eye.MergeSeconds, 0, 2, path + ".photoEye.mergeSeconds");
            Range(eye.NearSeconds, 0.2, 5, path + ".photoEye.nearSeconds");
        }
        if (gate.Lamp is LampConfig lamp)
        {
            Wired(lamp.Reader, readers, path + ".lamp.reader");
            Range(lamp.Port, 1, 16, path + ".lamp.port");
            Range(lamp.Seconds, 0.2, 60, path + ".lamp.seconds");
        }
        if (gate.Interlock is InterlockConfig interlock)
        {
            Wired(interlock.Reader, readers, path + ".interlock.reader");
            Range(interlock.Port, 1, 16, path + ".interlock.port");
            Range(interlock.Seconds, 1, 60, path + ".interlock.seconds");
            Range(interlock.HeldSeconds, 5, 600, path + ".interlock.heldSeconds");
            if (gate.PhotoEye is null)
            {
                Add(path + ".photoEye", "missing", "a gate with an interlock needs a photoEye: without one nobody tells the box of people who carry nothing, and they would find the gate shut.");
            }
        }
    }

    /// <summary>One input is one thing: a beam that is a consent button too would record a face of everybody who leaves.</summary>
    private void CheckEyeAlone(DeviceConfig config, int gate, string path)
    {
        if (config.Gates[gate].PhotoEye is not PhotoEyeConfig eye)
        {
            return;
        }
        IReadOnlyList<GestureConfig> gestures = config.Faces?.Gestures ?? [];
        for (int g = 0; g < gestures.Count; g++)
        {
            if (gestures[g].Reader == eye.Reader && gestures[g].Port == eye.Port)
            {
                Add(path + ".photoEye.port", "duplicate", $"input {eye.Port} of reader \"{eye.Reader}\" is the consent button of $.faces.gestures[{g}] too; wire them to different inputs.");
            }
        }
        for (int other = 0; other < gate; other++)
        {
            if (config.Gates[other].PhotoEye is PhotoEyeConfig same && same.Reader == eye.Reader && same.Port == eye.Port)
            {
                Add(path + ".photoEye.port", "duplicate", $"input {eye.Port} of reader \"{eye.Reader}\" is the photo-eye of $.gates[{other}] too; each gate needs its own.");
            }
        }
    }

    /// <summary>One output is one thing: a lamp that shines would shut a gate.</summary>
    private void CheckLockAlone(DeviceConfig config, int gate, string path)
    {
        if (config.Gates[gate].Interlock is not InterlockConfig own)
        {
            return;
        }
        for (int other = 0; other < config.Gates.Count; other++)
        {
            bool lamp = config.Gates[other].Lamp is LampConfig shines && shines.Reader == own.Reader && shines.Port == own.Port;
            bool bars = other < gate && config.Gates[other].Interlock is InterlockConfig same && same.Reader == own.Reader && same.Port == own.Port;
            if (lamp || bars)
            {
                Add(path + ".interlock.port", "duplicate", $"output {own.Port} of reader \"{own.Reader}\" is the {(lamp ? "lamp" : "interlock")} of $.gates[{other}] too; wire them to different outputs.");
            }
        }
    }

    private void Wired(string reader, HashSet<string> readers, string path)
    {
        if (!readers.Contains(reader))
        {
            Add(path, "dangling", $"no reader is called \"{reader}\"; there are {string.Join(", ", readers.Order(StringComparer.Ordinal))}.");
        }
    }
}
