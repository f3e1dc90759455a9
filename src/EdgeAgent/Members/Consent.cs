using System.Security.Cryptography;
using EdgeAgent.Core.Members;
using EdgeAgent.Signing;

namespace EdgeAgent.Members;

/// <summary>A consent that a trusted key signed, with its bytes as they were signed: the ledger keeps those and looks at the signature each time.</summary>
internal sealed record Consent(MemberRef Member, ConsentDocument Terms, ReadOnlyMemory<byte> Document)
{
    public DateTimeOffset Expires => Terms.Expires;

    /// <summary>Names the consent: <c>sha256:</c> and 64 hex digits over the canonical form, so another spelling of it is the same.</summary>
    public required string Digest { get; init; }

    /// <summary>The consent, or why it is not believed: Malformed, NotSigned, UnknownKey or BadSignature. The dates are not looked at.</summary>
    public static (Consent? Consent, ConsentFault Fault) Read(ReadOnlyMemory<byte> utf8, TrustedKeys trusted)
    {
        (SignedDocument? signed, Refusal refusal) = SignedDocument.Verify(utf8, ConsentDocument.MaxBytes, trusted);
        if (signed is null)
        {
            return (null, refusal switch
            {
                Refusal.Unsigned => ConsentFault.NotSigned,
                Refusal.UnknownKey => ConsentFault.UnknownKey,
                Refusal.BadSignature => ConsentFault.BadSignature,
                _ => ConsentFault.Malformed,
            });
        }
        return ConsentDocument.Read(signed.Root) is not ConsentDocument terms
            ? (null, ConsentFault.Malformed)
            : (new Consent(new MemberRef(terms.MemberRef), terms, utf8) { Digest = DigestOf(signed) }, ConsentFault.None);
    }

    /// <summary>Without the signature: ECDSA signs the same text anew with other bytes, and it would be another consent.</summary>
    private static string DigestOf(SignedDocument signed) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(signed.Root, without: "sig")));
}
