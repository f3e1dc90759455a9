using System.Globalization;

namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
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
}
