using System.Text.Json;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid.Tests;

public class TagReportVectorTests
{
    [SharedFact]
    public void Every_recorded_report_decodes_to_its_known_values()
    {
        var buffer = new TagReportBuffer();
        int messages = 0;
        foreach (JsonElement vector in SharedVectors.Llrp().Where(static v => v.TryGetProperty("tags", out _)))
        {
            Assert.True(TagReportDecoder.TryDecode(vector.Bytes(), buffer), vector.Text("id"));
            JsonElement[] tags = [.. vector.GetProperty("tags").EnumerateArray()];
            Assert.Equal(tags.Length, buffer.Count);
            for (int i = 0; i < tags.Length; i++)
            {
                Assert.Equal(Known(tags[i]), Decoded(buffer.Reports[i]));
            }
            messages++;
        }
        Assert.Equal(39, messages);
    }

    private static string Known(JsonElement tag) => string.Join(' ', s_names.Select(name =>
        tag.TryGetProperty(name, out JsonElement value) ? $"{name}={value.ToString().ToLowerInvariant()}" : $"{name}=-"));

    private static string Decoded(TagReport report) => string.Join(' ', s_names.Zip(new object?[]
    {
        report.Epc.ToHex().ToLowerInvariant(),
        report.Epc.Bits,
        report.Has(TagFields.Antenna) ? report.Antenna : null,
        report.Has(TagFields.PeakRssi) ? report.PeakRssiDbm : null,
        report.Has(TagFields.FirstSeenUtc) ? report.FirstSeenUtcUs : null,
        report.Has(TagFields.LastSeenUtc) ? report.LastSeenUtcUs : null,
        report.Has(TagFields.SeenCount) ? report.SeenCount : null,
        report.Has(TagFields.Channel) ? report.Channel : null,
        report.Has(TagFields.RoSpecId) ? report.RoSpecId : null,
        report.Has(TagFields.SpecIndex) ? report.SpecIndex : null,
        report.Has(TagFields.InventoryParameterSpecId) ? report.InventoryParameterSpecId : null,
        report.Has(TagFields.Pc) ? report.Pc : null,
        report.Has(TagFields.Crc) ? report.Crc : null,
    }, static (name, value) => $"{name}={value ?? "-"}"));

    private static readonly string[] s_names =
    [
        "epc", "epcBits", "antenna", "peakRssiDbm", "firstSeenUtcUs", "lastSeenUtcUs", "seenCount", "channel", "roSpecId", "specIndex",
        "invParamSpecId", "pc", "crc",
    ];
}
