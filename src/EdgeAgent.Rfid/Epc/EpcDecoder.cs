using EdgeAgent.Core;
using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>From a tag's bits to what they say (TDS 2.3 sections 14.4 and 14.5). Strict: a code that no encoder can have written is refused.</summary>
public static class EpcDecoder
{
    private const int HeaderBits = 8;
    private const int TidHeader = 0xE2;
    private const int ToggleBit = 0x0100; // bit 17h of the PC word
    private const int WordBits = 16;

    /// <param name="error">A sentence that says what is wrong; empty when the code was understood.</param>
    /// <param name="pc">The tag's protocol control word, where the reader reported it: it tells ISO tags from EPC tags and says how many words the code has.</param>
    public static bool TryDecode(in Epc epc, out EpcCode code, out string error, ushort? pc = null)
    {
        code = null!;
        error = CheckTag(epc, pc);
        if (error.Length > 0)
        {
            return false;
        }
        EpcScheme scheme = EpcScheme.Find(epc.Bytes[0])!;
        error = epc.Bits < scheme.Bits
            ? $"it is cut: {epc.Bits} of {scheme.Bits} bits"
            : scheme.IsPlus ? Plus(epc, scheme, out code) : Old(epc, scheme, out code);
        if (error.Length == 0)
        {
            return true;
        }
        error = $"This is no {scheme.Name}: {error}.";
        return false;
    }

    /// <summary>What is no EPC at all.</summary>
    private static string CheckTag(in Epc epc, ushort? pc)
    {
        if (pc is ushort word)
        {
            if ((word & ToggleBit) != 0)
            {
                return $"The tag follows ISO/IEC 15961 (application family {word & 0xFF:X2}), it carries no EPC.";
            }
            int words = word >> 11;
            if (words != (epc.Bits + WordBits - 1) / WordBits)
            {
                return $"The tag says that its code has {words} words of {WordBits} bits, and {epc.Bits} bits were read.";
            }
        }
        if (epc.Bits < HeaderBits)
        {
            return $"A code has a header of {HeaderBits} bits; got {epc.Bits} bits.";
        }
        if (BitSpan.IsZeroFrom(epc.Bytes, 0, epc.Bits))
        {
            return "All bits are zero: the tag was never written.";
        }
        byte header = epc.Bytes[0];
        return EpcScheme.Find(header) is not null ? ""
            : header == 0 ? "The header 00 means that the tag was never written."
            : header == TidHeader ? "The header E2 begins a chip's own number (TID), not an EPC: the tag was never written, or the wrong bank was read."
            : $"The header {header:X2} belongs to no scheme.";
    }

    private static string Old(in Epc epc, EpcScheme scheme, out EpcCode code)
    {
        code = null!;
        var reader = new BitReader(epc.Bytes, epc.Bits);
        reader.TryRead(HeaderBits, out int _);
        int filter = -1;
        if (scheme.FilterBits > 0 && !reader.TryRead(scheme.FilterBits, out filter))
        {
            return "it is cut in its filter";
        }
        var parts = new List<string>();
        foreach (EpcField field in scheme.Fields)
        {
            string wrong = FieldReader.Read(ref reader, field, parts);
            if (wrong.Length > 0)
            {
                return wrong;
            }
        }
        if (!reader.OnlyZerosLeft)
        {
            return $"bits that are not zero follow its {reader.At} bits";
        }
        if (!PureIdentity.TryCreate(scheme.Identity, [.. parts], out PureIdentity identity, out string error))
        {
            return error.TrimEnd('.');
        }
        IReadOnlyList<Gs1Element> elements = identity.Elements();
        code = new EpcCode(scheme, filter, identity, elements, null, false, reader.At);
        return CheckElements(elements);
    }

    private static string Plus(in Epc epc, EpcScheme scheme, out EpcCode code)
    {
        code = null!;
        var reader = new BitReader(epc.Bytes, epc.Bits);
        reader.TryRead(HeaderBits, out int _);
        if (!reader.TryRead(1, out int toggle) || !reader.TryRead(scheme.FilterBits, out int filter))
        {
            return "it is cut in its filter";
        }
        var values = new PlusValues();
        foreach (EpcField field in scheme.Fields)
        {
            string wrong = FieldReader.Read(ref reader, field, values);
            if (wrong.Length > 0)
            {
                return wrong;
            }
        }
        // With the toggle set, further application identifiers follow (15.3).
        if (toggle == 0 && !reader.OnlyZerosLeft)
        {
            return $"bits that are not zero follow its {reader.At} bits";
        }
        List<Gs1Element> elements = values.Elements();
        code = new EpcCode(scheme, filter, null, elements, values.Hostname, toggle == 1, reader.At);
        return CheckElements(elements);
    }

    private static string CheckElements(IReadOnlyList<Gs1Element> elements)
    {
        foreach (Gs1Element element in elements)
        {
            string wrong = element.Check();
            if (wrong.Length > 0)
            {
                return wrong.TrimEnd('.');
            }
        }
        return "";
    }
}
