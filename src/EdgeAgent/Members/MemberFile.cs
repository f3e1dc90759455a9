using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core;
using EdgeAgent.Core.Members;
using EdgeAgent.Signing;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Members;

/// <summary>A member who agreed, and the template when one was made; without one <paramref name="Pictures"/> is 0 and the template empty.</summary>
internal sealed record StoredMember(Consent Consent, DateTimeOffset EnrolledAt, int Pictures, string ModelSha256, FaceTemplate Face)
{
    public MemberRef Member => Consent.Member;

    public DateTimeOffset ConsentUntil => Consent.Expires;

    public bool IsEnrolled => Pictures > 0;

    /// <summary>Somebody who agreed and has shown no face yet.</summary>
    public static StoredMember Waiting(Consent consent) => new(consent, default, 0, new string('0', 64), FaceTemplate.FromBytes([]));
}

/// <summary>
/// One member as bytes: the consent, and what was made under it. Little endian:
/// <code>
/// 0   8   "EAMEMBR2"
/// 8   32  SHA-256 of the face vector model; zeros without a template
/// 40  12  nonce     ┐
/// 52  16  tag       ├ the member's own key, AES-256-GCM under the box's key
/// 68  32  wrapped   ┘
/// 100 12  nonce     ┐ of the body
/// 112 16  tag       ┘
/// 128 4   length of the consent
/// 132 …   the signed consent, JSON as it came
/// …   …   body      AES-256-GCM under the member's own key: enrolled i64 (100 ns since year 1, UTC), pictures i32, values i32, values × f32
/// </code>
/// Key and body are bound to the magic, the model, the consent and the reference: a file renamed to another member's, or with another consent,
/// does not open. The consent is read first: without a good one no key is unwrapped.
/// </summary>
internal static class MemberFile
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>The member's wrapped key, which an erasure destroys first.</summary>
    public static readonly Range WrappedKey = 40..100;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int ConsentAt = 132;
    private const int FixedBody = 16;

    private static ReadOnlySpan<byte> Magic => "EAMEMBR2"u8;

    public static byte[] Write(StoredMember member, ReadOnlySpan<byte> boxKey, FillRandom random)
    {
        ReadOnlySpan<byte> values = member.Face.AsBytes();
        ReadOnlySpan<byte> consent = member.Consent.Document.Span;
        byte[] body = GC.AllocateArray<byte>(FixedBody + values.Length, pinned: true);
        byte[] own = GC.AllocateArray<byte>(MemberKey.Bytes, pinned: true);
        try
        {
            BinaryPrimitives.WriteInt64LittleEndian(body, member.EnrolledAt.UtcTicks);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), member.Pictures);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(12), values.Length / sizeof(float));
            values.CopyTo(body.AsSpan(FixedBody));
            random(own);
            byte[] file = new byte[ConsentAt + consent.Length + body.Length];
            Magic.CopyTo(file);
            Convert.FromHexString(member.ModelSha256).CopyTo(file, 8);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(128), consent.Length);
            consent.CopyTo(file.AsSpan(ConsentAt));
            random(file.AsSpan(40, NonceBytes));
            random(file.AsSpan(100, NonceBytes));
            byte[] bound = Bound(file, consent, member.Member);
            using (var wrap = new AesGcm(boxKey, TagBytes))
            {
                wrap.Encrypt(file.AsSpan(40, NonceBytes), own, file.AsSpan(68, own.Length), file.AsSpan(52, TagBytes), bound);
            }
            using (var seal = new AesGcm(own, TagBytes))
            {
                seal.Encrypt(file.AsSpan(100, NonceBytes), body, file.AsSpan(ConsentAt + consent.Length), file.AsSpan(112, TagBytes), bound);
            }
            return file;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
            CryptographicOperations.ZeroMemory(own);
        }
    }

    /// <summary>The consent that the file holds, or why it holds none that counts. The dates are not looked at.</summary>
    public static (Consent? Consent, ConsentFault Fault) ReadConsent(ReadOnlySpan<byte> file, MemberRef member, TrustedKeys trusted)
    {
        if (!TrySplit(file, out ReadOnlySpan<byte> consent, out _))
        {
            return (null, ConsentFault.Malformed);
        }
        (Consent? read, ConsentFault fault) = Consent.Read(consent.ToArray(), trusted);
        return read is not null && read.Member != member ? (null, ConsentFault.Malformed) : (read, fault);
    }

    /// <summary>Whether there is a template in it; of a file that cannot be read it is assumed.</summary>
    public static bool HasTemplate(ReadOnlySpan<byte> file) => !TrySplit(file, out _, out ReadOnlySpan<byte> body) || body.Length > FixedBody;

    /// <summary>The member, whose template the caller wipes; null when the file is damaged, another's, or of another key.</summary>
    /// <param name="consent">Of <see cref="ReadConsent"/>, and in force.</param>
    public static StoredMember? Read(ReadOnlySpan<byte> file, Consent consent, ReadOnlySpan<byte> boxKey)
    {
        if (!TrySplit(file, out ReadOnlySpan<byte> signed, out ReadOnlySpan<byte> sealedBody))
        {
            return null;
        }
        byte[] bound = Bound(file, signed, consent.Member);
        byte[] own = GC.AllocateArray<byte>(MemberKey.Bytes, pinned: true);
        byte[] body = GC.AllocateArray<byte>(sealedBody.Length, pinned: true);
        try
        {
            using (var wrap = new AesGcm(boxKey, TagBytes))
            {
                wrap.Decrypt(file.Slice(40, NonceBytes), file.Slice(68, own.Length), file.Slice(52, TagBytes), own, bound);
            }
            using (var seal = new AesGcm(own, TagBytes))
            {
                seal.Decrypt(file.Slice(100, NonceBytes), sealedBody, file.Slice(112, TagBytes), body, bound);
            }
            int values = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(12));
            return values * (long)sizeof(float) != body.Length - FixedBody
                ? null
                : new StoredMember(
                    consent, new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(body), TimeSpan.Zero), BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(8)),
                    Convert.ToHexStringLower(file.Slice(8, 32)), FaceTemplate.FromBytes(body.AsSpan(FixedBody)));
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
            CryptographicOperations.ZeroMemory(own);
        }
    }

    private static bool TrySplit(ReadOnlySpan<byte> file, out ReadOnlySpan<byte> consent, out ReadOnlySpan<byte> body)
    {
        consent = body = default;
        if (file.Length is < ConsentAt + FixedBody or > MaxBytes || !file.StartsWith(Magic))
        {
            return false;
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(file[128..]);
        if (length < 1 || length > file.Length - ConsentAt - FixedBody)
        {
            return false;
        }
        consent = file.Slice(ConsentAt, length);
        body = file[(ConsentAt + length)..];
        return true;
    }

    private static byte[] Bound(ReadOnlySpan<byte> file, ReadOnlySpan<byte> consent, MemberRef member) =>
        [.. file[..40], .. SHA256.HashData(consent), .. Encoding.ASCII.GetBytes(member.Value)];
}
