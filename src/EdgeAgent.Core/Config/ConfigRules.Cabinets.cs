using System.Globalization;

namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private void CheckCabinets(DeviceConfig config)
    {
        Unique(config.Cabinets.Select(c => c.Id), "$.cabinets", "id");
        Unique(config.Cabinets.SelectMany(c => c.Regions), "$.cabinets", "region");
        Unique(config.Cabinets.Where(c => c.Door is not null).Select(c => $"{c.Door!.Reader} {c.Door.Port}"), "$.cabinets", "door input");
        Unique(
            config.Cabinets.SelectMany(c => c.Antennas).Concat(config.FittingRooms.SelectMany(r => r.Antennas)).Select(a => $"{a.Reader} {a.Antenna}"),
            config.Cabinets.Count > 0 ? "$.cabinets" : "$.fittingRooms", "antenna");
        var readers = config.Readers.Select(r => r.Id).ToHashSet();
        HashSet<string> shelves = [.. config.Cameras.SelectMany(c => c.Regions).Where(r => r.Kind == RegionKind.Shelf).Select(r => r.Id)];
        HashSet<string> zones = [.. config.Cameras.SelectMany(c => c.Zones).Select(z => z.Id)];
        for (int i = 0; i < config.Cabinets.Count; i++)
        {
            CabinetConfig cabinet = config.Cabinets[i];
            string path = $"$.cabinets[{i}]";
            Name(cabinet.Id, path + ".id");
            if (cabinet.Door is CabinetDoorConfig door)
            {
                Wired(door.Reader, readers, path + ".door.reader");
                Range(door.Port, 1, 16, path + ".door.port");
                CheckInputFree(config, door, path + ".door.port");
            }
            CheckAntennas(cabinet.Antennas, config.Readers, path + ".antennas");
            Known(cabinet.Regions, shelves, path + ".regions", "region of kind shelf");
            if (cabinet.Zone is string zone && !zones.Contains(zone))
            {
                Add(path + ".zone", "dangling", $"no camera has a zone called \"{zone}\".");
            }
            CheckScale(cabinet.Scale, path + ".scale");
            CheckGtins(cabinet.Goods ?? [], path + ".goods");
            Range(cabinet.SettleSeconds, 2, 30, path + ".settleSeconds");
            Range(cabinet.OpenSeconds, 5, 3600, path + ".openSeconds");
            Range(cabinet.QuietSeconds, 1, 60, path + ".quietSeconds");
            if (cabinet.Antennas.Count == 0 && cabinet.Regions.Count == 0 && cabinet.Scale is null)
            {
                Add(path, "missing", "nothing looks at its goods; name antennas, regions or a scale.");
            }
            if (cabinet.Door is null && cabinet.Regions.Count == 0 && cabinet.Zone is null)
            {
                Add(path + ".door", "missing", "nothing says when it is used; name a door, a zone or regions.");
            }
        }
    }

    private void CheckFittingRooms(DeviceConfig config)
    {
        Unique(config.FittingRooms.Select(r => r.Id), "$.fittingRooms", "id");
        HashSet<string> seen = [.. config.Cameras.SelectMany(c => c.Zones.Select(z => z.Id).Concat(c.Regions.Select(r => r.Id)).Append(c.Id))];
        for (int i = 0; i < config.FittingRooms.Count; i++)
        {
            FittingRoomConfig room = config.FittingRooms[i];
            string path = $"$.fittingRooms[{i}]";
            Name(room.Id, path + ".id");
            if (seen.Contains(room.Id))
            {
                Add(path + ".id", "bad-value", $"\"{room.Id}\" is a camera, or a zone or region that a camera sees; no camera looks into a fitting room. Take it away from the camera.");
            }
            if (room.Antennas.Count == 0)
            {
                Add(path + ".antennas", "missing", "a fitting room needs at least one antenna.");
            }
            CheckAntennas(room.Antennas, config.Readers, path + ".antennas");
            Range(room.TriedSeconds, 2, 600, path + ".triedSeconds");
            Range(room.EmptySeconds, 2, 300, path + ".emptySeconds");
            Range(room.AlwaysMinutes, 5, 1440, path + ".alwaysMinutes");
        }
    }

    private void CheckAntennas(IReadOnlyList<AntennaRef> antennas, IReadOnlyList<ReaderConfig> readers, string path)
    {
        for (int a = 0; a < antennas.Count; a++)
        {
            AntennaRef wanted = antennas[a];
            if (readers.FirstOrDefault(r => r.Id == wanted.Reader) is not ReaderConfig reader)
            {
                Wired(wanted.Reader, [.. readers.Select(r => r.Id)], $"{path}[{a}].reader");
            }
            else if (!reader.Antennas.Any(known => known.Id == wanted.Antenna))
            {
                Add($"{path}[{a}].antenna", "dangling", string.Create(CultureInfo.InvariantCulture, $"the reader \"{reader.Id}\" has no antenna {wanted.Antenna}."));
            }
        }
    }

    /// <summary>One input is one thing.</summary>
    private void CheckInputFree(DeviceConfig config, CabinetDoorConfig door, string path)
    {
        if (config.Gates.Any(g => g.PhotoEye is PhotoEyeConfig eye && eye.Reader == door.Reader && eye.Port == door.Port)
            || (config.Faces?.Gestures ?? []).Any(g => g.Reader == door.Reader && g.Port == door.Port))
        {
            Add(path, "duplicate", $"input {door.Port} of reader \"{door.Reader}\" is a photo-eye or a consent button too; wire them to different inputs.");
        }
    }

    private void CheckScale(ScaleConfig? scale, string path)
    {
        if (scale is null)
        {
            return;
        }
        CheckGtins([.. scale.Weights.Select(w => w.Gtin)], path + ".weights");
        for (int w = 0; w < scale.Weights.Count; w++)
        {
            Range(scale.Weights[w].Grams, 1, 100_000, $"{path}.weights[{w}].grams");
        }
        Range(scale.ToleranceGrams, 0.1, 1000, path + ".toleranceGrams");
        if (scale.Source is string source && (!Uri.TryCreate(source, UriKind.Absolute, out Uri? address) || address.Scheme != "mt-sics" || address.Host.Length == 0 || address.PathAndQuery is not ("" or "/")))
        {
            Add(path + ".source", "bad-value", $"\"{source}\" is not mt-sics://HOST[:PORT].");
        }
    }

    private void CheckGtins(IReadOnlyList<string> gtins, string path)
    {
        Unique(gtins, path, "gtin");
        for (int i = 0; i < gtins.Count; i++)
        {
            if (!Checkout.Gtin.IsValid14(gtins[i]))
            {
                Add($"{path}[{i}]", "bad-value", $"\"{gtins[i]}\" is not 14 digits with a right check digit.");
            }
        }
    }
}
