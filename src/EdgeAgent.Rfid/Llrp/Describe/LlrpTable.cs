using System.Collections.Frozen;
using System.Globalization;

namespace EdgeAgent.Rfid.Llrp.Describe;

/// <summary>
/// Every message and parameter of LLRP 1.0.1, what 1.1 adds for a gate, and the extensions of Impinj and Zebra, as tables that a person can
/// lay beside the standard. A line is an element, a line that begins with blanks goes on with it:
/// <code>
/// number name[*] section field … [+]      * can come more than once   + parameters may follow
/// field: name:type[/names]                u1 flag, u2 … u64, s8, s16, s32 numbers, u8[] u16[] u32[] lists, bytes and words hexadecimal lists,
///                                         bits a list of bits, text, b12 twelve bytes, rest to the end; r7 are 7 reserved bits
/// </code>
/// </summary>
internal static partial class LlrpTable
{
    private static readonly Dictionary<string, FrozenDictionary<ulong, string>> s_names = ReadNames();

    private static readonly FrozenDictionary<int, ElementDescription> s_messages = Read(MessageLines);
    private static readonly FrozenDictionary<int, ElementDescription> s_parameters = Read(ParameterLines);
    private static readonly FrozenDictionary<int, ElementDescription> s_impinj = Read(ImpinjLines);
    private static readonly FrozenDictionary<int, ElementDescription> s_impinjMessages = Read(ImpinjMessageLines);
    private static readonly FrozenDictionary<int, ElementDescription> s_zebra = Read(ZebraLines);

    public const uint Impinj = 25882;
    public const uint Zebra = 161;

    public static IEnumerable<ElementDescription> Messages => s_messages.Values;

    public static IEnumerable<ElementDescription> Parameters => s_parameters.Values;

    public static ElementDescription? Message(int type) => s_messages.GetValueOrDefault(type);

    public static ElementDescription? Parameter(int type) => s_parameters.GetValueOrDefault(type);

    public static ElementDescription? Custom(ulong vendor, ulong subtype, bool message)
    {
        FrozenDictionary<int, ElementDescription>? table = (vendor, message) switch
        {
            (Impinj, true) => s_impinjMessages,
            (Impinj, false) => s_impinj,
            (Zebra, false) => s_zebra,
            _ => null,
        };
        return subtype <= int.MaxValue ? table?.GetValueOrDefault((int)subtype) : null;
    }

    private static FrozenDictionary<int, ElementDescription> Read(string text) => Entries(text).Select(Element).ToFrozenDictionary(static e => e.Number);

    /// <summary>Lines with their continuations, as words.</summary>
    private static IEnumerable<string[]> Entries(string text)
    {
        var words = new List<string>();
        foreach (string line in text.Split('\n'))
        {
            if (!line.StartsWith(' ') && words.Count > 0)
            {
                yield return [.. words];
                words.Clear();
            }
            words.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        yield return [.. words];
    }

    private static ElementDescription Element(string[] words)
    {
        bool nests = words[^1] == "+";
        FieldDescription[] fields = [.. words[3..(nests ? ^1 : ^0)].Select(Field)];
        return new ElementDescription(Number(words[0]), words[1].TrimEnd('*'), words[2], fields, words[1].EndsWith('*'), nests);
    }

    private static FieldDescription Field(string word)
    {
        string[] parts = word.Split(':', '/');
        if (parts.Length == 1)
        {
            return new FieldDescription("Reserved", FieldKind.Reserved, Number(word[1..]), null);
        }
        FrozenDictionary<ulong, string>? names = parts.Length == 3 ? s_names[parts[2]] : null;
        (FieldKind kind, int bits) = parts[1] switch
        {
            "u1" => (names is null ? FieldKind.Flag : FieldKind.Unsigned, 1),
            "bytes" => (FieldKind.Hex, 8),
            "words" => (FieldKind.Hex, 16),
            "bits" => (FieldKind.Bits, 1),
            "text" => (FieldKind.Text, 8),
            "rest" => (FieldKind.Rest, 8),
            ['b', .. string count] => (FieldKind.Fixed, Number(count) * 8),
            ['s', .. string width] => (FieldKind.Signed, Number(width)),
            ['u', .. string width, '[', ']'] => (FieldKind.Numbers, Number(width)),
            ['u', .. string width] => (FieldKind.Unsigned, Number(width)),
            _ => throw new FormatException($"The LLRP table has a field of an unknown type: {word}."),
        };
        return new FieldDescription(parts[0], kind, bits, names);
    }

    private static Dictionary<string, FrozenDictionary<ulong, string>> ReadNames()
    {
        var all = new Dictionary<string, FrozenDictionary<ulong, string>>();
        foreach (string[] words in Entries(NameLines))
        {
            all.Add(words[0], words[1..].Chunk(2).ToFrozenDictionary(static p => (ulong)Number(p[0]), static p => p[1]));
        }
        return all;
    }

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
