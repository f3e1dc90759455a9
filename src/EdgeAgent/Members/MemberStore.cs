using System.Security.Cryptography;
using EdgeAgent.Core;
using EdgeAgent.Core.Members;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Members;

/// <summary>What could be loaded.</summary>
/// <param name="Usable">With templates, which the caller owns and wipes.</param>
/// <param name="Expired">Members whose consent has ended.</param>
/// <param name="Unusable">Members whose file is of another model or key, or damaged.</param>
internal sealed record LoadedMembers(IReadOnlyList<StoredMember> Usable, IReadOnlyList<StoredMember> Expired, IReadOnlyList<MemberRef> Unusable);

/// <summary>
/// The enrolled members of this box: one encrypted file each in <c>STATE/members</c>, the key beside it in <c>STATE/members.key</c>.
/// The only code that writes or reads a face template as bytes.
/// </summary>
internal sealed class MemberStore
{
    /// <summary>More than one box greets; each is compared with every face in an armed zone.</summary>
    public const int MostMembers = 10_000;

    private const string Extension = ".member";

    private readonly string _state;
    private readonly string _folder;
    private readonly string _keyFile;
    private readonly FillRandom _random;

    public MemberStore(string stateFolder, FillRandom random)
    {
        _state = stateFolder;
        _folder = Path.Combine(stateFolder, "members");
        _keyFile = Path.Combine(stateFolder, "members.key");
        _random = random;
    }

    /// <summary>Writes the member whole or not at all; an enrolment before is replaced.</summary>
    /// <exception cref="MemberException">Too many members, or this user may not write here.</exception>
    public void Save(StoredMember member) => PrivateFile.Access(_state, () =>
    {
        SaveOrDenied(member);
        return true;
    });

    /// <summary>False when there is no such member.</summary>
    /// <exception cref="MemberException">This user may not look or write here.</exception>
    public bool Erase(MemberRef member) => PrivateFile.Access(_state, () =>
    {
        Destroy(PathOf(member) + ".new");
        return Destroy(PathOf(member));
    });

    /// <summary>Opens every member's file; what cannot be used is named and left alone.</summary>
    /// <param name="now">Decides whose consent has ended.</param>
    /// <param name="modelSha256">The face vector model in use: vectors of another one mean nothing to it.</param>
    /// <exception cref="MemberException">The key can be read by others or is no key, or this user may not read all.</exception>
    public LoadedMembers Load(DateTimeOffset now, string modelSha256) => PrivateFile.Access(_state, () => LoadOrDenied(now, modelSha256));

    /// <summary>Changes when a member was enrolled or erased: names and times of the files.</summary>
    /// <exception cref="MemberException">This user may not look here.</exception>
    public string Fingerprint() => PrivateFile.Access(_state, () =>
        string.Join('\n', References().Select(member => FormattableString.Invariant($"{member} {File.GetLastWriteTimeUtc(PathOf(member)).Ticks}"))));

    private void SaveOrDenied(StoredMember member)
    {
        PrivateFile.CreateFolder(_folder);
        if (!File.Exists(PathOf(member.Member)) && References().Count >= MostMembers)
        {
            throw new MemberException($"{_folder} holds {MostMembers} members, which is the most a box keeps; erase some.");
        }
        byte[] key = MemberKey.ReadOrCreate(_keyFile, _random);
        string unfinished = PathOf(member.Member) + ".new";
        try
        {
            byte[] bytes = MemberFile.Write(member, key, _random);
            using (FileStream file = PrivateFile.Create(unfinished, FileMode.Create))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            // An earlier enrolment is held open, so that its bytes can be destroyed after the new one has taken its name.
            using FileStream? before = File.Exists(PathOf(member.Member)) ? OpenToDestroy(PathOf(member.Member)) : null;
            File.Move(unfinished, PathOf(member.Member), overwrite: true);
            if (before is not null)
            {
                Overwrite(before);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private LoadedMembers LoadOrDenied(DateTimeOffset now, string modelSha256)
    {
        var usable = new List<StoredMember>();
        var expired = new List<StoredMember>();
        var unusable = new List<MemberRef>();
        byte[]? key = MemberKey.Read(_keyFile);
        try
        {
            foreach (MemberRef member in References())
            {
                StoredMember? stored = key is null ? null : ReadFile(member, key);
                if (stored is null)
                {
                    unusable.Add(member);
                }
                else if (now > stored.ConsentUntil)
                {
                    stored.Face.Wipe();
                    expired.Add(stored);
                }
                else if (stored.ModelSha256 != modelSha256)
                {
                    stored.Face.Wipe();
                    unusable.Add(member);
                }
                else
                {
                    usable.Add(stored);
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
        return new LoadedMembers(usable, expired, unusable);
    }

    /// <summary>All references, in the order of the alphabet.</summary>
    public IReadOnlyList<MemberRef> References() =>
        PrivateFile.IsThere(_folder)
            ? [.. Directory.GetFiles(_folder, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)!).Where(MemberRef.IsValid)
                .Order(StringComparer.Ordinal).Select(reference => new MemberRef(reference))]
            : [];

    private StoredMember? ReadFile(MemberRef member, byte[] key)
    {
        try
        {
            var file = new FileInfo(PathOf(member));
            return file.Length > MemberFile.MaxBytes ? null : MemberFile.Read(File.ReadAllBytes(file.FullName), member, key);
        }
        catch (FileNotFoundException)
        {
            // Erased in this moment.
            return null;
        }
    }

    /// <summary>False when there is no such file.</summary>
    private bool Destroy(string path)
    {
        if (!PrivateFile.IsThere(path))
        {
            return false;
        }
        using (FileStream file = OpenToDestroy(path))
        {
            Overwrite(file);
        }
        File.Delete(path);
        return true;
    }

    private static FileStream OpenToDestroy(string path) => new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>The wrapped key first, down to the disk: without it the rest is noise already. Then everything.</summary>
    private void Overwrite(FileStream file)
    {
        byte[] noise = new byte[Math.Max(file.Length, MemberFile.WrappedKey.End.Value)];
        _random(noise);
        file.Position = MemberFile.WrappedKey.Start.Value;
        file.Write(noise.AsSpan()[MemberFile.WrappedKey]);
        file.Flush(flushToDisk: true);
        file.Position = 0;
        file.Write(noise);
        file.Flush(flushToDisk: true);
    }

    private string PathOf(MemberRef member) => Path.Combine(_folder, member.Value + Extension);
}
