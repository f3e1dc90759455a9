using EdgeAgent.Core;

namespace EdgeAgent.Members;

/// <summary>Members cannot be read or written. One sentence for a person: which file and what to do.</summary>
internal sealed class MemberException(string message) : Exception(message);

/// <summary>The file of the box's key.</summary>
/// <param name="IsGiven">By the service manager, not made by the agent.</param>
internal readonly record struct KeyPlace(string Path, bool IsGiven);

/// <summary>
/// The key of this box that wraps each member's own key: 32 random bytes in a file that its owner alone may read. Made on first use.
/// Whoever has this file and the members' files has the templates: it belongs in no backup.
/// </summary>
internal static class MemberKey
{
    public const int Bytes = 32;

    /// <summary>Names the folder, in memory and for this service alone, in which a service manager puts what it has decrypted: with a TPM the key lies on no disk in the clear.</summary>
    public const string Credentials = "CREDENTIALS_DIRECTORY";

    private const string FileName = "members.key";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Where the key is: what the service manager gave, else the file in the state folder.</summary>
    /// <param name="credentials">The folder of credentials; null where no service manager gave one.</param>
    /// <exception cref="MemberException">There are both: the one in the state folder undoes what the other is for.</exception>
    public static KeyPlace PlaceOf(string stateFolder, string? credentials)
    {
        string own = Path.Combine(stateFolder, FileName);
        string? given = string.IsNullOrEmpty(credentials) ? null : Path.Combine(credentials, FileName);
        if (given is null || !PrivateFile.IsThere(given))
        {
            return new KeyPlace(own, IsGiven: false);
        }
        return !PrivateFile.IsThere(own) ? new KeyPlace(given, IsGiven: true) : throw new MemberException(
            $"The service manager gives a key, and {own} is there too. If it is the same one, overwrite and remove it (shred -u {own}); if members were enrolled with it, erase and enrol them anew.");
    }

    /// <summary>The key, or null when there is none yet. The caller zeroes it.</summary>
    /// <exception cref="MemberException">The file can be read by others, is a link, or holds something else.</exception>
    public static byte[]? Read(KeyPlace place)
    {
        string path = place.Path;
        var file = new FileInfo(path);
        if (!PrivateFile.IsThere(path))
        {
            return null;
        }
        if (file.LinkTarget is not null)
        {
            throw new MemberException($"{path} is a link; the key must be a file of its own.");
        }
        // A service manager lets its own service in by an access list, which shows as a right of the group.
        if ((file.UnixFileMode & (place.IsGiven ? Others & ~UnixFileMode.GroupRead : Others)) != 0)
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
    public static byte[] ReadOrCreate(KeyPlace place, FillRandom random)
    {
        if (Read(place) is byte[] known)
        {
            return known;
        }
        byte[] key = GC.AllocateArray<byte>(Bytes, pinned: true);
        random(key);
        // CreateNew: two enrolments at once cannot both believe that theirs is the key.
        using (FileStream file = PrivateFile.Create(place.Path, FileMode.CreateNew))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }
        PrivateFile.Close(place.Path);
        return key;
    }
}
