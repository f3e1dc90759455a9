using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Checkout;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Says what a tag's code stands for (TDS 1.13 section 14; headers also of TDS 2.x). Pure, and never throws.</summary>
public static class EpcIdentity
{
    private const int Sgtin96Header = 0x30;
    private const int Sgtin198Header = 0x36;
    private const int GtinEnd = 58; // header 8, filter 3, partition 3, company prefix and item reference 44
    private const int Sgtin96Bits = 96;
    private const int Sgtin198Bits = 198;
    private const int Serial198Length = 20;

    private static readonly ItemIdentity s_unprogrammed = new(EpcKind.Unprogrammed, null, null, -1);

    /// <summary>
    /// SGTIN-96 and SGTIN-198 give GTIN-14, serial and filter. Other headers that a standard names give OtherScheme. Everything else is
    /// Unprogrammed: all zero, a TID (E2…), a header without scheme, a partition or digits that no encoder can have written, a cut code.
    /// </summary>
    public static ItemIdentity Identify(in Epc epc)
    {
        ReadOnlySpan<byte> bytes = epc.Bytes;
        if (bytes.IsEmpty)
        {
            return s_unprogrammed;
        }
        return bytes[0] switch
        {
            Sgtin96Header => Sgtin(epc, Sgtin96Bits),
            Sgtin198Header => Sgtin(epc, Sgtin198Bits),
            // SSCC, SGLN, GRAI, GIAI, GRAI-170, GIAI-202, SGLN-195, GDTI, GSRN, GSRNP, CPI, GDTI-174, SGCN, ITIP: filter right after the header.
            0x31 or 0x32 or 0x33 or 0x34 or 0x37 or 0x38 or 0x39 or 0x2C or 0x2D or 0x2E or 0x3C or 0x3D or 0x3E or 0x3F or 0x40 or 0x41
                when epc.Bits >= 96 => new ItemIdentity(EpcKind.OtherScheme, null, null, (int)BitSpan.Read(bytes, 8, 3)),
            // USDOD, GID, ADI: no three-bit filter.
            0x2F or 0x35 or 0x3B when epc.Bits >= 96 => new ItemIdentity(EpcKind.OtherScheme, null, null, -1),
            // The "+" and "++" schemes of TDS 2.x: a toggle bit, then the filter. SGTIN+ is among them and not read as an item yet.
            0xF0 or 0xF1 or 0xF2 or 0xF3 or 0xF4 or 0xF5 or 0xF6 or 0xF7 or 0xF8 or 0xF9 or 0xFA or 0xFB or 0xFC or 0xFD or 0xEF
                when epc.Bits >= 16 => new ItemIdentity(EpcKind.OtherScheme, null, null, (int)BitSpan.Read(bytes, 9, 3)),
            _ => s_unprogrammed,
        };
    }

    /// <summary>TDS 1.13 14.5.1: <c>header:8 | filter:3 | partition:3 | company prefix | item reference | serial</c>, company and item 44 bits together.</summary>
    private static ItemIdentity Sgtin(in Epc epc, int bits)
    {
        ReadOnlySpan<byte> bytes = epc.Bytes;
        // A reader reports whole words, so zeros may follow the code; anything else there means another code.
        if (epc.Bits < bits || !BitSpan.IsZeroFrom(bytes, bits, epc.Bits) || !TryGtin(bytes, out string gtin))
        {
            return s_unprogrammed;
        }
        string? serial = bits == Sgtin96Bits
            ? BitSpan.Read(bytes, GtinEnd, 38).ToString(CultureInfo.InvariantCulture)
            : Serial198(bytes);
        return serial is null ? s_unprogrammed : new ItemIdentity(EpcKind.TradeItem, gtin, serial, (int)BitSpan.Read(bytes, 8, 3));
    }

    private static bool TryGtin(ReadOnlySpan<byte> bytes, out string gtin)
    {
        gtin = "";
        if (!SgtinPartition.TryGet((int)BitSpan.Read(bytes, 11, 3), out SgtinPartition partition))
        {
            return false;
        }
        ulong company = BitSpan.Read(bytes, 14, partition.CompanyBits);
        ulong item = BitSpan.Read(bytes, 14 + partition.CompanyBits, partition.ItemBits);
        // Indicator, company prefix, rest of the item reference: the indicator moves to the front.
        Span<char> digits = stackalloc char[Gtin.Digits];
        Span<char> itemDigits = stackalloc char[7];
        if (!TryDigits(company, digits.Slice(1, partition.CompanyDigits)) || !TryDigits(item, itemDigits[..partition.ItemDigits]))
        {
            return false;
        }
        digits[0] = itemDigits[0];
        itemDigits[1..partition.ItemDigits].CopyTo(digits[(1 + partition.CompanyDigits)..]);
        digits[13] = Gtin.CheckDigit(digits[..13]);
        gtin = new string(digits);
        return true;
    }

    /// <summary>Decimal digits with leading zeros; false when the number has more digits than room.</summary>
    private static bool TryDigits(ulong value, Span<char> digits)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (char)('0' + (value % 10));
            value /= 10;
        }
        return value == 0;
    }

    /// <summary>TDS 1.13 14.4.2: up to twenty 7-bit characters of GS1 set 82, zeros after the last. Null when it breaks that rule.</summary>
    private static string? Serial198(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[Serial198Length];
        int length = 0;
        for (; length < Serial198Length; length++)
        {
            char c = (char)BitSpan.Read(bytes, GtinEnd + (7 * length), 7);
            if (c == 0)
            {
                break;
            }
            if (!IsSet82(c))
            {
                return null;
            }
            text[length] = c;
        }
        bool zerosAfter = BitSpan.IsZeroFrom(bytes, GtinEnd + (7 * length), Sgtin198Bits);
        return length > 0 && zerosAfter ? new string(text[..length]) : null;
    }

    /// <summary>GS1 AI encodable character set 82 (GS1 General Specifications figure 7.11-1).</summary>
    private static bool IsSet82(char c) => char.IsAsciiLetterOrDigit(c) || "!\"%&'()*+,-./:;<=>?_".Contains(c);
}
