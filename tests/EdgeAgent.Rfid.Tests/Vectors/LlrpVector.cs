using System.Text.Json;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Llrp.Describe;

namespace EdgeAgent.Rfid.Tests.Vectors;

/// <summary>One vector of the shared files, whatever keys its source gave it.</summary>
internal sealed class LlrpVector
{
    private LlrpVector(string file, JsonElement json)
    {
        File = file;
        Json = json;
        Bytes = json.Bytes();
    }

    public string File { get; }

    public JsonElement Json { get; }

    public byte[] Bytes { get; }

    public string Id => Json.Text("id")!;

    /// <summary>A parameter without a message around it.</summary>
    public bool IsParameter => Json.Text("kind") == "parameter";

    /// <summary>Only the beginning of what its source wrote.</summary>
    public bool IsBeginning => Json.TryGetProperty("prefixOnly", out JsonElement prefix) && prefix.GetBoolean();

    /// <summary>Its source says itself that the bytes are wrong.</summary>
    public bool IsMalformed => Json.Text("note")?.StartsWith("MALFORMED", StringComparison.Ordinal) == true || Json.TryGetProperty("headerLength", out _);

    public bool IsWellFormed => !IsBeginning && !IsMalformed;

    public static IEnumerable<LlrpVector> All() => Directory.EnumerateFiles(Path.Combine(SharedVectors.Folder!, "llrp"), "*.json")
        .Order(StringComparer.Ordinal)
        .Where(static file => Path.GetFileName(file) != "negative.json")
        .SelectMany(static file => JsonElement.Parse(System.IO.File.ReadAllBytes(file)).GetProperty("vectors").EnumerateArray()
            .Select(vector => new LlrpVector(Path.GetFileName(file), vector)));

    /// <summary>The tree; for a parameter it hangs below an element of no type.</summary>
    public LlrpElement Tree(out LlrpHeader header)
    {
        header = default;
        if (IsParameter)
        {
            Assert.True(LlrpDescriber.TryDescribeParameters(Bytes, out LlrpElement parent, out LlrpDamage wrong), $"{Id}: {wrong}");
            return parent;
        }
        Assert.True(LlrpDescriber.TryDescribe(Bytes, out LlrpMessage message, out LlrpDamage damage), $"{Id}: {damage}");
        header = message.Header;
        return message.Root;
    }
}
