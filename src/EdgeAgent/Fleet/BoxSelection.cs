namespace EdgeAgent.Fleet;

/// <summary>Which boxes of a fleet are meant: patterns such as <c>acme/*/*</c> and <c>acme/s0042/b1</c>. A star stands for one whole part.</summary>
internal sealed class BoxSelection
{
    private const string Form = "write tenant/store/box, each 1 to 32 of a-z 0-9 -, or * for all.";

    private readonly string[][] _patterns;

    /// <exception cref="FleetException">A pattern is none.</exception>
    public BoxSelection(IEnumerable<string> patterns)
    {
        _patterns = [.. patterns.Select(Parse)];
        if (_patterns.Length == 0)
        {
            throw new FleetException("No box is named: give --to tenant/store/box, for example --to 'acme/*/*' for all of acme, or --boxes FILE.");
        }
    }

    /// <summary>The topic filters that cover the selection, for a name below each box's root, for example <c>sst/v1/acme/+/+/state</c>.</summary>
    public IEnumerable<string> Filters(string below) =>
        _patterns.Select(p => "sst/v1/" + string.Join('/', p.Select(part => part == "*" ? "+" : part)) + "/" + below).Distinct(StringComparer.Ordinal);

    public bool Contains(BoxName box) => _patterns.Any(p => Fits(p[0], box.Tenant) && Fits(p[1], box.Store) && Fits(p[2], box.Box));

    /// <summary>Boxes that are named in full: meant even when nothing was ever heard of them.</summary>
    public IEnumerable<BoxName> Named => _patterns.Where(p => !p.Contains("*")).Select(p => new BoxName(p[0], p[1], p[2])).Distinct();

    /// <summary>Patterns of a file: one a line, <c>#</c> begins a comment.</summary>
    /// <exception cref="FleetException">A line is none, or there is none; says which.</exception>
    public static IReadOnlyList<string> ReadFile(string path)
    {
        string[] patterns = [.. File.ReadLines(path).Select((line, i) => (Text: line.Split('#')[0].Trim(), Number: i + 1)).Where(line => line.Text.Length > 0).Select(line =>
            IsPattern(line.Text.Split('/')) ? line.Text : throw new FleetException($"{path}, line {line.Number}, names no boxes: {Form}"))];
        return patterns.Length > 0 ? patterns : throw new FleetException($"{path} names no boxes: {Form}");
    }

    private static string[] Parse(string pattern)
    {
        string[] parts = pattern.Split('/');
        return IsPattern(parts) ? parts : throw new FleetException($"\"{pattern}\" names no boxes: {Form}");
    }

    private static bool IsPattern(string[] parts) => parts.Length == 3 && parts.All(part => part == "*" || BoxName.IsName(part));

    private static bool Fits(string pattern, string part) => pattern == "*" || pattern == part;
}
