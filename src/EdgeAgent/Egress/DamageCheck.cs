using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

/// <summary>
/// SQLite's check of a whole file. It reads every page, which takes a second for 64 MiB and a minute for a backlog of a week on slow flash, so a
/// large file is checked beside the running agent, unless somebody has met damage in it: then the next opening checks it first.
/// </summary>
internal static class DamageCheck
{
    /// <summary>Files up to this size are checked whenever they are opened.</summary>
    public const long AtOpeningBytes = 64L * 1024 * 1024;

    public static bool IsDueAtOpening(string path) => new FileInfo(path).Length <= AtOpeningBytes || File.Exists(MarkOf(path));

    /// <exception cref="SqliteException">11: the file is damaged.</exception>
    public static void Run(SqliteConnection connection)
    {
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        check.CommandTimeout = 0;
        if (check.ExecuteScalar() is not "ok" and var found)
        {
            throw new SqliteException($"quick_check: {found}", 11);
        }
    }

    public static bool IsDamage(Exception e) => e is SqliteException { SqliteErrorCode: 11 or 26 };

    /// <summary>Damage was met: the next opening is to find it, and put the file aside.</summary>
    public static void Suspect(string path)
    {
        try
        {
            File.WriteAllBytes(MarkOf(path), []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that takes no mark is in greater trouble; the check beside the agent finds the damage again.
        }
    }

    public static void Passed(string path) => File.Delete(MarkOf(path));

    private static string MarkOf(string path) => path + ".suspect";
}
