using System.Text.Json;

namespace EdgeAgent.Tests.Install;

/// <summary>The instructions of Dockerfile.arm64, in order, each with its continuation lines joined and comments left out.</summary>
internal sealed class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Name, string Text)> instructions) => Instructions = instructions;

    public IReadOnlyList<(string Name, string Text)> Instructions { get; }

    public static Dockerfile Read()
    {
        string text = string.Join('\n', File.ReadLines(Repo.File("Dockerfile.arm64")).Where(line => !line.StartsWith('#'))).Replace("\\\n", " ", StringComparison.Ordinal);
        return new([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim()))]);
    }

    /// <summary>The only instruction of this name.</summary>
    public string this[string name] => Instructions.Single(i => i.Name == name).Text;

    /// <summary>The words of an instruction in its JSON form.</summary>
    public string[] Words(string name) => Exec(this[name]);

    public static string[] Exec(string rest) => JsonSerializer.Deserialize<string[]>(rest[rest.IndexOf('[', StringComparison.Ordinal)..])!;
}
