namespace EdgeAgent.Rfid.Epcs;

/// <summary>How one segment of a code is written (TDS 2.3 sections 14.3, 14.4 and 14.5).</summary>
internal enum FieldKind
{
    /// <summary>14.3.1: a number without leading zeros.</summary>
    Integer,

    /// <summary>14.3.2: 7-bit characters, zeros after the last.</summary>
    String,

    /// <summary>14.3.3: partition, company prefix and a reference that together have a fixed number of digits.</summary>
    Partition,

    /// <summary>14.3.4: partition, company prefix and a number without leading zeros.</summary>
    UnpaddedPartition,

    /// <summary>14.3.5: partition, company prefix and 7-bit characters.</summary>
    StringPartition,

    /// <summary>14.3.9: partition, company prefix and 6-bit characters that end in six zeros.</summary>
    SixBitPartition,

    /// <summary>14.3.6: digits with a 1 before them, so that leading zeros stay.</summary>
    NumericString,

    /// <summary>14.3.7: a five or six character company code in 6-bit characters.</summary>
    SixBitCage,

    /// <summary>The same in 8-bit characters, a blank before five (US DoD suppliers' guide).</summary>
    EightBitCage,

    /// <summary>14.3.8: 6-bit characters that end in six zeros.</summary>
    SixBitString,

    /// <summary>14.3.10: two digits in seven bits.</summary>
    TwoDigits,

    /// <summary>Reserved bits, all zero.</summary>
    Zeros,

    /// <summary>14.5.4: four bits a digit.</summary>
    Digits,

    /// <summary>14.5.6: encoding indicator, length, characters.</summary>
    Alphanumeric,

    /// <summary>14.5.13: length in four bits, then a number.</summary>
    CountedDigits,

    /// <summary>14.5.5: four bits a digit, then the end or the delimiter of an alphanumeric rest.</summary>
    DelimitedDigits,

    /// <summary>14.5.3: type and day.</summary>
    Date,

    /// <summary>14.5.16.</summary>
    Hostname,
}

/// <param name="Bits">Bits of the segment; for partitions those of company prefix and reference together.</param>
/// <param name="Max">Most characters; for partitions those of company prefix and reference together.</param>
/// <param name="Ai">In the schemes of TDS 2.x: the application identifier whose value the segment is, or continues.</param>
internal readonly record struct EpcField(FieldKind Kind, int Bits = 0, int Max = 0, string Ai = "");
