namespace EdgeAgent.Vision.Tests.Codes;

/// <summary>Draws an EAN-13 bar code as a BGR24 picture: for trays in tests.</summary>
internal static class DrawnCode
{
    public const int Modules = 95;

    private static readonly string[] s_left = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
    private static readonly string[] s_parity = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];

    /// <param name="module">Pixels of the narrowest bar. The quiet zone around is ten of them.</param>
    public static (byte[] Bgr, int Width, int Height) Ean13(string digits, int module, int height)
    {
        string bars = new string('0', 10) + Bars(digits) + new string('0', 10);
        int width = bars.Length * module;
        var bgr = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                byte value = y >= 3 && y < height - 3 && bars[x / module] == '1' ? (byte)15 : (byte)245;
                bgr.AsSpan(((y * width) + x) * 3, 3).Fill(value);
            }
        }
        return (bgr, width, height);
    }

    private static string Bars(string digits)
    {
        string parity = s_parity[digits[0] - '0'];
        string left = string.Concat(Enumerable.Range(1, 6).Select(i => parity[i - 1] == 'L' ? s_left[digits[i] - '0'] : Mirror(Complement(s_left[digits[i] - '0']))));
        string right = string.Concat(Enumerable.Range(7, 6).Select(i => Complement(s_left[digits[i] - '0'])));
        return "101" + left + "01010" + right + "101";
    }

    private static string Complement(string bars) => string.Concat(bars.Select(b => b == '0' ? '1' : '0'));

    private static string Mirror(string bars) => string.Concat(bars.Reverse());
}
