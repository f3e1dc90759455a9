using System.Security.Cryptography;
using EdgeAgent.Core;
using EdgeAgent.Core.Members;
using EdgeAgent.Signing;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Members;

/// <summary>What could be loaded.</summary>
/// <param name="Usable">With templates, which the caller owns and wipes.</param>
/// <param name="Expired">Consents that have ended; their keys were not touched.</param>
/// <param name="Unusable">Members whose file is of another model or key or has no consent that counts, or is damaged.</param>
/// <param name="Waiting">Members who agreed and are not enrolled yet.</param>
internal sealed record LoadedMembers(
    IReadOnlyList<StoredMember> Usable, IReadOnlyList<Consent> Expired, IReadOnlyList<MemberRef> Unusable, IReadOnlyList<Consent> Waiting);

/// <summary>What an erasure destroyed.</summary>
internal readonly record struct Erasure(bool Template, bool Key, bool Consent)
{
    public bool Anything => Key || Consent;
}

/// <summary>
/// The ledger of consents and what was made under them: one file a member in <c>STATE/members</c>, the key of the box beside it in
/// <c>STATE/members.key</c>. The only code that writes or reads a face template as bytes.
/// </summary>
/// <remarks>
/// Every change is one rename: after a power cut the member is as before or as after. An erased file changes its name first, and whoever
/// looks next finishes what was begun.
/// </remarks>
internal sealed partial class MemberStore
{
    /// <summary>More than one box greets; each is compared with every face in an armed zone.</summary>
    public const int MostMembers = 10_000;

    private const string Extension = ".member";

    private readonly string _state;
    private readonly string _folder;
    private readonly string? _credentials;
    private readonly FillRandom _random;
    private readonly TrustedKeys _trusted;
    private readonly RevokedConsents _revoked;

    /// <param name="trusted">Whose signature makes a consent; of <see cref="TrustedKeys.ForConsents"/>.</param>
    /// <param name="credentials">Folder of what the service manager gives; without it the one that the environment names.</param>
    public MemberStore(string stateFolder, FillRandom random, TrustedKeys trusted, string? credentials = null)
    {
        _state = stateFolder;
        _folder = Path.Combine(stateFolder, "members");
        _credentials = credentials ?? Environment.GetEnvironmentVariable(MemberKey.Credentials);
        _random = random;
        _trusted = trusted;
        _revoked = new RevokedConsents(Path.Combine(_folder, "revoked"));
    }

    /// <summary>Writes the member whole or not at all; an enrolment before is replaced.</summary>
    /// <exception cref="MemberException">Too many members, or this user may not write here.</exception>
    public void Save(StoredMember member) => PrivateFile.Access(_state, () =>
    {
        byte[] key = MakeKey();
        try
        {
            SaveOrDenied(member, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
        return true;
    });

    /// <summary>
    /// Keeps a consent: of a member who is enrolled it takes the place of the one before, of another it waits for the enrolment. Of a member
    /// whose file cannot be opened the old file is destroyed.
    /// </summary>
    /// <returns>Whether a template lies under it now, and whether it was new; or why it does not count.</returns>
    /// <exception cref="MemberException">Too many members, or this user may not write here.</exception>
    public (bool Enrolled, bool IsNew, ConsentFault Fault) Grant(Consent consent, DateTimeOffset now) => PrivateFile.Access(_state, () =>
    {
        if (Judge(consent, now) is var fault and not ConsentFault.None)
        {
            return (false, false, fault);
        }
        byte[] key = MakeKey();
        try
        {
            StoredMember? known = Open(consent.Member, key);
            if (known?.Consent.Digest == consent.Digest)
            {
                known.Face.Wipe();
                return (known.IsEnrolled, false, ConsentFault.None);
            }
            if (known?.Consent.Terms.GivenAt > consent.Terms.GivenAt)
            {
                known.Face.Wipe();
                return (false, false, ConsentFault.Older);
            }
            StoredMember next = known is null ? StoredMember.Waiting(consent) : known with { Consent = consent };
            SaveOrDenied(next, key);
            next.Face.Wipe();
            return (next.IsEnrolled, true, ConsentFault.None);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    });

    /// <summary>Whether the consent may be used now: not taken back, not ended, not made for too long.</summary>
    public ConsentFault Judge(Consent consent, DateTimeOffset now) =>
        consent.Terms.TakenAt(now) is var fault and not ConsentFault.None ? fault : _revoked.Read().ContainsKey(consent.Digest) ? ConsentFault.Revoked : ConsentFault.None;

    /// <summary>The consent that was granted for this member and holds now, or null.</summary>
    public Consent? Granted(MemberRef member, DateTimeOffset now) => PrivateFile.Access(_state, () =>
        ReadBytes(member) is byte[] file && MemberFile.ReadConsent(file, member, _trusted).Consent is Consent consent && Judge(consent, now) == ConsentFault.None ? consent : null);

    /// <summary>Opens every member whose consent holds; what cannot be used is named and left alone.</summary>
    /// <param name="now">Decides whose consent has ended.</param>
    /// <param name="modelSha256">The face vector model in use: vectors of another one mean nothing to it.</param>
    /// <exception cref="MemberException">The key can be read by others or is no key, or this user may not read all.</exception>
    public LoadedMembers Load(DateTimeOffset now, string modelSha256) => PrivateFile.Access(_state, () => LoadOrDenied(now, modelSha256));

    /// <summary>Changes when a member was enrolled or erased: names and times of the files.</summary>
    /// <exception cref="MemberException">This user may not look here.</exception>
    public string Fingerprint() => PrivateFile.Access(_state, () =>
        string.Join('\n', References().Select(member => FormattableString.Invariant($"{member} {File.GetLastWriteTimeUtc(PathOf(member)).Ticks}"))));

    /// <summary>All references, in the order of the alphabet.</summary>
    public IReadOnlyList<MemberRef> References() =>
        PrivateFile.IsThere(_folder)
            ? [.. Directory.GetFiles(_folder, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)!).Where(MemberRef.IsValid)
                .Order(StringComparer.Ordinal).Select(reference => new MemberRef(reference))]
            : [];

    private byte[] MakeKey()
    {
        PrivateFile.CreateFolder(_folder);
        return MemberKey.ReadOrCreate(MemberKey.PlaceOf(_state, _credentials), _random);
    }

    private void SaveOrDenied(StoredMember member, byte[] key)
    {
        if (!File.Exists(PathOf(member.Member)) && References().Count >= MostMembers)
        {
            throw new MemberException($"{_folder} holds {MostMembers} members, which is the most a box keeps; erase some.");
        }
        string unfinished = PathOf(member.Member) + ".new";
        byte[] bytes = MemberFile.Write(member, key, _random);
        using (FileStream file = PrivateFile.Create(unfinished, FileMode.Create))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        // An earlier enrolment is held open, so that its bytes can be destroyed after the new one has taken its name.
        using FileStream? before = File.Exists(PathOf(member.Member)) ? OpenToDestroy(PathOf(member.Member)) : null;
        AtomicFile.Rename(unfinished, PathOf(member.Member));
        if (before is not null)
        {
            Overwrite(before);
        }
    }

    private LoadedMembers LoadOrDenied(DateTimeOffset now, string modelSha256)
    {
        var usable = new List<StoredMember>();
        var expired = new List<Consent>();
        var unusable = new List<MemberRef>();
        var waiting = new List<Consent>();
        FinishErasures(now);
        IReadOnlyDictionary<string, DateTimeOffset> revoked = _revoked.Read();
        byte[]? key = MemberKey.Read(MemberKey.PlaceOf(_state, _credentials));
        try
        {
            foreach (MemberRef member in References())
            {
                byte[]? file = ReadBytes(member);
                Consent? consent = file is null ? null : MemberFile.ReadConsent(file, member, _trusted).Consent;
                if (consent is not null && revoked.ContainsKey(consent.Digest))
                {
                    FinishErasure(member);
                }
                else if (consent is null || key is null)
                {
                    unusable.Add(member);
                }
                else if (consent.Terms.HasEnded(now))
                {
                    expired.Add(consent);
                }
                else if (MemberFile.Read(file, consent, key) is not StoredMember stored || (stored.IsEnrolled && !Fits(stored, modelSha256)))
                {
                    unusable.Add(member);
                }
                else if (stored.IsEnrolled)
                {
                    usable.Add(stored);
                }
                else
                {
                    waiting.Add(consent);
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
        return new LoadedMembers(usable, expired, unusable, waiting);
    }

    /// <summary>Wipes what does not fit.</summary>
    private static bool Fits(StoredMember stored, string modelSha256)
    {
        if (stored.ModelSha256 == modelSha256)
        {
            return true;
        }
        stored.Face.Wipe();
        return false;
    }

    /// <summary>Null when there is no such member, or its file does not open with this key and a consent that is believed.</summary>
    private StoredMember? Open(MemberRef member, byte[] key) =>
        ReadBytes(member) is byte[] file && MemberFile.ReadConsent(file, member, _trusted).Consent is Consent consent ? MemberFile.Read(file, consent, key) : null;

    /// <summary>Null when there is no such file, or it is longer than any.</summary>
    private byte[]? ReadBytes(MemberRef member)
    {
        try
        {
            var file = new FileInfo(PathOf(member));
            return file.Length > MemberFile.MaxBytes ? null : File.ReadAllBytes(file.FullName);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            // Erased in this moment.
            return null;
        }
    }

    private string PathOf(MemberRef member) => Path.Combine(_folder, member.Value + Extension);
}
