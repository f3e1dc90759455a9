using EdgeAgent.Cli;
using EdgeAgent.Core.Members;
using EdgeAgent.Members;
using EdgeAgent.Signing;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Tests.MemberRooms;

/// <summary>A desk that asks members, with a key of its own and a folder in which it is believed.</summary>
internal sealed class ConsentDesk : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SigningKey _key = SigningKey.Create();

    public ConsentDesk()
    {
        PutKey(_folder["trust/consent"]);
        Trusted = TrustedKeys.ForConsents(_folder["trust"]);
    }

    public TrustedKeys Trusted { get; }

    /// <summary>Lets a box believe this desk.</summary>
    public void PutKey(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "desk.pub.pem"), _key.PublicPem);
    }

    public byte[] Signed(string member, DateTimeOffset givenAt, DateTimeOffset expires) =>
        ConsentCommand.Make(new MemberRef(member), "sha256:" + new string('5', 64), givenAt, expires, _key);

    public byte[] Sign(string json) => SignedDocument.Sign(System.Text.Encoding.UTF8.GetBytes(json), _key);

    public Consent Consent(string member, DateTimeOffset givenAt, DateTimeOffset expires) => EdgeAgent.Members.Consent.Read(Signed(member, givenAt, expires), Trusted).Consent!;

    /// <summary>A consent.grant of the right form, signed by nobody.</summary>
    public static string Command(string member) =>
        $$"""
        {"consent":{"memberRef":"{{member}}","purpose":"recognition","textHash":"sha256:{{new string('0', 64)}}","givenAt":"2026-01-01T00:00:00Z","expires":"2027-01-01T00:00:00Z","sig":{"key":"aaaaaaaaaaaaaaaa","alg":"ES256","value":"{{new string('A', 86)}}" } } }
        """;

    /// <summary>A template that nobody has, known to the byte.</summary>
    public static FaceTemplate Canary()
    {
        byte[] values = new byte[256 * sizeof(float)];
        for (int i = 0; i < 256; i++)
        {
            BitConverter.TryWriteBytes(values.AsSpan(i * sizeof(float)), MathF.Sin(i * 0.37f));
        }
        return FaceTemplate.FromBytes(values);
    }

    public void Dispose()
    {
        Trusted.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }
}
