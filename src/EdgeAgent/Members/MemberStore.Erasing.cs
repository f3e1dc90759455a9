using EdgeAgent.Core.Members;
using EdgeAgent.Signing;

namespace EdgeAgent.Members;

// How members are destroyed: revoked, ended, or left half erased by a power cut.
internal sealed partial class MemberStore
{
    // What is being written now is younger.
    private static readonly TimeSpan s_abandoned = TimeSpan.FromHours(1);

    /// <summary>Destroys a member's key, template and consent. A consent that still held is remembered as taken back, by its digest alone.</summary>
    /// <exception cref="MemberException">This user may not look or write here.</exception>
    public Erasure Erase(MemberRef member, DateTimeOffset now) => PrivateFile.Access(_state, () =>
    {
        string path = PathOf(member);
        Destroy(path + ".new");
        bool unfinished = Destroy(path + ".erasing");
        if (!PrivateFile.IsThere(path))
        {
            return new Erasure(unfinished, unfinished, unfinished);
        }
        byte[] file = ReadBytes(member) ?? [];
        Consent? consent = MemberFile.ReadConsent(file, member, _trusted).Consent;
        if (consent is not null && !consent.Terms.HasEnded(now))
        {
            // From here on nobody uses it, whatever happens to the rest.
            _revoked.Add(consent.Digest, consent.Expires, now);
        }
        FinishErasure(member);
        return new Erasure(MemberFile.HasTemplate(file), true, consent is not null);
    });

    private void FinishErasure(MemberRef member)
    {
        string erasing = PathOf(member) + ".erasing";
        AtomicFile.Rename(PathOf(member), erasing);
        Destroy(erasing);
    }

    /// <summary>Finishes what a power cut left half erased, or half written.</summary>
    private void FinishErasures(DateTimeOffset now)
    {
        if (!PrivateFile.IsThere(_folder))
        {
            return;
        }
        foreach (string file in Directory.GetFiles(_folder, "*" + Extension + ".erasing"))
        {
            Destroy(file);
        }
        foreach (string file in Directory.GetFiles(_folder, "*" + Extension + ".new").Where(file => File.GetLastWriteTimeUtc(file) < now.UtcDateTime - s_abandoned))
        {
            Destroy(file);
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
        AtomicFile.Delete(path);
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
}
