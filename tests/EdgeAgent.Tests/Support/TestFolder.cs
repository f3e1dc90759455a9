namespace EdgeAgent.Tests;

/// <summary>A folder of one test's own; looked through for what no box may write, then deleted with what is in it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly HashSet<string> _written = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("edge-agent-test-").FullName;

    /// <summary>The test puts in itself what must not be there.</summary>
    public bool HoldsPlants { get; set; }

    public string this[string name] => Path.Combine(Root, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        _written.Add(this[name]);
        return this[name];
    }

    public void Dispose()
    {
        try
        {
            if (!HoldsPlants)
            {
                OutputScan.Folder(Root, _written);
            }
        }
        finally
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
