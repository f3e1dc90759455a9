namespace EdgeAgent.Replay;

/// <summary>A file that a person asked to be written.</summary>
internal static class OutputFile
{
    /// <exception cref="ScenarioException">The file cannot be written; says why.</exception>
    public static FileStream Create(string path)
    {
        try
        {
            return File.Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ScenarioException($"\"{path}\" cannot be written: {e.Message}");
        }
    }
}
