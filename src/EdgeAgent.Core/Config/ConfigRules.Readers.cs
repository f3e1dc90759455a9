using System.Globalization;

namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private static readonly string[] s_readerAddresses = ["llrps://", "llrp://"];

    private void CheckReaders(IReadOnlyList<ReaderConfig> readers)
    {
        Unique(readers.Select(reader => reader.Id), "$.readers", "id");
        for (int i = 0; i < readers.Count; i++)
        {
            ReaderConfig reader = readers[i];
            string path = $"$.readers[{i}]";
            Name(reader.Id, path + ".id");
            Source(reader.Source, path + ".source", BoxPins.AreBuilt ? ["llrp:", "llrps://", "reads:", BoxPins.Scheme] : ["llrp:", "llrps://", "reads:"]);
            CheckBoxPins(reader, path);
            CheckAddress(reader, path);
            Unique(reader.Antennas.Select(a => a.Id.ToString(CultureInfo.InvariantCulture)), path + ".antennas", "id");
            if (reader.Antennas.Count == 0 && !BoxPins.Are(reader))
            {
                Add(path + ".antennas", "missing", "a reader needs at least one antenna.");
            }
            for (int a = 0; a < reader.Antennas.Count; a++)
            {
                Range(reader.Antennas[a].Id, 0, 65_535, $"{path}.antennas[{a}].id");
                CheckReferenceTag(reader.Antennas[a].ReferenceTag, $"{path}.antennas[{a}].referenceTag");
            }
            Range(reader.TxPowerDbm, 0, 33, path + ".txPowerDbm");
            Range(reader.Session, 0, 3, path + ".session");
            Range(reader.TagPopulation, 1, 1000, path + ".tagPopulation");
            Range(reader.KeepaliveSeconds, 1, 60, path + ".keepaliveSeconds");
            CheckRadio(reader, path);
            CheckPins(reader, path);
        }
    }

    private void CheckAddress(ReaderConfig reader, string path)
    {
        string? scheme = s_readerAddresses.FirstOrDefault(s => reader.Source.StartsWith(s, StringComparison.Ordinal));
        if (scheme is not null && !(Uri.TryCreate(reader.Source, UriKind.Absolute, out Uri? address) && address.Host.Length > 0 && address.Port != 0))
        {
            Add(path + ".source", "bad-value", $"\"{reader.Source}\" is not {scheme}HOST[:PORT].");
        }
        if (scheme == "llrps://" && reader.Tls is null)
        {
            Add(path + ".tls", "missing", "a source llrps:// needs tls.caFile, the CA that signed the reader's certificate.");
        }
        if (scheme != "llrps://" && reader.Tls is not null)
        {
            Add(path + ".tls", "bad-value", $"the source \"{reader.Source}\" is not encrypted; write llrps:// or leave tls out.");
        }
        if (reader.Tls is { } tls)
        {
            if (tls.CaFile.Length == 0)
            {
                Add(path + ".tls.caFile", "bad-value", "a file with a CA certificate is needed.");
            }
            if (tls.CertFile is null != tls.KeyFile is null)
            {
                Add(path + ".tls", "missing", "certFile and keyFile belong together: name both or none.");
            }
        }
    }

    private void CheckBoxPins(ReaderConfig reader, string path)
    {
        if (BoxPins.Are(reader) && !BoxPins.TryParse(reader.Source, out _, out _))
        {
            Add(path + ".source", "bad-value", $"\"{reader.Source}\" is not gpio:CHIP/LINE,LINE,… with each line once.");
        }
    }

    private void CheckReferenceTag(string? hex, string path)
    {
        if (hex is not null && (hex.Length == 0 || !Epc.TryParse(hex, out _)))
        {
            Add(path, "bad-value", $"\"{hex}\" is not hexadecimal with an even number of 2 to {Epc.MaxBits / 4} digits.");
        }
    }

    private void CheckRadio(ReaderConfig reader, string path)
    {
        if (reader.RfMode is int mode)
        {
            Range(mode, 0, 65_535, path + ".rfMode");
        }
        if (reader.ReportContents is { } contents)
        {
            Unique(contents.Select(c => c.ToString()), path + ".reportContents", "content");
        }
        Range(reader.ReferenceTagSeconds, 5, 3600, path + ".referenceTagSeconds");
        if (reader.SilentAntennaSeconds is double silent)
        {
            Range(silent, 10, 86_400, path + ".silentAntennaSeconds");
        }
    }

    private void CheckPins(ReaderConfig reader, string path)
    {
        IReadOnlyList<int> ports = reader.GpiPorts ?? [];
        Unique(ports.Select(p => p.ToString(CultureInfo.InvariantCulture)), path + ".gpiPorts", "port");
        for (int i = 0; i < ports.Count; i++)
        {
            Range(ports[i], 1, 65_535, $"{path}.gpiPorts[{i}]");
        }
        if (reader.StartTrigger is { } start)
        {
            Range(start.Port, 1, 65_535, path + ".startTrigger.port");
            Range(start.RunSeconds, 1, 60, path + ".startTrigger.runSeconds");
            if (!ports.Contains(start.Port))
            {
                Add(path + ".startTrigger.port", "dangling", $"the port {start.Port} is not among gpiPorts; a pin that is not watched starts nothing.");
            }
        }
    }
}
