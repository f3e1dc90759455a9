using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core;
using EdgeAgent.Core.Members;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Members;

/// <summary>What one member's file says about itself, and its template when it may be used.</summary>
internal sealed record StoredMember(MemberRef Member, DateTimeOffset EnrolledAt, DateTimeOffset ConsentUntil, int Pictures, string ModelSha256, FaceTemplate Face);

/// <summary>
/// One member as bytes. Little endian:
/// <code>
/// 0   8   "EAMEMBR1"
/// 8   32  SHA-256 of the face vector model
/// 40  12  nonce     ┐
/// 52  16  tag       ├ the member's own key, AES-256-GCM under the box's key
/// 68  32  wrapped   ┘
/// 100 12  nonce     ┐
/// 112 16  tag       ├ the body, AES-256-GCM under the member's own key
/// 128 …   body      ┘ enrolled i64, consent until i64 (100 ns since year 1, UTC), pictures i32, values i32, values × f32
/// </code>
/// Both are bound to the magic, the model and the reference: a file renamed to another member's does not open.
/// </summary>
internal static class MemberFile
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>The member's wrapped key, which an erasure destroys first.</summary>
    public static readonly Range WrappedKey = 40..100;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int BodyAt = 128;
    private const int FixedBody = 24;

    private static ReadOnlySpan<byte> Magic => "EAMEMBR1"u8;

    public static byte[] Write(StoredMember member, ReadOnlySpan<byte> boxKey, FillRandom random)
    {
        ReadOnlySpan<byte> values = member.Face.AsBytes();
        byte[] body = GC.AllocateArray<byte>(FixedBody + values.Length, pinned: true);
        byte[] own = GC.AllocateArray<byte>(MemberKey.Bytes, pinned: true);
        try
        {
            BinaryPrimitives.WriteInt64LittleEndian(body, member.EnrolledAt.UtcTicks);
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), member.ConsentUntil.UtcTicks);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(16), member.Pictures);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(20), values.Length / sizeof(float));
            values.CopyTo(body.AsSpan(FixedBody));
            random(own);
            byte[] file = new byte[BodyAt + body.Length];
            Magic.CopyTo(file);
            Convert.FromHexString(member.ModelSha256).CopyTo(file, 8);
            random(file.AsSpan(40, NonceBytes));
            random(file.AsSpan(100, NonceBytes));
            byte[] bound = Bound(file, member.Member);
            using (var wrap = new AesGcm(boxKey, TagBytes))
            {
                wrap.Encrypt(file.AsSpan(40, NonceBytes), own, file.AsSpan(68, own.Length), file.AsSpan(52, TagBytes), bound);
            }
            using (var seal = new AesGcm(own, TagBytes))
            {
                seal.Encrypt(file.AsSpan(100, NonceBytes), body, file.AsSpan(BodyAt), file.AsSpan(112, TagBytes), bound);
            }
            return file;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
            CryptographicOperations.ZeroMemory(own);
        }
    }

    /// <summary>The member, whose template the caller wipes; null when the file is damaged, another's, or of another key.</summary>
    public static StoredMember? Read(ReadOnlySpan<byte> file, MemberRef member, ReadOnlySpan<byte> boxKey)
    {
        if (file.Length is < BodyAt + FixedBody or > MaxBytes || !file.StartsWith(Magic))
        {
            return null;
        }
        byte[] bound = Bound(file, member);
        byte[] own = GC.AllocateArray<byte>(MemberKey.Bytes, pinned: true);
        byte[] body = GC.AllocateArray<byte>(file.Length - BodyAt, pinned: true);
        try
        {
            using (var wrap = new AesGcm(boxKey, TagBytes))
            {
                wrap.Decrypt(file.Slice(40, NonceBytes), file.Slice(68, own.Length), file.Slice(52, TagBytes), own, bound);
            }
            using (var seal = new AesGcm(own, TagBytes))
            {
                seal.Decrypt(file.Slice(100, NonceBytes), file[BodyAt..], file.Slice(112, TagBytes), body, bound);
            }
            int values = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(20));
            return values * (long)sizeof(float) != body.Length - FixedBody
                ? null
                : new StoredMember(
                    member, new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(body), TimeSpan.Zero),
                    new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(body.AsSpan(8)), TimeSpan.Zero),
                    BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(16)), Convert.ToHexStringLower(file.Slice(8, 32)),
                    FaceTemplate.FromBytes(body.AsSpan(FixedBody)));
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

    private static byte[] Bound(ReadOnlySpan<byte> file, MemberRef member) => [.. file[..40], .. Encoding.ASCII.GetBytes(member.Value)];
}
