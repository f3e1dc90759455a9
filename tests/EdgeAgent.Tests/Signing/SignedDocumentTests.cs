using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Signing;

public sealed class SignedDocumentTests : IDisposable
{
    private static readonly byte[] s_document = """{"version":7,"config":{"b":[1.50,"ü"],"a":null}}"""u8.ToArray();

    private readonly TestFolder _folder = new();
    private readonly SigningKey _key = SigningKey.Create();
    private readonly TrustedKeys _trusted;

    public SignedDocumentTests()
    {
        _folder.Write("trust/fleet.pem", _key.PublicPem);
        _trusted = new TrustedKeys(_folder["trust"]);
    }

    [Fact]
    public void A_signed_document_is_believed_and_names_its_key()
    {
        (SignedDocument? document, Refusal refusal) = Verify(SignedDocument.Sign(s_document, _key));

        Assert.Equal(Refusal.None, refusal);
        Assert.Equal(_key.Id, document!.KeyId);
        Assert.Equal(7, document.Root.GetProperty("version").GetInt32());
    }

    [Fact]
    public void Another_layout_of_the_same_document_keeps_its_signature()
    {
        JsonObject signed = JsonNode.Parse(SignedDocument.Sign(s_document, _key))!.AsObject();
        var turned = new JsonObject(signed.Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        string spread = turned.ToJsonString(new JsonSerializerOptions { WriteIndented = true }).Replace("1.50", "15e-1", StringComparison.Ordinal);

        Assert.Equal(Refusal.None, Verify(Encoding.UTF8.GetBytes(spread)).Refusal);
    }

    [Theory]
    [InlineData("\"version\":7", "\"version\":8", nameof(Refusal.BadSignature))]
    [InlineData("1.50", "1.51", nameof(Refusal.BadSignature))]
    [InlineData("\"a\":null", "\"a\":null,\"c\":0", nameof(Refusal.BadSignature))]
    [InlineData("\"sig\"", "\"gis\"", nameof(Refusal.Unsigned))]
    [InlineData("ES256", "none", nameof(Refusal.Malformed))]
    [InlineData("\"version\":7", "\"version\":7,\"version\":7", nameof(Refusal.Malformed))]
    [InlineData("ü", "\\ud800", nameof(Refusal.Malformed))]
    [InlineData("{\"version\"", "[\"version\"", nameof(Refusal.Malformed))]
    public void What_was_altered_is_refused(string from, string to, string expected)
    {
        // The test's own signing leaves the ü as it is, so that each pattern is found.
        string signed = Encoding.UTF8.GetString(SignedDocument.Sign(s_document, _key)).Replace("\\u00FC", "ü", StringComparison.Ordinal);
        Assert.Contains(from, signed);

        Assert.Equal(Enum.Parse<Refusal>(expected), Verify(Encoding.UTF8.GetBytes(signed.Replace(from, to, StringComparison.Ordinal))).Refusal);
    }

    [Fact]
    public void Every_single_flipped_bit_is_refused()
    {
        // A last zero that becomes a space and an escape in another case change the spelling only: this document has neither.
        byte[] signed = SignedDocument.Sign("""{"version":7,"config":{"b":[1.5,"x"],"a":null}}"""u8.ToArray(), _key);
        for (int bit = 0; bit < signed.Length * 8; bit++)
        {
            byte[] flipped = [.. signed];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.NotEqual(Refusal.None, Verify(flipped).Refusal);
        }
    }

    [Fact]
    public void A_key_that_is_not_trusted_here_is_named_as_such()
    {
        using SigningKey other = SigningKey.Create();

        Assert.Equal(Refusal.UnknownKey, Verify(SignedDocument.Sign(s_document, other)).Refusal);
    }

    [Fact]
    public void Files_that_are_no_keys_are_named()
    {
        _folder.Write("trust/notes.pem", "hello");
        File.WriteAllText(_folder["public.pem"], _key.PublicPem);

        Assert.Contains("notes.pem", Assert.Throws<SigningException>(() => new TrustedKeys(_folder["trust"])).Message);
        Assert.Contains("public key only", Assert.Throws<SigningException>(() => SigningKey.Load(_folder["public.pem"])).Message);
    }

    [Fact]
    public void A_ratchet_lets_no_older_document_in_and_keeps_keys_apart()
    {
        string path = _folder["ratchet.json"];
        new Ratchet(path).Accept("cfg", "old-key", 9007199254740991, "sha256:a");
        var ratchet = new Ratchet(path);
        ratchet.Accept("cfg", "new-key", 5, "sha256:b");
        ratchet = new Ratchet(path);

        Assert.Equal(Refusal.Stale, ratchet.Check("cfg", "new-key", 4, "sha256:b"));
        Assert.Equal(Refusal.Stale, ratchet.Check("cfg", "new-key", 5, "sha256:other"));
        Assert.Equal(Refusal.None, ratchet.Check("cfg", "new-key", 5, "sha256:b"));
        Assert.Equal(Refusal.None, ratchet.Check("cfg", "new-key", 6, "sha256:c"));
        Assert.Equal(Refusal.None, ratchet.Check("ota", "new-key", 1, "sha256:d"));
        Assert.Equal(Refusal.Stale, ratchet.Check("cfg", "old-key", 6, "sha256:e"));
    }

    [Fact]
    public void A_damaged_ratchet_is_not_taken_for_an_empty_one()
    {
        string path = _folder["ratchet.json"];
        File.WriteAllText(path, "{\"cfg/k\":");

        Assert.Contains(path, Assert.Throws<SigningException>(() => new Ratchet(path)).Message);
    }

    public void Dispose()
    {
        _trusted.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    private (SignedDocument? Document, Refusal Refusal) Verify(byte[] bytes) => SignedDocument.Verify(bytes, 64 * 1024, _trusted);
}
