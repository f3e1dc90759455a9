using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeAgent.Core.Members;
using EdgeAgent.Members;
using EdgeAgent.Signing;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent members consent</c>: what the desk that asks a member signs.</summary>
internal static class ConsentCommand
{
    public static Command Create()
    {
        var reference = new Argument<string>("REFERENCE") { Description = "The store's opaque reference of the member: 1 to 32 of a-z, 0-9 and -; never a name." };
        var text = new Option<string>("--text") { Description = "File with the text that the member was shown; its SHA-256 stands in the consent.", HelpName = "FILE", Required = true };
        var until = new Option<string>("--until") { Description = "Last day (UTC) on which the consent holds, as 2027-12-31; at most three years away.", HelpName = "DATE", Required = true };
        var key = new Option<string>("--key") { Description = "The private key of the desk, made with `fleet keygen`.", HelpName = "FILE", Required = true };
        var output = new Option<string?>("--out") { Description = "Where the signed consent goes; standard output when absent.", HelpName = "FILE" };
        var command = new Command("consent", "Signs that a member agreed to be recognised, for `members enroll` or the command consent.grant.") { reference, text, until, key, output };
        command.SetAction(result =>
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            byte[] shown = ReadFile(result.GetRequiredValue(text));
            using SigningKey signing = SigningKey.Load(result.GetRequiredValue(key));
            byte[] signed = Make(
                MembersCommand.Reference(result.GetRequiredValue(reference)), "sha256:" + Convert.ToHexStringLower(SHA256.HashData(shown)), now, LastMoment(result.GetRequiredValue(until), now), signing);
            if (result.GetValue(output) is string path)
            {
                File.WriteAllBytes(path, signed);
                Terminal.Line($"{path}: signed with key {signing.Id}");
            }
            else
            {
                Terminal.Line(System.Text.Encoding.UTF8.GetString(signed));
            }
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A signed consent to be recognised.</summary>
    internal static byte[] Make(MemberRef member, string textHash, DateTimeOffset givenAt, DateTimeOffset expires, SigningKey key) =>
        SignedDocument.Sign(
            JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
            {
                ["memberRef"] = member.Value, ["purpose"] = "recognition", ["textHash"] = textHash, ["givenAt"] = Moment(givenAt), ["expires"] = Moment(expires),
            }), key);

    /// <summary>The consent under which somebody is enrolled now.</summary>
    /// <param name="file">Null takes the one that the box was sent.</param>
    /// <exception cref="MemberException">There is none that counts.</exception>
    internal static Consent Find(string? file, MemberRef member, MemberStore store, TrustedKeys trusted, DateTimeOffset now)
    {
        if (file is null)
        {
            return store.Granted(member, now) ?? throw new MemberException(
                $"There is no consent of {member} that holds: name one with --consent FILE (`members consent` makes it), or send it by the command consent.grant.");
        }
        (Consent? consent, ConsentFault fault) = Consent.Read(ReadFile(file), trusted);
        if (consent is not null && consent.Member != member)
        {
            throw new MemberException($"{file} is the consent of {consent.Member}, not of {member}.");
        }
        fault = consent is null ? fault : store.Judge(consent, now);
        return fault == ConsentFault.None ? consent! : throw new MemberException($"{file}: {Sentence(fault)} Nobody is enrolled.");
    }

    private static string Sentence(ConsentFault fault) => fault switch
    {
        ConsentFault.NotSigned => "the consent is not signed.",
        ConsentFault.UnknownKey => "the consent is signed with a key that is not in the trust folder (--trust) nor in its folder consent.",
        ConsentFault.BadSignature => "the consent was changed after it was signed.",
        ConsentFault.Dates => "the consent was given later than now, or ended before it began; look at the clock.",
        ConsentFault.TooLong => "the consent holds for more than three years; ask the member again by then.",
        ConsentFault.Expired => "the consent is past.",
        ConsentFault.Revoked => "the member took this consent back; a new one is needed.",
        _ => "this is no consent: memberRef, purpose \"recognition\", textHash, givenAt, expires and sig are expected, and nothing else.",
    };

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MemberException($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Consent holds to the end of the day, UTC.</summary>
    private static DateTimeOffset LastMoment(string text, DateTimeOffset now)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            throw new MemberException($"--until \"{text}\" is no day; write it as 2027-12-31.");
        }
        var last = new DateTimeOffset(day.ToDateTime(new TimeOnly(23, 59, 59)), TimeSpan.Zero);
        return last < now ? throw new MemberException($"--until {text} is past: a consent that has ended is none.")
            : last > now.AddDays(ConsentDocument.LongestDays) ? throw new MemberException($"--until {text} is more than three years away; ask the member again by then.")
            : last;
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
