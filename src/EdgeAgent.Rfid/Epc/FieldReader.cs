using EdgeAgent.Core.Gs1;

namespace EdgeAgent.Rfid.Epcs;

/// <summary>Reads the segments of a code. Each method gives what is wrong as the end of a sentence, empty when nothing is.</summary>
internal static class FieldReader
{
    private const string Cut = "it is cut";
    private const int MinCompany = 6;
    private const int MaxCompany = 12;

    // Bits of a company prefix of 12 to 6 digits, by partition value; the same in all schemes (for example table 14-16).
    private static readonly int[] s_companyBits = [40, 37, 34, 30, 27, 24, 20];

    public static int CompanyBits(int digits) => s_companyBits[MaxCompany - digits];

    /// <summary>A segment of the schemes before TDS 2.0.</summary>
    public static string Read(ref BitReader reader, in EpcField field, List<string> parts)
    {
        switch (field.Kind)
        {
            case FieldKind.Partition or FieldKind.UnpaddedPartition or FieldKind.StringPartition or FieldKind.SixBitPartition:
                return Partition(ref reader, field, parts);
            case FieldKind.Zeros:
                return !reader.TryRead(field.Bits, out int zeros) ? Cut : zeros != 0 ? $"its {field.Bits} reserved bits are not zero" : "";
        }
        string value;
        string wrong = field.Kind switch
        {
            FieldKind.Integer => Integer(ref reader, field.Bits, out value),
            FieldKind.String => SevenBit(ref reader, field.Bits, out value),
            FieldKind.NumericString => NumericString(ref reader, field, out value),
            FieldKind.TwoDigits => TwoDigits(ref reader, field.Bits, out value),
            FieldKind.EightBitCage => Cage(ref reader, 8, out value),
            FieldKind.SixBitCage => Cage(ref reader, 6, out value),
            _ => Terminated(ref reader, field.Max, out value),
        };
        parts.Add(value);
        return wrong;
    }

    /// <summary>A segment of the schemes of TDS 2.x.</summary>
    public static string Read(ref BitReader reader, in EpcField field, PlusValues values)
    {
        string value;
        string wrong;
        switch (field.Kind)
        {
            case FieldKind.Hostname:
                wrong = HostnameText.Read(ref reader, out value);
                values.Hostname = value;
                return wrong;
            case FieldKind.Date:
                return Date(ref reader, values);
            case FieldKind.Digits:
                wrong = Digits(ref reader, field.Max, out value);
                break;
            case FieldKind.Alphanumeric:
                wrong = TextField.Read(ref reader, field.Max, out value);
                break;
            case FieldKind.CountedDigits:
                wrong = CountedDigits(ref reader, field, out value);
                break;
            default:
                wrong = DelimitedDigits(ref reader, field.Max, out value);
                break;
        }
        values.Add(field.Ai, value);
        return wrong;
    }

    private static string Partition(ref BitReader reader, in EpcField field, List<string> parts)
    {
        if (!reader.TryRead(3, out int partition))
        {
            return Cut;
        }
        if (partition > MaxCompany - MinCompany)
        {
            return $"its partition is {partition}, and no company prefix has so few digits";
        }
        int digits = MaxCompany - partition;
        if (!reader.TryRead(s_companyBits[partition], out UInt128 company))
        {
            return Cut;
        }
        string prefix = company.ToString(null, null).PadLeft(digits, '0');
        if (prefix.Length > digits)
        {
            return $"its company prefix {prefix} has more than the {digits} digits of partition {partition}";
        }
        int bits = field.Bits - s_companyBits[partition];
        string reference;
        string wrong = field.Kind switch
        {
            FieldKind.StringPartition => SevenBit(ref reader, bits, out reference),
            FieldKind.SixBitPartition => Terminated(ref reader, field.Max - digits, out reference),
            _ => Integer(ref reader, bits, out reference),
        };
        if (field.Kind == FieldKind.Partition && wrong.Length == 0)
        {
            // Without a digit of its own the number must be zero.
            int room = field.Max - digits;
            wrong = room == 0 ? (reference == "0" ? "" : $"its reference is {reference}, where partition {partition} has room for none")
                : reference.Length > room ? $"its reference {reference} has more than the {room} digits of partition {partition}" : "";
            reference = room == 0 ? "" : reference.PadLeft(room, '0');
        }
        else if (field.Kind == FieldKind.UnpaddedPartition && reference.Length > field.Max - digits)
        {
            wrong = $"its reference {reference} has more than the {field.Max - digits} digits of partition {partition}";
        }
        parts.Add(prefix);
        parts.Add(reference);
        return wrong;
    }

    private static string Integer(ref BitReader reader, int bits, out string value)
    {
        bool read = reader.TryRead(bits, out UInt128 number);
        value = number.ToString(null, null);
        return read ? "" : Cut;
    }

    /// <summary>14.4.2: at least one character, and after the last only zeros. The bits that make no whole character are zero too.</summary>
    private static string SevenBit(ref BitReader reader, int bits, out string value)
    {
        value = "";
        Span<char> text = stackalloc char[bits / 7];
        int length = 0;
        bool ended = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (!reader.TryRead(7, out int character))
            {
                return Cut;
            }
            if (character == 0)
            {
                ended = true;
            }
            else if (ended)
            {
                return "a character follows the end of its text";
            }
            else if (!Gs1Text.IsSet82((char)character))
            {
                return $"its text has the 7-bit value {character}, which is no character of GS1 set 82";
            }
            else
            {
                text[length++] = (char)character;
            }
        }
        if (!reader.TryRead(bits % 7, out int rest) || rest != 0)
        {
            return "bits that are not zero follow its text";
        }
        value = new string(text[..length]);
        return length == 0 ? "its text is empty" : "";
    }

    /// <summary>14.4.6: the digits behind a leading 1.</summary>
    private static string NumericString(ref BitReader reader, in EpcField field, out string value)
    {
        string wrong = Integer(ref reader, field.Bits, out value);
        if (wrong.Length > 0)
        {
            return wrong;
        }
        if (value[0] != '1' || value.Length < 2 || value.Length > field.Max + 1)
        {
            return $"its serial is written as {value}, which is not a 1 and then 1 to {field.Max} digits";
        }
        value = value[1..];
        return "";
    }

    private static string TwoDigits(ref BitReader reader, int bits, out string value)
    {
        string wrong = Integer(ref reader, bits, out value);
        value = value.PadLeft(2, '0');
        return wrong.Length == 0 && value.Length > 2 ? $"a piece or total of {value} has more than two digits" : wrong;
    }

    /// <summary>Six characters; the first may be a blank.</summary>
    private static string Cage(ref BitReader reader, int bits, out string value)
    {
        value = "";
        Span<char> text = stackalloc char[6];
        for (int i = 0; i < text.Length; i++)
        {
            if (!reader.TryRead(bits, out int character))
            {
                return Cut;
            }
            text[i] = bits == 6 ? SixBit.At(character) : (char)character;
            if (!SixBit.IsCage(text[i]) && (i > 0 || character != SixBit.Blank))
            {
                return $"its CAGE code has the value {character}, which is no digit or capital but I and O";
            }
        }
        value = new string(text[0] == ' ' ? text[1..] : text);
        return "";
    }

    /// <summary>14.4.8: six zeros end it.</summary>
    private static string Terminated(ref BitReader reader, int max, out string value)
    {
        value = "";
        Span<char> text = stackalloc char[max];
        for (int length = 0; length <= max; length++)
        {
            if (!reader.TryRead(6, out int character))
            {
                return "it ends before the six zeros behind its text";
            }
            if (character == 0)
            {
                value = new string(text[..length]);
                return "";
            }
            if (length < max)
            {
                text[length] = SixBit.At(character);
                if (!SixBit.Has(text[length]))
                {
                    return $"its text has the 6-bit value {character}, which is no character of TDS table G-1";
                }
            }
        }
        return $"its text has more than {max} characters";
    }

    private static string Digits(ref BitReader reader, int count, out string value)
    {
        value = "";
        Span<char> text = stackalloc char[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryRead(4, out int digit))
            {
                return Cut;
            }
            if (digit > 9)
            {
                return $"it has the value {digit} where a digit must be";
            }
            text[i] = (char)('0' + digit);
        }
        value = new string(text);
        return "";
    }

    private static string CountedDigits(ref BitReader reader, in EpcField field, out string value)
    {
        value = "";
        if (!reader.TryRead(field.Bits, out int length))
        {
            return Cut;
        }
        return length == 0 || length > field.Max
            ? $"it says that {length} digits follow, where 1 to {field.Max} may"
            : TextField.ReadNumber(ref reader, length, out value);
    }

    /// <summary>14.5.5: F ends the value, E ends its digits and begins the rest.</summary>
    private static string DelimitedDigits(ref BitReader reader, int max, out string value)
    {
        value = "";
        Span<char> text = stackalloc char[max];
        for (int length = 0; length <= max; length++)
        {
            if (!reader.TryRead(4, out int digit))
            {
                return Cut;
            }
            if (digit > 9)
            {
                value = new string(text[..length]);
                return digit switch
                {
                    _ when length == 0 => "its value does not begin with a digit",
                    0xF => "",
                    0xE => Rest(ref reader, max - length, ref value),
                    _ => $"it has the value {digit} where a digit, a delimiter or the end must be",
                };
            }
            if (length < max)
            {
                text[length] = (char)('0' + digit);
            }
        }
        return $"its value has more than {max} characters";
    }

    private static string Rest(ref BitReader reader, int max, ref string value)
    {
        string wrong = TextField.Read(ref reader, max, out string rest);
        value += rest;
        return wrong.Length == 0 && char.IsAsciiDigit(rest[0]) ? "a digit follows the delimiter that ends its digits" : wrong;
    }

    /// <summary>14.5.3: <c>type:4 | year:7 | month:4 | day:5</c>.</summary>
    private static string Date(ref BitReader reader, PlusValues values)
    {
        if (!reader.TryRead(4, out int type) || !reader.TryRead(7, out int year) || !reader.TryRead(4, out int month) || !reader.TryRead(5, out int day))
        {
            return Cut;
        }
        if (type >= PlusValues.DateAis.Length)
        {
            return $"its date type {type} is reserved";
        }
        string text = $"{year:00}{month:00}{day:00}";
        if (year > 99 || !Gs1Text.IsDate(text))
        {
            return $"its day {text} is no day";
        }
        values.AddDate(PlusValues.DateAis[type], text);
        return "";
    }
}
