using System.Buffers.Text;
using EdgeAgent.Core;
using EdgeAgent.Members;

namespace EdgeAgent.Dashboard;

/// <summary>The word that opens the page: 128 random bits, kept in a file that only the agent's user may read.</summary>
internal static class PageToken
{
    public const string FileName = "dashboard-token";

    private const int Letters = 22; // 16 bytes in base64url

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string Make(FillRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The kept token, so that a bookmark holds over a restart; a new one when there is none that is whole. Delete the file for another.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static string Load(string folder, FillRandom random)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            string kept = File.ReadAllText(path).Trim();
            if (kept.Length == Letters && Base64Url.IsValid(kept))
            {
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, Owner);
                }
                return kept;
            }
            File.Delete(path);
        }
        string made = Make(random);
        using FileStream file = PrivateFile.Create(path, FileMode.CreateNew);
        file.Write(System.Text.Encoding.ASCII.GetBytes(made + "\n"));
        return made;
    }
}
