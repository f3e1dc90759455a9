using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgeAgent.Signing;

/// <summary>
/// A JSON object that names its signer in a member <c>sig {key, alg, value}</c>. Signed is the canonical form (<see cref="CanonicalJson"/>) of the
/// whole object without <c>sig</c>: version, dates and audience cannot be altered any more than the content.
/// </summary>
/// <param name="Root">The document with its <c>sig</c>.</param>
/// <param name="KeyId">The trusted key that signed it.</param>
internal sealed record SignedDocument(JsonElement Root, string KeyId)
{
    // Deeper than any configuration, shallow enough for every stack.
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>SHA-256 over the canonical form of a value, as <c>sha256:</c> and 64 hex digits in lower case.</summary>
    public static string Digest(JsonElement value) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(value)));

    /// <summary>The same object with <c>sig</c> added, or replaced.</summary>
    /// <exception cref="SigningException">It is not a JSON object.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> utf8, SigningKey key)
    {
        JsonElement root;
        string value;
        try
        {
            root = Parse(utf8);
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new SigningException("The document to sign is no JSON object.");
            }
            value = key.Sign(CanonicalJson.Bytes(root, without: "sig"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the last: half a surrogate pair
        {
            throw new SigningException($"The document to sign is not readable as JSON: {e.Message}", e);
        }
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (JsonProperty member in root.EnumerateObject().Where(m => m.Name != "sig"))
            {
                member.WriteTo(json);
            }
            json.WriteStartObject("sig");
            json.WriteString("key", key.Id);
            json.WriteString("alg", SigningKey.Algorithm);
            json.WriteString("value", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The document, or why it is not believed: <see cref="Refusal.Malformed"/>, <see cref="Refusal.Unsigned"/>, <see cref="Refusal.UnknownKey"/> or
    /// <see cref="Refusal.BadSignature"/>. Never throws for what the document holds.
    /// </summary>
    public static (SignedDocument? Document, Refusal Refusal) Verify(ReadOnlyMemory<byte> utf8, int maxBytes, TrustedKeys trusted)
    {
        if (utf8.Length > maxBytes)
        {
            return (null, Refusal.Malformed);
        }
        JsonElement root;
        byte[] canonical;
        try
        {
            root = Parse(utf8);
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, Refusal.Malformed);
            }
            canonical = CanonicalJson.Bytes(root, without: "sig");
        }
        catch (Exception e) when (e is JsonException or SigningException or InvalidOperationException) // the last: half a surrogate pair
        {
            return (null, Refusal.Malformed);
        }
        if (!root.TryGetProperty("sig", out JsonElement sig))
        {
            return (null, Refusal.Unsigned);
        }
        if (!TryText(sig, "key", out string keyId) || !TryText(sig, "alg", out string algorithm) || !TryText(sig, "value", out string value)
            || algorithm != SigningKey.Algorithm || sig.EnumerateObject().Count() != 3)
        {
            return (null, Refusal.Malformed);
        }
        if (trusted.Find(keyId) is not ECDsa key)
        {
            return (null, Refusal.UnknownKey);
        }
        return Fits(key, canonical, value) ? (new SignedDocument(root, keyId), Refusal.None) : (null, Refusal.BadSignature);
    }

    private static bool Fits(ECDsa key, byte[] canonical, string value)
    {
        try
        {
            byte[] signature = Base64Url.DecodeFromChars(value);
            // The last letter has four bits to spare: other letters would be another spelling of the same signature.
            return Base64Url.EncodeToString(signature) == value && key.VerifyData(canonical, signature, HashAlgorithmName.SHA256);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        // The parser lets bytes that are no characters stand in strings, until somebody asks for the text.
        if (!Utf8.IsValid(utf8.Span))
        {
            throw new JsonException("it holds bytes that are no UTF-8.");
        }
        using JsonDocument document = JsonDocument.Parse(utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, s_options);
        return document.RootElement.Clone();
    }

    private static bool TryText(JsonElement owner, string name, out string text)
    {
        text = owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String
            ? found.GetString()!
            : "";
        return text.Length > 0;
    }
}
