using System.ComponentModel;

namespace EdgeAgent.Core.Commands;

public sealed record CartLine(
    [property: Description("GTIN-14 with check digit.")] string Gtin,
    [property: Description("Pieces, 1 to 999; 1 with a serial.")] int Quantity,
    [property: Description("Serial of the single item (GS1 AI 21) where its code has one.")] string? Serial = null);

public sealed record CartClaimCommand(
    [property: Description("The cart's own opaque reference, 1 to 64 of A-Z a-z 0-9 _ -.")] string Cart,
    [property: Description("The gate that it goes out by.")] string Gate,
    [property: Description("What was scanned, at most 200 lines and 1000 pieces; empty only with a mandate that is to cover whatever is read.")] IReadOnlyList<CartLine> Items,
    [property: Description("The visit that it belongs to, as in visit.started; without it the cart belongs to the next passage of the gate.")] string? Visit = null,
    [property: Description("Reference of the mandate that covers what is due, 1 to 64 of A-Z a-z 0-9 _ -.")] string? Mandate = null,
    [property: Description("The items are paid already.")] bool Prepaid = false,
    [property: Description("Somebody has looked whether the shopper is of age.")] bool AgeChecked = false,
    [property: Description("What a scale said of the whole bag, in grams, 0 to 1000000.")] int? WeightGrams = null,
    [property: Description("For how long it waits for its owner. Seconds, 30 to 3600.")] int HoldsSeconds = 300,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record CartCancelCommand(
    [property: Description("The cart's own opaque reference, 1 to 64 of A-Z a-z 0-9 _ -.")] string Cart,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

/// <summary>Who signed a command, over the canonical form of its whole body without this member.</summary>
public sealed record CommandSignature(
    [property: Description("Names the signer's key.")] string Key,
    [property: Description("ES256.")] string Alg,
    [property: Description("Base64url.")] string Value);

public sealed record MandatePutCommand(
    [property: Description("Opaque reference of the mandate, 1 to 64 of A-Z a-z 0-9 _ -.")] string Mandate,
    [property: Description("Whom it is for: {tenant}/{store}, or {tenant}/* for all stores of the tenant.")] string Store,
    [property: Description("ISO 4217 code; must be the store's.")] string Currency,
    [property: Description("The most that one exit may cost, in minor units.")] long ExitLimit,
    [property: Description("The most that all exits of one UTC day may cost, in minor units.")] long DayLimit,
    [property: Description("RFC 3339 with offset. Of two under one reference the later one holds.")] DateTimeOffset IssuedAt,
    [property: Description("RFC 3339 with offset. When it ends by itself.")] DateTimeOffset Until,
    [property: Description("Without a signature that the box believes it is not taken.")] CommandSignature? Sig = null,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);

public sealed record MandateRevokeCommand(
    [property: Description("Opaque reference of the mandate, 1 to 64 of A-Z a-z 0-9 _ -.")] string Mandate,
    string? RequestId = null, string? ReplyTo = null, DateTimeOffset? ExpiresAt = null) : CommandBody(RequestId, ReplyTo, ExpiresAt);
