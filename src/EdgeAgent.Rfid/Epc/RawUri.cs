using System.Globalization;
using System.Numerics;
using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>
/// EPC raw URIs (TDS 2.3 section 12.4): the bits of a tag as a number, whatever they say: <c>urn:epc:raw:96.x3074257BF7194E4000001A85</c>, or in decimal
/// digits. With an application family identifier (<c>urn:epc:raw:96.xA2.x…</c>) they are of a tag that carries no EPC.
/// </summary>
public static class RawUri
{
    public const string Prefix = "urn:epc:raw:";

    /// <param name="error">A sentence that says what is wrong; empty when the URI was read.</param>
    public static bool TryParse(string uri, out Epc epc, out string error)
    {
        epc = default;
        string[] parts = uri.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? uri[Prefix.Length..].Split('.') : [];
        if (parts.Length is < 2 or > 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits < 1 || bits > Epc.MaxBits || parts[0][0] == '0')
        {
            error = $"'{uri}' is no raw URI: it is urn:epc:raw:LENGTH.xHEX, where the length is 1 to {Epc.MaxBits} bits.";
            return false;
        }
        if (parts.Length == 3)
        {
            error = $"The tag follows ISO/IEC 15961 (application family {parts[1].TrimStart('x')}), it carries no EPC.";
            return false;
        }
        bool isHex = parts[1].StartsWith('x');
        if (!(isHex
            // A leading zero, for a first digit above 7 would be a sign.
            ? BigInteger.TryParse("0" + parts[1][1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger value) && parts[1].Length > 1
            : BigInteger.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out value)))
        {
            error = $"'{parts[1]}' of a raw URI is neither x and hexadecimal digits nor a decimal number.";
            return false;
        }
        if (value.GetBitLength() > bits)
        {
            error = $"'{parts[1]}' of a raw URI has {value.GetBitLength()} bits, more than the {bits} it says.";
            return false;
        }
        byte[] bytes = new byte[(bits + 7) / 8];
        byte[] number = (value << ((8 - (bits % 8)) % 8)).ToByteArray(isUnsigned: true, isBigEndian: true);
        if (!value.IsZero)
        {
            number.CopyTo(bytes, bytes.Length - number.Length);
        }
        (epc, error) = (new Epc(bytes, bits), "");
        return true;
    }
}
