using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Writes the segments of a code. Each method gives what is wrong as the end of a sentence, empty when the segment was written.</summary>
internal static class FieldWriter
{
    /// <summary>A segment of the schemes before TDS 2.0; takes its components from <paramref name="parts"/> at <paramref name="at"/> and moves on.</summary>
    public static string Write(BitWriter writer, in EpcField field, IReadOnlyList<string> parts, ref int at)
    {
        if (field.Kind == FieldKind.Zeros)
        {
            writer.Write(field.Bits, 0);
            return "";
        }
        string value = parts[at++];
        switch (field.Kind)
        {
            case FieldKind.Partition or FieldKind.UnpaddedPartition or FieldKind.StringPartition or FieldKind.SixBitPartition:
                return Partition(writer, field, value, parts[at++]);
            case FieldKind.Integer:
                return Integer(writer, field.Bits, value);
            case FieldKind.String:
                return SevenBit(writer, field.Bits, field.Max, value);
            case FieldKind.NumericString:
                return value.Length <= field.Max && Gs1Text.AreDigits(value)
                    ? Integer(writer, field.Bits, "1" + value)
                    : $"the serial '{value}' must be 1 to {field.Max} digits";
            case FieldKind.TwoDigits:
                writer.Write(field.Bits, UInt128.Parse(value, null));
                return "";
            case FieldKind.EightBitCage:
                foreach (char c in value.PadLeft(6))
                {
                    writer.Write(8, c);
                }
                return "";
            case FieldKind.SixBitCage:
                foreach (char c in value.PadLeft(6))
                {
                    writer.Write(6, (uint)SixBit.Of(c));
                }
                return "";
            default:
                return Terminated(writer, value);
        }
    }

    /// <summary>A segment of the schemes of TDS 2.x that belongs to an identifier.</summary>
    public static string Write(BitWriter writer, in EpcField field, string value)
    {
        switch (field.Kind)
        {
            case FieldKind.Digits:
                Digits(writer, value);
                return "";
            case FieldKind.Alphanumeric:
                TextField.Write(writer, value);
                return "";
            case FieldKind.CountedDigits:
                writer.Write(field.Bits, (uint)value.Length);
                writer.Write(TextField.NumberBits(value.Length), UInt128.Parse(value, null));
                return "";
            default:
                return DelimitedDigits(writer, value);
        }
    }

    /// <summary>14.5.3.</summary>
    public static void Date(BitWriter writer, in Gs1Element date)
    {
        writer.Write(4, (uint)Array.IndexOf(PlusValues.DateAis, date.Ai));
        writer.Write(7, uint.Parse(date.Value.AsSpan(0, 2), null));
        writer.Write(4, uint.Parse(date.Value.AsSpan(2, 2), null));
        writer.Write(5, uint.Parse(date.Value.AsSpan(4, 2), null));
    }

    private static string Partition(BitWriter writer, in EpcField field, string company, string reference)
    {
        int companyBits = FieldReader.CompanyBits(company.Length);
        writer.Write(3, (uint)(12 - company.Length));
        writer.Write(companyBits, UInt128.Parse(company, null));
        int bits = field.Bits - companyBits;
        switch (field.Kind)
        {
            case FieldKind.StringPartition:
                return SevenBit(writer, bits, field.Max - company.Length, reference);
            case FieldKind.SixBitPartition:
                return Terminated(writer, reference);
            case FieldKind.UnpaddedPartition:
                return reference.Length > field.Max - company.Length
                    ? $"'{reference}' has more than {field.Max - company.Length} digits"
                    : Integer(writer, bits, reference);
            default:
                writer.Write(bits, reference.Length == 0 ? 0 : UInt128.Parse(reference, null));
                return "";
        }
    }

    /// <summary>14.3.1: the number comes back without leading zeros, so it must not have any.</summary>
    private static string Integer(BitWriter writer, int bits, string value)
    {
        if (!Gs1Text.AreDigits(value) || (value.Length > 1 && value[0] == '0') || value.Length > 30)
        {
            return $"'{value}' is not a number without leading zeros";
        }
        UInt128 number = UInt128.Parse(value, null);
        if (number >> bits != 0)
        {
            return $"{value} is not below {(UInt128)1 << bits}, the limit of {bits} bits";
        }
        writer.Write(bits, number);
        return "";
    }

    private static string SevenBit(BitWriter writer, int bits, int max, string value)
    {
        if (value.Length > max)
        {
            return $"'{value}' has more than {max} characters";
        }
        foreach (char c in value)
        {
            writer.Write(7, c);
        }
        writer.Write(bits - (7 * value.Length), 0);
        return "";
    }

    private static string Terminated(BitWriter writer, string value)
    {
        foreach (char c in value)
        {
            writer.Write(6, (uint)SixBit.Of(c));
        }
        writer.Write(6, 0);
        return "";
    }

    private static void Digits(BitWriter writer, ReadOnlySpan<char> digits)
    {
        foreach (char c in digits)
        {
            writer.Write(4, (uint)(c - '0'));
        }
    }

    private static string DelimitedDigits(BitWriter writer, string value)
    {
        int digits = value.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits == 0)
        {
            return $"'{value}' does not begin with a digit";
        }
        Digits(writer, digits < 0 ? value : value.AsSpan(0, digits));
        writer.Write(4, digits < 0 ? 0xFu : 0xEu);
        if (digits > 0)
        {
            TextField.Write(writer, value[digits..]);
        }
        return "";
    }
}
