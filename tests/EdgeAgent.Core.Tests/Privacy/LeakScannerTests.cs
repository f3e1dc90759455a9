using System.Text;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>The scanner finds each kind that is planted, in each dress, wherever it begins; and nothing in bytes and words that are none.</summary>
public sealed class LeakScannerTests
{
    private static readonly byte[] s_jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, .. "JFIF"u8, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xDB];

    public static TheoryData<string, LeakKind, int> Planted()
    {
        var data = new TheoryData<string, LeakKind, int>();
        foreach (int shift in new[] { 0, 1, 2, 3, 1000, (1 << 20) - 5 })
        {
            data.Add("jpeg", LeakKind.Image, shift);
            data.Add("png in base64", LeakKind.Image, shift);
            data.Add("data uri", LeakKind.Image, shift);
            data.Add("webp", LeakKind.Image, shift);
            data.Add("floats", LeakKind.Vector, shift);
            data.Add("floats in base64", LeakKind.Vector, shift);
            data.Add("floats in hex", LeakKind.Vector, shift);
            data.Add("numbers in json", LeakKind.Vector, shift);
            data.Add("epc", LeakKind.Epc, shift);
            data.Add("epc uri", LeakKind.Epc, shift);
            data.Add("canary", LeakKind.Canary, shift);
            data.Add("canary in base64", LeakKind.Canary, shift);
            data.Add("canary in hex", LeakKind.Canary, shift);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public void What_is_planted_is_found(string what, LeakKind kind, int shift)
    {
        byte[] around = new byte[shift + 40_000];
        Some.Random(shift + 1)(around);
        // Words stand among other text, so that no digit before them belongs to them.
        Encoding.ASCII.GetBytes("{\"x\":\"").CopyTo(around, shift);
        byte[] planted = Thing(what);
        planted.CopyTo(around, shift + 6);
        "\""u8.CopyTo(around.AsSpan(shift + 6 + planted.Length));

        Assert.Contains(LeakScanner.Scan(around, [s_canary]), leak => leak.Kind == kind);
        planted.AsSpan().Fill((byte)' ');
        planted.CopyTo(around, shift + 6);
        Assert.DoesNotContain(LeakScanner.Scan(around, [s_canary]), leak => leak.Kind == kind);
    }

    [Fact]
    public void Random_bytes_and_the_messages_of_the_contract_hold_nothing()
    {
        byte[] noise = new byte[16 << 20];
        Some.Random(3)(noise);
        Assert.Empty(LeakScanner.Scan(noise));

        Assert.All(SmuggledPayload.All(), m => Assert.Empty(LeakScanner.Scan(Encoding.UTF8.GetBytes(m.Message.ToJsonString()))));
    }

    private static readonly byte[] s_canary = [.. "canary-of-a-test-0123"u8];

    private static byte[] Vector()
    {
        float[] values = [.. Enumerable.Range(0, 256).Select(i => MathF.Sin(i * 0.37f))];
        float length = MathF.Sqrt(values.Sum(v => v * v));
        return [.. values.SelectMany(v => BitConverter.GetBytes(v / length))];
    }

    private static byte[] Thing(string what) => what switch
    {
        "jpeg" => [.. s_jpeg],
        "png in base64" => Ascii(Convert.ToBase64String([0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8])),
        "data uri" => Ascii("data:image/webp;base64,UklGRgAAAABXRUJQ"),
        "webp" => [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8],
        "floats" => Vector(),
        "floats in base64" => Ascii(Convert.ToBase64String(Vector())),
        "floats in hex" => Ascii(Convert.ToHexString(Vector())),
        "numbers in json" => Ascii(string.Join(',', Enumerable.Range(0, 64).Select(i => (Math.Sin(i) / 8).ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture)))),
        "epc" => Ascii("3034257BF7194E4000001A85"),
        "epc uri" => Ascii("urn:epc:id:sgtin:0614141.812345.6789"),
        "canary" => [.. s_canary],
        "canary in base64" => Ascii(Convert.ToBase64String([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, .. s_canary, 1, 2, 3, 4])),
        _ => Ascii(Convert.ToHexString([1, 2, 3, .. s_canary, 9])),
    };

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
