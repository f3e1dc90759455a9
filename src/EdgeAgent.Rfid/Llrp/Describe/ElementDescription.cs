namespace EdgeAgent.Rfid.Llrp.Describe;

internal enum FieldKind
{
    Unsigned,
    Signed,

    /// <summary>One bit.</summary>
    Flag,

    /// <summary>Bits without meaning: ignored by readers, kept here only where they are not zero, so that the same bytes can be written again.</summary>
    Reserved,

    /// <summary><c>n:16 | n numbers</c>.</summary>
    Numbers,

    /// <summary><c>n:16 | n bytes or 16-bit words</c>, shown as hexadecimal.</summary>
    Hex,

    /// <summary><c>n:16 | ⌈n/8⌉ bytes</c>; the bits behind the n-th may have any value.</summary>
    Bits,

    /// <summary><c>n:16 | n bytes UTF-8</c>.</summary>
    Text,

    /// <summary>As many bits as the description says, shown as hexadecimal.</summary>
    Fixed,

    /// <summary>All bytes to the end.</summary>
    Rest,
}

/// <param name="Bits">Of the field, or of one of its numbers where it has many.</param>
/// <param name="Names">What the numbers are called; null where they are only numbers.</param>
internal sealed record FieldDescription(string Name, FieldKind Kind, int Bits, IReadOnlyDictionary<ulong, string>? Names);

/// <summary>How one message or parameter is laid out: its fields first, then parameters where it may have some.</summary>
/// <param name="Number">Message type, parameter type, or a vendor's subtype.</param>
/// <param name="Section">Of LLRP 1.0.1 where it begins with 16, of LLRP 1.1 where it begins with 17; the vendor's name for custom ones.</param>
/// <param name="Repeats">It can come more than once somewhere, so that in JSON it is always a list.</param>
/// <param name="Nests">Parameters may follow the fields.</param>
internal sealed record ElementDescription(int Number, string Name, string Section, FieldDescription[] Fields, bool Repeats, bool Nests)
{
    /// <summary>Nothing but the name is known for certain: the data stay hexadecimal.</summary>
    public bool NameOnly => Fields.Length == 0 && !Nests;
}
