namespace EdgeAgent.Core.Gs1;

/// <summary>
/// The application identifiers (General Specifications figure 3.2-1). <c>N</c> digits, <c>K</c> digits that end in a check digit, <c>D</c> a date
/// YYMMDD, <c>X</c> set 82, <c>Y</c> set 39, <c>Z</c> base 64; <c>N6</c> exactly six, <c>X..20</c> one to twenty, <c>X0..17</c> none to
/// seventeen. <c>n</c> in a code stands for 0 to 9, a range for each code of it.
/// </summary>
internal static class Gs1AiTable
{
    private const string Table =
        """
        00 K18
        01-03 K14
        10 X..20
        11-13 D
        15-17 D
        20 N2
        21-22 X..20
        235 X..28
        240-241 X..30
        242 N..6
        243 X..20
        250-251 X..30
        253 K13 X0..17
        254 X..20
        255 K13 N0..12
        30 N..8
        310n-316n N6
        320n-337n N6
        340n-357n N6
        360n-369n N6
        37 N..8
        390n N..15
        391n N3 N..15
        392n N..15
        393n N3 N..15
        394n N4
        395n N6
        400-401 X..30
        402 K17
        403 X..30
        410-417 K13
        420 X..20
        421 N3 X..9
        422 N3
        423 N3..15
        424 N3
        425 N3..15
        426 N3
        427 X..3
        4300-4301 X..35
        4302-4306 X..70
        4307 X2
        4308 X..30
        4309 N20
        4310-4311 X..35
        4312-4316 X..70
        4317 X2
        4318 X..20
        4319 X..30
        4320 X..35
        4321-4323 N1
        4324-4325 N10
        4326 D
        4330-4333 N6 X0..1
        7001 N13
        7002 X..30
        7003 D N4
        7004 N..4
        7005 X..12
        7006 D
        7007 D N0..6
        7008 X..3
        7009 X..10
        7010 X..2
        7011 D N0..4
        7020-7022 X..20
        7023 X..30
        7030-7039 N3 X..27
        7040 N1 X3
        7041 X..4
        710-717 X..20
        723n X2 X..28
        7240 X..20
        7241 N2
        7242 X..25
        7250 N8
        7251 N12
        7252 N1
        7253-7254 X..40
        7255 X..10
        7256 X..90
        7257 X..70
        7258 N1 X1 N1
        7259 X..40
        8001 N14
        8002 X..20
        8003 K14 X0..16
        8004 X..30
        8005 N6
        8006 K14 N4
        8007 X..34
        8008 D N2 N0..4
        8009 X..50
        8010 Y..30
        8011 N..12
        8012 X..20
        8013 X..25
        8017-8018 K18
        8019 N..10
        8020 X..25
        8026 K14 N4
        8030 Z..90
        8110 X..70
        8111 N4
        8112 X..70
        8200 X..70
        90 X..30
        91-99 X..90
        """;

    public static List<Gs1Ai> Rows()
    {
        var rows = new List<Gs1Ai>();
        foreach (string line in Table.Split('\n'))
        {
            string[] words = line.Trim().Split(' ');
            Gs1Part[] parts = [.. words.Skip(1).Select(Part)];
            foreach (string code in Codes(words[0]))
            {
                rows.Add(new Gs1Ai(code, parts));
            }
        }
        return rows;
    }

    private static List<string> Codes(string written)
    {
        var codes = new List<string>();
        string[] ends = written.Replace("n", "", StringComparison.Ordinal).Split('-');
        for (int code = int.Parse(ends[0], null); code <= int.Parse(ends[^1], null); code++)
        {
            string digits = code.ToString("D" + ends[0].Length, null);
            if (!written.Contains('n', StringComparison.Ordinal))
            {
                codes.Add(digits);
                continue;
            }
            for (char last = '0'; last <= '9'; last++)
            {
                codes.Add(digits + last);
            }
        }
        return codes;
    }

    private static Gs1Part Part(string word)
    {
        Gs1Kind kind = word[0] switch
        {
            'N' => Gs1Kind.Digits,
            'K' => Gs1Kind.Key,
            'D' => Gs1Kind.Date,
            'Y' => Gs1Kind.Upper,
            'Z' => Gs1Kind.Base64,
            _ => Gs1Kind.Text,
        };
        if (kind == Gs1Kind.Date)
        {
            return new Gs1Part(kind, 6, 6);
        }
        int dots = word.IndexOf("..", StringComparison.Ordinal);
        int max = int.Parse(word.AsSpan(dots < 0 ? 1 : dots + 2), null);
        int min = dots < 0 ? max : dots == 1 ? 1 : int.Parse(word.AsSpan(1, dots - 1), null);
        return new Gs1Part(kind, min, max);
    }
}
