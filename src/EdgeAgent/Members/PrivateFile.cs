namespace EdgeAgent.Members;

/// <summary>Files and folders that their owner alone may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="mode"><see cref="FileMode.CreateNew"/> where nobody else may have made it meanwhile.</param>
    public static FileStream Create(string path, FileMode mode)
    {
        ThrowOnWindows();
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Owner;
        }
        return new FileStream(path, options);
    }

    /// <summary>From now on its owner may read it and nobody may write it: mode 0400.</summary>
    public static void Close(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }
    }

    public static void CreateFolder(string path)
    {
        ThrowOnWindows();
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Whether the file or folder exists. <see cref="File.Exists"/> says no to whoever may not look, and members would seem not to be there.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not look.</exception>
    public static bool IsThere(string path)
    {
        try
        {
            File.GetAttributes(path);
            return true;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <exception cref="MemberException">This user may not read or write it.</exception>
    public static T Access<T>(string folder, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (UnauthorizedAccessException)
        {
            throw new MemberException($"{folder} or a file in it is not readable by this user; run members as the service's user (sudo -u edge-agent).");
        }
    }

    private static void ThrowOnWindows()
    {
        if (OperatingSystem.IsWindows())
        {
            throw new MemberException("Members are kept on Linux only: this system has no file modes that keep others out.");
        }
    }
}
