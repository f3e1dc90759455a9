using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;
using EdgeAgent.Core;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Cli;

/// <summary>
/// The last look at a line of the log before it is written. Numbers, words of closed lists, times and identifiers pass by their type. A text passes by its place: each place in a message of
/// the agent is a word of a closed list, a name of this box, a path of this box, or a sentence; at a place that is not known here no text is written. What does not pass is
/// replaced by a word and counted.
/// </summary>
/// <remarks>For any thread. It cannot tell a person's name in a sentence of the system from any other word.</remarks>
internal sealed partial class LogFirewall
{
    private const string Withheld = "[withheld]";
    private const string Template = "{OriginalFormat}";

    private static readonly FrozenSet<string> s_commands = CommandKind.All.Select(kind => kind.Name).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_events = typeof(ShopEvent).GetNestedTypes().Select(type => type.Name).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_levels = new[] { "sst", "v1", "state", "cfg", "ota", "desired", "cmd", "+" }.ToFrozenSet(StringComparer.Ordinal);

    // By the name of the place in the message.
    private readonly FrozenDictionary<string, Func<string, string>> _places;
    private readonly string _folder;
    private long _withheld;

    /// <param name="folder">All files that the agent writes lie in it.</param>
    public LogFirewall(string folder)
    {
        _folder = Path.GetFullPath(folder).TrimEnd('/') + '/';
        Func<string, string> name = Only(text => IsName(text)), path = Only(text => IsPath(text) || IsName(text)), model = Only(text => Model().IsMatch(text));
        _places = new Dictionary<string, Func<string, string>>
        {
            ["Version"] = Only(text => text == AgentVersion.Text), ["Command"] = Only(s_commands.Contains), ["Event"] = Only(s_events.Contains), ["Protocol"] = Only(text => text is "5" or "3.1.1"),
            ["Topic"] = Only(topic => topic == EventBatch.Topic || EgressFirewall.IsTopic(topic)), ["Filter"] = Only(filter => filter.Split('/').All(level => s_levels.Contains(level) || IsName(level))),
            ["Id"] = name, ["ClientId"] = name, ["Host"] = name, ["File"] = path, ["Path"] = path, ["Address"] = Only(IsAddress),
            // Of the manifest, or signed by a trusted key.
            ["Name"] = model, ["Models"] = model, ["Role"] = model,
            ["Why"] = Sentence, ["Reason"] = Sentence, ["Sentence"] = Sentence, ["Trouble"] = Sentence, ["Warning"] = Sentence,
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether a word is one of the configuration: a name, its broker's, or the file of its certificate.</summary>
    public Func<string, bool> IsName { get; set; } = _ => false;

    /// <summary>Whether a word is the reference of a member: it stands in the names of files.</summary>
    public Func<string, bool> IsMember { get; set; } = _ => false;

    /// <summary>Pieces of lines that were not written.</summary>
    public long Count => Volatile.Read(ref _withheld);

    /// <summary>The line as it may be written.</summary>
    /// <param name="own">A message of the agent, not of a library: its places are known.</param>
    public string Line<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter, bool own)
    {
        string text = own && state is IReadOnlyList<KeyValuePair<string, object?>> places ? Filled(places) ?? formatter(state, exception) : Sentence(formatter(state, exception));
        return Signs(exception is null ? text : $"{text} {Sentence(exception.ToString())}");
    }

    /// <summary>The message with other words where a text may not be written; null where all may.</summary>
    private string? Filled(IReadOnlyList<KeyValuePair<string, object?>> places)
    {
        Dictionary<string, string>? instead = null;
        string template = "";
        foreach ((string place, object? value) in places)
        {
            if (place == Template)
            {
                template = (string)value!;
            }
            else if (value is string text && (_places.GetValueOrDefault(place) ?? Only(_ => false))(text) is var written && written != text)
            {
                (instead ??= [])[place] = written;
            }
        }
        return instead is null ? null : Place().Replace(template, at => instead.TryGetValue(at.Groups[1].Value, out string? written)
            ? written
            : string.Format(System.Globalization.CultureInfo.InvariantCulture, $"{{0{at.Groups[2].Value}}}", places.First(place => place.Key == at.Groups[1].Value).Value));
    }

    private Func<string, string> Only(Func<string, bool> right) => text => right(text) ? text : Counted();

    /// <summary>Sentences of the agent and of the system: without what has a look of its own, and without members.</summary>
    private string Sentence(string text)
    {
        string kept = Plate().Replace(Signs(text), _ => Counted());
        return HoldsMember(kept) ? Word().Replace(kept, word => IsMember(word.Value) ? Counted() : word.Value) : kept;
    }

    private string Signs(string text)
    {
        string kept = LeakSigns.Withhold(text, out int withheld);
        Interlocked.Add(ref _withheld, withheld);
        return kept;
    }

    private string Counted()
    {
        Interlocked.Increment(ref _withheld);
        return Withheld;
    }

    private bool IsPath(string text) =>
        text.Contains('/') && Path.GetFullPath(text) is var whole && whole.StartsWith(_folder, StringComparison.Ordinal)
            && Letters().IsMatch(whole[_folder.Length..]) && !HoldsMember(whole[_folder.Length..]);

    private bool HoldsMember(string text)
    {
        foreach (ValueMatch word in Word().EnumerateMatches(text))
        {
            if (IsMember(text.Substring(word.Index, word.Length)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out _) || (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && IPAddress.TryParse(address.Host.Trim('[', ']'), out _));

    [GeneratedRegex(@"\{(\w+)([:,][^}]*)?\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Place();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.+-]*(, [A-Za-z0-9][A-Za-z0-9.+-]*)*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Model();

    [GeneratedRegex("^[A-Za-z0-9._/-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Letters();

    [GeneratedRegex("[a-z0-9-]{1,32}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    // Of Germany and its neighbours, France and Italy, Britain, China.
    [GeneratedRegex(@"(?<![\p{L}\d-])(\p{Lu}{1,3}[- ]\p{Lu}{1,2}[- ]?\d{1,4}[EH]?|[A-Z]{2}-?\d{3}-?[A-Z]{2}|[A-Z]{2}\d{2} ?[A-Z]{3}|\p{IsCJKUnifiedIdeographs}[A-Z][ ·]?[A-Z0-9]{5,6})(?![\p{L}\d-])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plate();
}
