using System.Buffers;
using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Members;

/// <summary>What a member may agree to. A closed list: a consent to anything else is none.</summary>
public enum ConsentPurpose { Recognition }

/// <summary>Why a consent does not count. The words are stable and leave the box as they are.</summary>
public enum ConsentFault
{
    None,

    /// <summary>Not the members that a consent has, or one of them has another form.</summary>
    Malformed,
    NotSigned,

    /// <summary>Signed with a key that this box does not trust.</summary>
    UnknownKey,

    /// <summary>It was changed after signing.</summary>
    BadSignature,

    /// <summary>Given later than now, or ended before it began.</summary>
    Dates,

    /// <summary>It holds for longer than <see cref="ConsentDocument.LongestDays"/>: the member is to be asked again by then.</summary>
    TooLong,
    Expired,

    /// <summary>The member took this very consent back. A new one is needed.</summary>
    Revoked,

    /// <summary>The box has a consent of this member that was given later.</summary>
    Older,
}

/// <summary>Who signed a consent.</summary>
public sealed record ConsentSignature(
    [property: Description("Id of the key.")] string Key,
    [property: Description("ES256.")] string Alg,
    [property: Description("base64url over the canonical JSON (RFC 8785) of the consent without sig.")] string Value);

/// <summary>One member's consent, as it is signed. It holds no name and no picture: what was agreed to is named by the hash of its text.</summary>
public sealed record ConsentDocument(
    [property: Description("The store's own opaque reference, 1 to 32 of a-z 0-9 -.")] string MemberRef,
    [property: Description("What the member agreed to.")] ConsentPurpose Purpose,
    [property: Description("sha256: and 64 hex digits over the text that the member was shown.")] string TextHash,
    [property: Description("RFC 3339 with offset. When the member agreed.")] DateTimeOffset GivenAt,
    [property: Description("RFC 3339 with offset. From then on the consent has ended and the template is erased. At most three years later.")] DateTimeOffset Expires,
    ConsentSignature Sig)
{
    /// <summary>Whoever has not been asked for three years is asked again.</summary>
    public const int LongestDays = 3 * 366;

    /// <summary>A consent with its signature is shorter than this.</summary>
    public const int MaxBytes = 2048;

    // The clock of whoever signs may be ahead of the box's.
    private static readonly TimeSpan s_clockMargin = TimeSpan.FromMinutes(5);
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Null for anything that is not exactly a consent. The signature is not looked at.</summary>
    public static ConsentDocument? Read(JsonElement root)
    {
        try
        {
            ConsentDocument? consent = root.Deserialize(ConsentJson.Default.ConsentDocument);
            return consent is not null && consent.HasForm() ? consent : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether it may be taken now: <see cref="ConsentFault.None"/>, Dates, TooLong or Expired.</summary>
    public ConsentFault TakenAt(DateTimeOffset now) =>
        Expires <= GivenAt || GivenAt > now + s_clockMargin ? ConsentFault.Dates
        : Expires - GivenAt > TimeSpan.FromDays(LongestDays) ? ConsentFault.TooLong
        : HasEnded(now) ? ConsentFault.Expired : ConsentFault.None;

    public bool HasEnded(DateTimeOffset now) => now >= Expires;

    /// <summary>What the types do not say.</summary>
    internal bool HasForm() =>
        Members.MemberRef.IsValid(MemberRef) && TextHash.Length == 71 && TextHash.StartsWith("sha256:", StringComparison.Ordinal) && !TextHash.AsSpan(7).ContainsAnyExcept(s_hex);
}

/// <summary>Reads a consent that stands by itself, as a file or in the ledger; nothing is written with it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(InstantConverter), typeof(WordConverter<ConsentPurpose>)])]
[JsonSerializable(typeof(ConsentDocument))]
internal sealed partial class ConsentJson : JsonSerializerContext;
