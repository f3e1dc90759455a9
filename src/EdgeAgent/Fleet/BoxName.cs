using System.Buffers;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Fleet;

/// <summary>One box of a fleet: <c>tenant/store/box</c>, each 1 to 32 of a-z 0-9 -.</summary>
internal readonly record struct BoxName(string Tenant, string Store, string Box) : IComparable<BoxName>
{
    private const string Prefix = "sst/v1/";

    private static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Everything that this box says and hears lies below it.</summary>
    public string Root => Prefix + this;

    public StoreConfig Identity => new(Tenant, Store, Box);

    public static bool TryParse(string text, out BoxName name)
    {
        string[] parts = text.Split('/');
        bool good = parts.Length == 3 && parts.All(IsName);
        name = good ? new BoxName(parts[0], parts[1], parts[2]) : default;
        return good;
    }

    /// <summary>Whose topic it is, and what lies below its root. False for a topic of somebody else: names come from the broker and are checked.</summary>
    public static bool TryOfTopic(string topic, out BoxName name, out string below)
    {
        name = default;
        below = "";
        string[] parts = topic.StartsWith(Prefix, StringComparison.Ordinal) ? topic[Prefix.Length..].Split('/', 4) : [];
        if (parts.Length != 4 || !parts.Take(3).All(IsName))
        {
            return false;
        }
        name = new BoxName(parts[0], parts[1], parts[2]);
        below = parts[3];
        return true;
    }

    public static bool IsName(string part) => part.Length is >= 1 and <= 32 && !part.AsSpan().ContainsAnyExcept(s_letters);

    public int CompareTo(BoxName other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => $"{Tenant}/{Store}/{Box}";
}
