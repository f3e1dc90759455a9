using System.Text.Json.Nodes;

namespace EdgeAgent.Core.Contract;

/// <summary>Signed documents for the box. They are read by hand, for nothing of one that nobody trusted signed is looked at; so are their schemas written.</summary>
internal static class DesiredSchemas
{
    /// <summary><c>cfg/desired</c>; the signature is over the canonical form of all of it but <c>sig</c>.</summary>
    public static JsonObject Config()
    {
        const long lastVersion = 9_007_199_254_740_991;
        JsonObject Version(string description) => new() { ["description"] = description, ["type"] = "integer", ["minimum"] = 1, ["maximum"] = lastVersion };
        var properties = new JsonObject
        {
            ["version"] = Version("That of the configuration in it; above all accepted before from this signer."),
            ["baseVersion"] = Version("The version in effect that it builds on."),
            ["rollbackOf"] = Version("The version that it takes back."),
            ["issuedAt"] = ContractSchema.Moment("When it was signed."),
            ["notBefore"] = ContractSchema.Moment("From when on it may be applied."),
            ["expires"] = ContractSchema.Moment("Until when it may be applied."),
            ["digest"] = ContractSchema.Word("digest", "Over the canonical form of config."),
            ["probationSeconds"] = new JsonObject { ["description"] = "Seconds on trial before it stays.", ["type"] = "integer", ["minimum"] = 10, ["maximum"] = 3600 },
            ["config"] = new JsonObject { ["description"] = "The configuration, as config.schema.json describes it.", ["type"] = "object" },
            ["sig"] = Signature(),
        };
        return new JsonObject
        {
            ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray("version", "issuedAt", "expires", "digest", "config", "sig"),
            ["additionalProperties"] = false,
        };
    }

    /// <summary>The member that every signed document has.</summary>
    public static JsonObject Signature() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["key"] = new JsonObject { ["description"] = "Names the signer's key.", ["type"] = "string", ["maxLength"] = 128, ["pattern"] = "^[A-Za-z0-9:._-]{1,128}$" },
            ["alg"] = new JsonObject { ["type"] = "string", ["maxLength"] = 16, ["pattern"] = "^[A-Za-z0-9-]{1,16}$" },
            ["value"] = new JsonObject { ["description"] = "Base64 or base64url.", ["type"] = "string", ["maxLength"] = 256, ["pattern"] = "^[A-Za-z0-9+/=_-]{1,256}$" },
        },
        ["required"] = new JsonArray("key", "alg", "value"),
        ["additionalProperties"] = false,
    };
}
