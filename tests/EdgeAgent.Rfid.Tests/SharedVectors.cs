using System.Text.Json;

namespace EdgeAgent.Rfid.Tests;

/// <summary>Known bytes and their meaning, outside the repository.</summary>
internal static class SharedVectors
{
    public static string? Folder { get; } = Find();

    public static IEnumerable<JsonElement> Llrp() => Directory.EnumerateFiles(Path.Combine(Folder!, "llrp"), "*.json")
        .Order(StringComparer.Ordinal)
        .Where(static file => Path.GetFileName(file) != "negative.json")
        .SelectMany(static file => Load(file).GetProperty("vectors").EnumerateArray());

    public static IEnumerable<JsonElement> Negative() => Load(Path.Combine(Folder!, "llrp", "negative.json")).GetProperty("vectors").EnumerateArray();

    public static IEnumerable<JsonElement> Epcs() => Load(Path.Combine(Folder!, "epc", "epc.json")).GetProperty("sets").EnumerateArray()
        .SelectMany(static set => set.GetProperty("vectors").EnumerateArray());

    public static byte[] Frame(string id) => Llrp().First(v => v.GetProperty("id").GetString() == id).Bytes();

    public static byte[] Bytes(this JsonElement vector) => Convert.FromHexString(vector.GetProperty("hex").GetString()!);

    public static string? Text(this JsonElement vector, string name) =>
        vector.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Load(string file) => JsonElement.Parse(File.ReadAllBytes(file));

    private static string? Find()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "EdgeAgent.sln")))
        {
            root = Path.GetDirectoryName(root);
        }
        string?[] places = [Environment.GetEnvironmentVariable("EDGE_SHARED"), root is null ? null : Path.Combine(root, "..", "shared")];
        return places.Where(static p => p is not null).Select(static p => Path.Combine(p!, "vectors")).FirstOrDefault(Directory.Exists);
    }
}
