namespace EdgeAgent.Vision.Overlay;

/// <summary>Letters of five by seven dots, drawn for this project: a picture with words needs no font on the box.</summary>
internal static class Letters
{
    public const int Width = 5;
    public const int Height = 7;

    /// <summary>From one letter to the next.</summary>
    public const int Advance = 6;

    private const string Known = "0123456789abcdefghijklmnopqrstuvwxyz.,:-+/()[]";

    // One letter each, in the order of Known: seven rows of five dots, the first row in the highest bits.
    private static readonly long[] s_dots =
    [
        0x3A33AE62E, // 0
        0x11842108E, // 1
        0x3A213221F, // 2
        0x3A213062E, // 3
        0x08CA97C42, // 4
        0x7E1E0862E, // 5
        0x1910F462E, // 6
        0x7C2222108, // 7
        0x3A317462E, // 8
        0x3A317844C, // 9
        0x000E0BE2F, // a
        0x421E8C63E, // b
        0x000E8422E, // c
        0x042F8C62F, // d
        0x000E8FE0E, // e
        0x1928E2108, // f
        0x01F18BC2E, // g
        0x4216CC631, // h
        0x100C2108E, // i
        0x080610A4C, // j
        0x4212A6292, // k
        0x30842108E, // l
        0x001AAD6B5, // m
        0x0016CC631, // n
        0x000E8C62E, // o
        0x03D18FA10, // p
        0x01F18BC21, // q
        0x0016CC210, // r
        0x000E8383E, // s
        0x211C42126, // t
        0x00118C66D, // u
        0x00118C544, // v
        0x0011AD6AA, // w
        0x001151151, // x
        0x00118BC2E, // y
        0x001F1111F, // z
        0x00000018C, // .
        0x000003088, // ,
        0x018C03180, // :
        0x0000F8000, // -
        0x0084F9080, // +
        0x002222200, // /
        0x088842082, // (
        0x208210888, // )
        0x39084210E, // [
        0x38421084E, // ]
    ];

    /// <summary>Capitals look like small letters; a letter that is not known is empty.</summary>
    public static bool IsSet(char letter, int column, int row)
    {
        int index = Known.IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
        return index >= 0 && ((s_dots[index] >> (((Height - 1 - row) * Width) + (Width - 1 - column))) & 1) != 0;
    }
}
