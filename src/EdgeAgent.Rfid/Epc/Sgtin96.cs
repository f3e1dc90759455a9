using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Writes the code of a trade item's tag: SGTIN-96, TDS 1.13 section 14.5.1.1.</summary>
public static class Sgtin96
{
    /// <summary>Serial numbers are below this: 38 bits.</summary>
    public const ulong SerialLimit = 1UL << 38;

    /// <param name="gtin14">Fourteen digits with a right check digit.</param>
    /// <param name="gcpLength">Digits of the GS1 company prefix, 6 to 12; a GTIN does not show it.</param>
    /// <param name="filter">0 to 7; 1 is a point of sale item.</param>
    /// <param name="serial">Below 2^38.</param>
    /// <param name="error">A sentence that says what is wrong; empty when the code was written.</param>
    public static bool TryEncode(string gtin14, int gcpLength, int filter, ulong serial, out Epc epc, out string error)
    {
        epc = default;
        error = Check(gtin14, gcpLength, filter, serial);
        if (error.Length > 0)
        {
            return false;
        }
        string[] parts =
        [
            gtin14.Substring(1, gcpLength), string.Concat(gtin14.AsSpan(0, 1), gtin14.AsSpan(1 + gcpLength, 12 - gcpLength)),
            serial.ToString(CultureInfo.InvariantCulture),
        ];
        return PureIdentity.TryCreate("sgtin", parts, out PureIdentity identity, out error)
            && EpcEncoder.TryEncode(EpcScheme.Find("SGTIN-96")!, identity, filter, out epc, out error);
    }

    /// <summary>As <see cref="TryEncode"/>, for input that the program itself wrote.</summary>
    /// <exception cref="ArgumentException">Bad input; the message says which.</exception>
    public static Epc Encode(string gtin14, int gcpLength, int filter, ulong serial) =>
        TryEncode(gtin14, gcpLength, filter, serial, out Epc epc, out string error) ? epc : throw new ArgumentException(error);

    private static string Check(string gtin14, int gcpLength, int filter, ulong serial)
    {
        if (gtin14.Length != Gtin.Digits || !gtin14.All(char.IsAsciiDigit))
        {
            return $"A GTIN-14 has fourteen digits; got '{gtin14}'.";
        }
        char check = Gtin.CheckDigit(gtin14.AsSpan(0, 13));
        if (gtin14[13] != check)
        {
            return $"The check digit of {gtin14} must be {check}.";
        }
        if (gcpLength is < 6 or > 12)
        {
            return $"A company prefix has 6 to 12 digits; got {gcpLength}.";
        }
        if (filter is < 0 or > 7)
        {
            return $"A filter value is 0 to 7; got {filter}.";
        }
        return serial >= SerialLimit ? $"A serial of SGTIN-96 is below {SerialLimit}; got {serial}." : "";
    }
}
