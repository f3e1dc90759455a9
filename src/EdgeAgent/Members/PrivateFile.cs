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

    public static void CreateFolder(string path)
    {
        ThrowOnWindows();
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
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
