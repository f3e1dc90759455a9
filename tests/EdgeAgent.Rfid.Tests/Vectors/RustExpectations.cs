using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Llrp.Describe;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>
/// The assertions of llrp-rs on one frame: <c>path, literal</c>, as the arguments of its assert_eq. A path names what it means by its last
/// word, <c>[i]</c> counts from 0, <c>.len()</c> is how many there are.
/// </summary>
internal sealed partial class RustExpectations
{
    private readonly LlrpVector _vector;
    private readonly LlrpElement _tree;
    private readonly LlrpHeader _header;
    private readonly TreeComparer _comparer;

    public RustExpectations(LlrpVector vector)
    {
        _vector = vector;
        _tree = vector.Tree(out _header);
        _comparer = new TreeComparer(vector.Id);
    }

    public List<string> Wrong => _comparer.Wrong;

    public int Statements { get; private set; }

    public int Fields => _comparer.Fields + Statements;

    public void CheckAll()
    {
        if (_vector.Json.Text("expectStruct") is { } literal)
        {
            CheckStruct(RustLiteral.Parse(literal)!.AsObject(), 0);
        }
        foreach (string statement in _vector.Json.GetProperty("expectRust").EnumerateArray().Select(static s => s.GetString()!))
        {
            Statements++;
            int comma = statement.IndexOf(", ", StringComparison.Ordinal);
            Check(statement[..comma].TrimStart('&'), statement[(comma + 2)..].TrimStart('&'));
        }
    }

    private void Check(string path, string literal)
    {
        if (path == "raw.value.len()")
        {
            string[] parts = literal.Split('-', StringSplitOptions.TrimEntries);
            int length = parts.Length == 2 ? Int(parts[0]) - Int(parts[1]) : Int(literal);
            Same(path, length, _tree.Body.Length);
        }
        else if (path is "raw.ver" or "raw.id")
        {
            Same(path, long.Parse(literal, System.Globalization.CultureInfo.InvariantCulture), path == "raw.id" ? _header.Id : _header.Version);
        }
        else if (path == "raw.message_type")
        {
            Same(path, TreeComparer.Plain(literal.Replace("::ID", "", StringComparison.Ordinal)), TreeComparer.Plain(_tree.Description!.Name));
        }
        else if (path.StartsWith("encode(", StringComparison.Ordinal))
        {
            Same(path, Convert.ToHexString(_vector.Bytes), Convert.ToHexString(LlrpEncoder.Encode(new LlrpMessage(_header, _tree))));
        }
        else if (!literal.StartsWith("expected", StringComparison.Ordinal)) // those are expectStruct
        {
            CheckPath(path, RustLiteral.Parse(literal));
        }
    }

    private void CheckPath(string path, JsonNode? literal)
    {
        Match match = LastWord().Match(path);
        string[] names = [.. TreeComparer.NamesOf(match.Groups["name"].Value)];
        if (match.Groups["len"].Success)
        {
            Same(path, literal!.GetValue<long>(), All(_tree).Count(e => e.Description is { } d && names.Contains(TreeComparer.Plain(d.Name))));
        }
        else if (literal is JsonObject expected)
        {
            CheckStruct(expected, match.Groups["index"].Success ? Int(match.Groups["index"].Value) : 0);
        }
        else if (All(_tree).SelectMany(e => names.Select(n => TreeComparer.FieldOf(e, n))).FirstOrDefault(static f => f is not null) is { } field)
        {
            _comparer.Compare(path, literal, field);
        }
        else
        {
            Wrong.Add($"{_vector.Id}: nothing in the tree is {path}");
        }
    }

    private void CheckStruct(JsonObject expected, int index)
    {
        string type = TreeComparer.Plain(expected[RustLiteral.Type]!.GetValue<string>());
        LlrpElement[] found = [.. All(_tree).Where(e => e.Description is { } d && TreeComparer.Plain(d.Name) == type)];
        if (index < found.Length)
        {
            _comparer.Compare(expected, found[index]);
        }
        else
        {
            Wrong.Add($"{_vector.Id}: the tree has {found.Length} of {type}");
        }
    }

    private void Same<T>(string path, T expected, T actual)
    {
        if (!Equals(expected, actual))
        {
            Wrong.Add($"{_vector.Id}: {path} is {actual}, not {expected}");
        }
    }

    private static IEnumerable<LlrpElement> All(LlrpElement element) => [element, .. element.Parameters.SelectMany(All)];

    private static int Int(string digits) => int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<name>\w+)(\[(?<index>\d+)\])?(?<len>\.len\(\))?$")]
    private static partial Regex LastWord();
}
