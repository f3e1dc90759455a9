using System.Text.Json;

namespace EdgeAgent.Signing;

/// <summary>
/// The highest version of each kind of document that each key has had accepted: an older one never comes back, even when somebody replays it.
/// Kept for each key: whoever stole a key and signed version 2^53 does not lock out the key that replaces it.
/// </summary>
/// <remarks>
/// One small file, replaced whole and flushed before a document is applied: after a power cut it is the old or the new one. Raised before the
/// document becomes active, so it is never lower than what is active. One for each room that believes signed documents; thread-safe.
/// </remarks>
internal sealed class Ratchet
{
    private readonly string _path;
    private readonly Lock _turn = new();
    private readonly Dictionary<string, Mark> _marks;

    /// <exception cref="SigningException">The file is damaged: a person must decide, for starting at zero would let old documents in.</exception>
    public Ratchet(string path)
    {
        _path = path;
        try
        {
            _marks = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, Mark>>(File.ReadAllBytes(path), JsonSerializerOptions.Web) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new SigningException($"{path} is damaged. It holds which signed documents were accepted; delete it only if nobody may have recorded old ones.", e);
        }
    }

    /// <summary>None, <see cref="Refusal.Stale"/>. The same version with the same digest may come again: it is the one that was accepted.</summary>
    public Refusal Check(string kind, string keyId, long version, string digest)
    {
        lock (_turn)
        {
            return !_marks.TryGetValue(Name(kind, keyId), out Mark? mark) || version > mark.Version || (version == mark.Version && digest == mark.Digest)
                ? Refusal.None
                : Refusal.Stale;
        }
    }

    /// <summary>Remembers on disk that this document was accepted; nothing lowers what was accepted before.</summary>
    /// <exception cref="IOException">The disk refuses, as with <see cref="AtomicFile"/>: the document must not be applied.</exception>
    public void Accept(string kind, string keyId, long version, string digest)
    {
        string name = Name(kind, keyId);
        lock (_turn)
        {
            if (_marks.TryGetValue(name, out Mark? mark) && mark.Version >= version)
            {
                return;
            }
            var next = new Dictionary<string, Mark>(_marks) { [name] = new Mark(version, digest) };
            AtomicFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(next, JsonSerializerOptions.Web));
            _marks[name] = next[name];
        }
    }

    private static string Name(string kind, string keyId) => kind + "/" + keyId;

    private sealed record Mark(long Version, string Digest);
}
