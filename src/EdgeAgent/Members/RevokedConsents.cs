using System.Globalization;
using System.Text;
using EdgeAgent.Signing;

namespace EdgeAgent.Members;

/// <summary>
/// Consents that were taken back, by digest, until they would have ended anyway: whoever sends one again does not bring the member back.
/// Names nobody. One small file, replaced whole: a digest and the end on each line.
/// </summary>
internal sealed class RevokedConsents(string path)
{
    /// <exception cref="MemberException">The file is damaged: nobody is recognised until a person has looked at it.</exception>
    public IReadOnlyDictionary<string, DateTimeOffset> Read()
    {
        var known = new Dictionary<string, DateTimeOffset>();
        foreach (string line in PrivateFile.IsThere(path) ? File.ReadLines(path) : [])
        {
            string[] parts = line.Split(' ');
            if (parts.Length != 2 || !DateTimeOffset.TryParseExact(parts[1], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset end))
            {
                throw new MemberException($"{path} is damaged. It names consents that were taken back; delete it only if nobody may send one of them again.");
            }
            known[parts[0]] = end;
        }
        return known;
    }

    public void Add(string digest, DateTimeOffset expires, DateTimeOffset now)
    {
        var kept = Read().Where(known => known.Value > now).ToDictionary();
        kept[digest] = expires;
        AtomicFile.Replace(path, Encoding.ASCII.GetBytes(string.Concat(kept.Select(known => string.Create(CultureInfo.InvariantCulture, $"{known.Key} {known.Value:O}\n")))));
    }
}
