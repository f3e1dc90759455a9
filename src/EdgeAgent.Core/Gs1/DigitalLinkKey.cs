using System.Collections.Frozen;

namespace EdgeAgent.Core.Gs1;

/// <summary>A primary key of a Digital Link and the qualifiers that may follow it, in their order (URI Syntax 1.4, section 4.9).</summary>
/// <param name="Chains">Each chain may be used with gaps, but not mixed with another.</param>
internal sealed record DigitalLinkKey(string Ai, params string[][] Chains)
{
    private static readonly DigitalLinkKey[] s_all =
    [
        new("00"), new("01", ["22", "10", "21"], ["235"]), new("253"), new("255"), new("401"), new("402"), new("414", ["254"], ["7040"]),
        new("415", ["8020"]), new("417", ["7040"]), new("8003"), new("8004", ["7040"]), new("8006", ["22", "10", "21"]), new("8010", ["8011"]),
        new("8013"), new("8017", ["8019"]), new("8018", ["8019"]),
    ];

    // URI Syntax 1.1, sections 4.3 and 4.4; later versions have numbers only.
    private static readonly FrozenDictionary<string, string> s_words = new Dictionary<string, string>
    {
        ["sscc"] = "00", ["gtin"] = "01", ["gdti"] = "253", ["gcn"] = "255", ["ginc"] = "401", ["gsin"] = "402", ["gln"] = "414", ["grai"] = "8003",
        ["giai"] = "8004", ["itip"] = "8006", ["cpid"] = "8010", ["gmn"] = "8013", ["gsrnp"] = "8017", ["gsrn"] = "8018",
        ["cpv"] = "22", ["lot"] = "10", ["ser"] = "21", ["glnx"] = "254", ["cpsn"] = "8011", ["srin"] = "8019",
    }.ToFrozenDictionary();

    /// <summary>Words of old links become numbers, from the end of the path as far as there are pairs.</summary>
    public static void ReplaceWords(string[] path)
    {
        for (int i = path.Length - 2; i >= 1; i -= 2)
        {
            path[i] = s_words.GetValueOrDefault(path[i], path[i]);
        }
    }

    public static DigitalLinkKey? Find(string ai) => Array.Find(s_all, k => k.Ai == ai);

    public bool Allows(IReadOnlyList<string> qualifiers) => qualifiers.Count == 0 || Array.Exists(Chains, chain =>
    {
        int at = 0;
        foreach (string step in chain)
        {
            if (at < qualifiers.Count && qualifiers[at] == step)
            {
                at++;
            }
        }
        return at == qualifiers.Count;
    });

    /// <summary>True when the identifier could have been put among the qualifiers: then it must be there and not in the query.</summary>
    public bool CouldExtend(string[] qualifiers, string ai)
    {
        for (int i = 0; i <= qualifiers.Length; i++)
        {
            if (Allows([.. qualifiers[..i], ai, .. qualifiers[i..]]))
            {
                return true;
            }
        }
        return false;
    }
}
