namespace EdgeAgent.Rfid.Epcs;

/// <summary>The 7-bit and 14-bit values that stand for a piece of a host name (TDS 2.3 tables 14-11 to 14-15).</summary>
internal static class HostnameTable
{
    /// <summary>Table 14-11: values that are no character of GS1 set 82.</summary>
    private static readonly (int Value, string Text)[] s_short =
    [
        (0x1E, "qr."), (0x1F, "www."), (0x20, "id."), (0x5B, ".com"), (0x5C, ".org"), (0x5D, ".net"), (0x5E, ".int"), (0x60, ".edu"),
        (0x7B, ".gov"), (0x7C, ".mil"), (0x7D, ".biz"), (0x7E, ".eco"), (0x7F, ".med"),
    ];

    /// <summary>Tables 14-12 to 14-15: the first seven bits say which list, the second its entry.</summary>
    private static readonly string[][] s_long =
    [
        Domains(
            """
            ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt bw by bz ca cc cd cf cg ch ci ck
            cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr
            gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
            """),
        Domains(
            """
            lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe
            pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj
            tk tl tm tn to tr tt tv tw tz ua ug us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
            """),
        Domains(
            """
            com.au net.au org.au co.at com.bd co.bd com.br net.br co.nz com.ng com.pk co.in com.in co.il co.jp co.za co.kr com.es com.lk co.th
            co.tt com.tt com.tr biz.tr com.ua co.uk co.zm com.zm com.cn org.cn net.cn gov.cn
            """),
        Domains("tech"),
    ];

    /// <summary>Values below it begin a pair of seven bits each.</summary>
    public static int Lists => s_long.Length;

    public static string? Short(int value)
    {
        foreach ((int known, string text) in s_short)
        {
            if (known == value)
            {
                return text;
            }
        }
        return null;
    }

    public static string? Long(int list, int entry) => entry < s_long[list].Length ? s_long[list][entry] : null;

    /// <summary>The longest piece that the text begins with; of equally long ones the one with fewer bits.</summary>
    /// <returns>Its length in characters, 0 when no piece fits.</returns>
    public static int Match(ReadOnlySpan<char> text, out int value, out int bits)
    {
        value = bits = 0;
        int best = 0;
        foreach ((int known, string piece) in s_short)
        {
            if (piece.Length > best && text.StartsWith(piece, StringComparison.Ordinal))
            {
                (best, value, bits) = (piece.Length, known, 7);
            }
        }
        for (int list = 0; list < s_long.Length; list++)
        {
            for (int entry = 0; entry < s_long[list].Length; entry++)
            {
                string piece = s_long[list][entry];
                // ".co" in the middle of ".company" saves nothing: a pair costs two characters.
                if (piece.Length > best && text.StartsWith(piece, StringComparison.Ordinal))
                {
                    (best, value, bits) = (piece.Length, (list << 7) | entry, 14);
                }
            }
        }
        return best;
    }

    private static string[] Domains(string words) => [.. words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(static w => "." + w)];
}
