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

    /// <summary><c>ota/desired</c>; docs/models.md says what each member does.</summary>
    public static JsonObject Models()
    {
        JsonObject Number(string type, double minimum, double maximum, string description) =>
            new() { ["description"] = description, ["type"] = type, ["minimum"] = minimum, ["maximum"] = maximum };
        JsonObject Named(string pattern, int most, string description) => new() { ["description"] = description, ["type"] = "string", ["maxLength"] = most, ["pattern"] = pattern };
        JsonObject artefact = Closed(["kind", "name", "url", "size", "sha256"],
            ("kind", Named("^[a-z0-9.-]{1,32}$", 32, "model or prices; another kind is rejected by its name.")), ("name", Named("^[a-z0-9.-]{1,64}$", 64, "The artefact's name.")),
            ("url", Named("^https?://.{1,2000}$", 2048, "https; http on loopback only.")), ("size", Number("integer", 1, 9_007_199_254_740_991, "Bytes.")),
            ("sha256", ContractSchema.Word("sha256", "Of the file.")),
            ("compat", Closed([], ("agent", Named("^[0-9.]{1,32}$", 32, "The least version of the agent.")), ("arch", new JsonObject
            {
                ["type"] = "array", ["maxItems"] = 8, ["items"] = Named("^[a-z0-9]{1,16}$", 16, "x64 or arm64."),
            }))),
            ("entry", new JsonObject { ["description"] = "The model's entry as in models/manifest.json, without what stands here.", ["type"] = "object" }),
            ("golden", new JsonObject { ["description"] = "What the right model gives for a known picture.", ["type"] = "object" }));
        return Closed(["version", "issuedAt", "expires", "audience", "artefacts", "strategy", "sig"],
            ("version", Number("integer", 1, 9_007_199_254_740_991, "Above all accepted before from this signer.")), ("issuedAt", ContractSchema.Moment("When it was signed.")),
            ("notBefore", ContractSchema.Moment("From when on it is followed.")), ("expires", ContractSchema.Moment("Until when it is followed.")),
            ("audience", Closed(["tenant", "store", "box"],
                ("tenant", Named("^[a-z0-9-]{1,32}$", 32, "Who runs the store.")), ("store", Named("^([a-z0-9-]{1,32}|\\*)$", 32, "The store, or * for all.")),
                ("box", Named("^([a-z0-9-]{1,32}|\\*)$", 32, "The box, or * for all.")))),
            ("artefacts", new JsonObject { ["type"] = "array", ["maxItems"] = 16, ["items"] = artefact }),
            ("strategy", Closed([],
                ("shadowMinutes", Number("number", 0, 10_080, "Minutes beside the model in use.")), ("minAgreement", Number("number", 0, 1, "Agreement below which it is rejected, 0 to 1.")),
                ("probationSeconds", Number("integer", 1, 86_400, "Seconds on trial.")), ("maxKilobytesPerSecond", Number("integer", 1, 1_000_000, "Kilobytes per second of the download.")))),
            ("sig", Signature()));
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

    private static JsonObject Closed(string[] required, params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        foreach ((string name, JsonObject schema) in members)
        {
            properties[name] = schema;
        }
        return new JsonObject
        {
            ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]), ["additionalProperties"] = false,
        };
    }
}
