using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;

namespace EdgeAgent.Ota;

/// <summary>
/// Where models that came over the air lie: <c>STATE/models</c>, named by their hash alone; what is still coming in lies in <c>incoming</c>.
/// No name or address of a description becomes part of a path. Artefacts of another kind lie on a shelf of their own beside it.
/// </summary>
internal sealed class ModelShelf(
    string stateFolder, Func<string, long> freeBytes, long quotaBytes = ModelShelf.DefaultQuotaBytes, string kind = "models", string extension = ".onnx")
{
    public const long DefaultQuotaBytes = 2L << 30;

    // Events must find room when the model has come.
    private const long ReserveBytes = 64L << 20;

    public string Folder { get; } = Path.Combine(stateFolder, kind);

    public string Incoming => Path.Combine(Folder, "incoming");

    public static string FileName(string sha256) => sha256 + ".onnx";

    public string PathOf(string sha256) => Path.Combine(Folder, sha256 + extension);

    public string IncomingOf(string sha256) => Path.Combine(Incoming, sha256 + extension);

    /// <summary>A shelf for another kind on the same disk.</summary>
    public ModelShelf Beside(string otherKind, string otherExtension, long otherQuotaBytes) => new(stateFolder, freeBytes, otherQuotaBytes, otherKind, otherExtension);

    public bool Has(string sha256, long size) => File.Exists(PathOf(sha256)) && new FileInfo(PathOf(sha256)).Length == size;

    /// <summary>Asked before the first byte is fetched. Bytes that lie there already from an earlier try count as there.</summary>
    /// <param name="keep">Hashes that may not be thrown away for it.</param>
    public OtaReason RoomFor(string sha256, long size, IReadOnlyCollection<string> keep)
    {
        Directory.CreateDirectory(Incoming);
        string part = Path.Combine(Incoming, sha256 + ".part");
        long there = File.Exists(part) ? new FileInfo(part).Length : 0;
        if (size - there > freeBytes(Folder) - ReserveBytes)
        {
            return OtaReason.NoSpace;
        }
        long kept = keep.Where(k => k != sha256).Select(PathOf).Where(File.Exists).Sum(path => new FileInfo(path).Length);
        return size > quotaBytes - kept ? OtaReason.TooLarge : OtaReason.None;
    }

    /// <summary>From <c>incoming</c> to its place: whole or not at all, also after a power cut.</summary>
    public void Accept(string sha256)
    {
        File.Move(IncomingOf(sha256), PathOf(sha256), overwrite: true);
        AtomicFile.FlushFolder(Folder);
    }

    /// <summary>Deletes every file but these, and what is left of downloads that nobody wants any more.</summary>
    public void KeepOnly(IReadOnlyCollection<string> keep)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }
        foreach (string file in Directory.EnumerateFiles(Folder, "*" + extension).Concat(Directory.Exists(Incoming) ? Directory.EnumerateFiles(Incoming) : []))
        {
            if (!keep.Any(sha => Path.GetFileName(file).StartsWith(sha, StringComparison.Ordinal)))
            {
                File.Delete(file);
            }
        }
    }
}
