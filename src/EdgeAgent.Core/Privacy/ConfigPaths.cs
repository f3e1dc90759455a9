using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>Places in a configuration or command as they may be told outside: keys of the contract and numbers. A key that nobody knows may hold anything.</summary>
internal static class ConfigPaths
{
    private const int Longest = 120;

    private static readonly FrozenSet<string> s_keys = Keys();

    /// <summary>The path with a question mark for each key that the contract does not have.</summary>
    public static string Told(string path)
    {
        // An unknown key may itself hold dots and brackets: all behind the first unknown part goes.
        var told = new System.Text.StringBuilder("$");
        int at = path.StartsWith('$') ? 1 : 0;
        while (at < path.Length)
        {
            int end = at + 1;
            while (end < path.Length && path[end] is not ('.' or '['))
            {
                end++;
            }
            ReadOnlySpan<char> part = path.AsSpan(at, end - at);
            if (!IsPart(part))
            {
                return told.Append(part[0] == '[' ? "[?]" : ".?").ToString();
            }
            told.Append(part);
            at = end;
        }
        return told.Length <= Longest ? told.ToString() : "$.?";
    }

    public static bool IsTold(string path) => Told(path) == path;

    private static bool IsPart(ReadOnlySpan<char> part) => part[0] switch
    {
        '.' => part[1..] is "?" || s_keys.Contains(part[1..].ToString()),
        '[' => part[^1] == ']' && part.Length is > 2 and <= 8 && (part[1..^1] is "?" || !part[1..^1].ContainsAnyExceptInRange('0', '9')),
        _ => false,
    };

    private static FrozenSet<string> Keys()
    {
        var keys = new HashSet<string>(StringComparer.Ordinal)
        {
            "version", "issuedAt", "expires", "notBefore", "baseVersion", "rollbackOf", "probationSeconds", "digest", "config", "sig", "key", "alg", "value",
        };
        var seen = new HashSet<Type>();
        Add(ConfigJson.Default.DeviceConfig);
        foreach (CommandKind kind in CommandKind.All)
        {
            Add(kind.Body);
        }
        return keys.ToFrozenSet(StringComparer.Ordinal);

        void Add(JsonTypeInfo type)
        {
            if (!seen.Add(type.Type))
            {
                return;
            }
            if (type.ElementType is Type element && type.Options.GetTypeInfo(element) is JsonTypeInfo inner)
            {
                Add(inner);
            }
            foreach (JsonPropertyInfo property in type.Properties)
            {
                keys.Add(property.Name);
                Add(type.Options.GetTypeInfo(property.PropertyType));
            }
        }
    }
}
