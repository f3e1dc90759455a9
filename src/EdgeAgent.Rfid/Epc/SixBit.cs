namespace EdgeAgent.Rfid.Epcs;

/// <summary>The 6-bit characters of TDS 2.3 table G-1: the low six bits of ASCII.</summary>
internal static class SixBit
{
    public const int Blank = 0x20;

    /// <summary>Capitals, digits, hyphen, slash and the number sign.</summary>
    public static bool Has(char c) => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '/' or '#';

    public static int Of(char c) => c & 0x3F;

    public static char At(int value) => (char)(value < Blank ? value + 0x40 : value);

    /// <summary>A character of a CAGE code or DoDAAC: no I and no O (6.3.17).</summary>
    public static bool IsCage(char c) => char.IsAsciiDigit(c) || (char.IsAsciiLetterUpper(c) && c is not ('I' or 'O'));
}
