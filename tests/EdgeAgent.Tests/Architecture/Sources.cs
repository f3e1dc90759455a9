using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Architecture;

/// <summary>The project's own source text.</summary>
internal static partial class Sources
{
    /// <summary>Files below a folder whose code, comments left out, matches the pattern; paths from the repository's root.</summary>
    public static string[] Naming(string folder, string pattern) =>
        [.. Repo.Files(folder, "*.cs").Where(file => Regex.IsMatch(Code(file), pattern))];

    /// <summary>A file without its comments.</summary>
    public static string Code(string file) => Comment().Replace(File.ReadAllText(Repo.File(file)), "");

    [GeneratedRegex(@"(?<!:)//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
