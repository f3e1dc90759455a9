using EdgeAgent.Core;

namespace EdgeAgent.Members;

/// <summary>Members cannot be read or written. One sentence for a person: which file and what to do.</summary>
internal sealed class MemberException(string message) : Exception(message);

/// <summary>
/// The key of this box that wraps each member's own key: 32 random bytes in a file that its owner alone may read. Made on first use.
/// Whoever has this file and the members' files has the templates: it belongs in no backup.
/// </summary>
internal static class MemberKey
{
    public const int Bytes = 32;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key, or null when there is none yet. The caller zeroes it.</summary>
    /// <exception cref="MemberException">The file can be read by others, is a link, or holds something else.</exception>
    public static byte[]? Read(string path)
    {
        var file = new FileInfo(path);
        if (!PrivateFile.IsThere(path))
        {
            return null;
        }
        if (file.LinkTarget is not null)
        {
            throw new MemberException($"{path} is a link; the key must be a file of its own.");
        }
        if ((file.UnixFileMode & Others) != 0)
        {
            throw new MemberException(
                $"{path} can be read or changed by others than its owner (mode {Convert.ToString((int)file.UnixFileMode, 8)}); if nobody did, run chmod 400 {path}, else erase all members, delete the file and enrol anew.");
        }
        byte[] key = File.ReadAllBytes(path);
        return key.Length == Bytes
            ? key
            : throw new MemberException($"{path} has {key.Length} bytes where a key has {Bytes}; restore it, or erase all members, delete the file and enrol anew.");
    }

    /// <summary>The key; a new one where there was none.</summary>
    public static byte[] ReadOrCreate(string path, FillRandom random)
    {
        if (Read(path) is byte[] known)
        {
            return known;
        }
        byte[] key = GC.AllocateArray<byte>(Bytes, pinned: true);
        random(key);
        // CreateNew: two enrolments at once cannot both believe that theirs is the key.
        using (FileStream file = PrivateFile.Create(path, FileMode.CreateNew))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }
        PrivateFile.Close(path);
        return key;
    }
}
