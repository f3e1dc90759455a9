using System.Buffers;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Mqtt;

/// <summary>The names under which this box speaks and listens: everything lies below <c>sst/v1/{tenant}/{store}/{box}</c>.</summary>
internal sealed class Topics
{
    /// <summary>Some brokers count and refuse more levels.</summary>
    private const int MaxSlashes = 7;

    private static readonly SearchValues<char> s_nameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public Topics(StoreConfig store)
    {
        Root = $"sst/v1/{Name(store.Tenant, "store.tenant")}/{Name(store.Store, "store.store")}/{Name(store.Box, "store.box")}";
    }

    public string Root { get; }

    /// <summary>All commands to this box.</summary>
    public string Commands => Root + "/cmd/+";

    /// <summary>The whole topic for what lies <paramref name="below"/> the root, for example <c>evt/exit/settled</c>.</summary>
    /// <exception cref="ArgumentException">It could not be published: a wildcard, an empty level, a control character, or too many levels.</exception>
    public string Full(string below)
    {
        var topic = $"{Root}/{below}";
        if (below.Length is 0 or > 200 || below.Split('/').Any(level => level.Length == 0) || below.AsSpan().ContainsAny('+', '#')
            || below.Any(char.IsControl) || topic.Count(letter => letter == '/') > MaxSlashes)
        {
            throw new ArgumentException($"'{below}' is no topic below {Root}.", nameof(below));
        }
        return topic;
    }

    /// <summary>What lies below the root of a topic that arrived; false for a topic of somebody else.</summary>
    public bool TryBelow(string topic, out string below)
    {
        var mine = topic.Length > Root.Length + 1 && topic[Root.Length] == '/' && topic.StartsWith(Root, StringComparison.Ordinal);
        below = mine ? topic[(Root.Length + 1)..] : "";
        return mine;
    }

    /// <summary>Whether an MQTT filter (with + and #) names a topic. MQTT 5, 4.7.</summary>
    public static bool Matches(string filter, string topic)
    {
        var wanted = filter.Split('/');
        var given = topic.Split('/');
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == "#")
            {
                return i > 0 || !topic.StartsWith('$');
            }
            if (i >= given.Length || (wanted[i] != "+" && wanted[i] != given[i]) || (i == 0 && wanted[i] == "+" && topic.StartsWith('$')))
            {
                return false;
            }
        }
        return wanted.Length == given.Length;
    }

    private static string Name(string value, string path) =>
        value.Length is >= 1 and <= 32 && !value.AsSpan().ContainsAnyExcept(s_nameLetters)
            ? value
            : throw new ArgumentException($"{path} '{value}' must be 1 to 32 of a-z 0-9 -.", nameof(value));
}
