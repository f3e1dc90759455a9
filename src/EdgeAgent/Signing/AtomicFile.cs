namespace EdgeAgent.Signing;

/// <summary>
/// A file that is, at every moment and after every power cut, either the old one or the new one. What cannot be done throws an
/// <see cref="IOException"/>, or an <see cref="UnauthorizedAccessException"/> where file or folder belong to somebody else; then the old file stays.
/// </summary>
internal static class AtomicFile
{
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
        FlushFolder(folder);
    }

    /// <summary>Renames over whatever lies at <paramref name="to"/>, in the same folder.</summary>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Deletes for good; nothing where there is no such file.</summary>
    public static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
    }

    /// <summary>A rename is on disk only when its folder is.</summary>
    public static void FlushFolder(string folder)
    {
        int handle = LibC.Open(folder, LibC.ReadOnly | LibC.Directory);
        if (handle >= 0)
        {
            _ = LibC.Sync(handle);
            _ = LibC.Close(handle);
        }
    }
}
