using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeAgent.Egress;

// For whoever asks why. May be asked while an agent writes.
internal sealed partial class EvidenceStore
{
    /// <summary>What is kept about an event, as JSON in UTF-8; null when nothing is.</summary>
    /// <exception cref="OutboxException">The file is not there or cannot be read.</exception>
    public static byte[]? Find(string folder, Guid id) =>
        Read(folder, "SELECT json FROM evidence WHERE event=$value", id.ToByteArray(bigEndian: true)).FirstOrDefault();

    /// <summary>A decision and all that corrected it, in this order: by the id of any of these events, or by their settlement key.</summary>
    /// <exception cref="OutboxException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<byte[]> FindStory(string folder, string idOrKey)
    {
        byte[]? found = Guid.TryParse(idOrKey, out Guid id) ? Find(folder, id) : null;
        string? key = found is null ? idOrKey : KeyOf(found);
        IReadOnlyList<byte[]> story = key is null ? [] : Read(folder, "SELECT json FROM evidence WHERE decision<>'" + Stray + "' AND json_extract(CAST(json AS TEXT),'$.settlementKey')=$value ORDER BY id", key);
        return story.Count > 0 ? story : found is null ? [] : [found];
    }

    /// <summary>The settlement key in a piece of evidence; null where nothing was decided.</summary>
    public static string? KeyOf(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("settlementKey", out JsonElement key) ? key.GetString() : null;
    }

    private static List<byte[]> Read(string folder, string text, object value)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new OutboxException($"There is no {path}; name the folder that the agent was started with as --state.");
        }
        try
        {
            using SqliteConnection connection = OutboxFile.Open(path, SqliteOpenMode.ReadOnly);
            using SqliteCommand read = connection.CreateCommand();
            read.CommandText = text;
            read.Parameters.AddWithValue("$value", value);
            using SqliteDataReader rows = read.ExecuteReader();
            var found = new List<byte[]>();
            while (rows.Read())
            {
                found.Add(rows.GetFieldValue<byte[]>(0));
            }
            return found;
        }
        catch (SqliteException e)
        {
            throw new OutboxException($"The evidence in {path} cannot be read: {e.Message.TrimEnd('.')}. Check that this user may read the folder.", e);
        }
    }
}
