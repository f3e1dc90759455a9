using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Members;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Members;
using EdgeAgent.Signing;

namespace EdgeAgent.Commands;

/// <summary>What becomes of the command consent.grant.</summary>
internal static class ConsentGrant
{
    /// <param name="payload">The command as it came: the signature is over the consent as it was sent.</param>
    public static CommandAnswer Take(ReadOnlyMemory<byte> payload, TrustedKeys trusted, MemberStore ledger, DateTimeOffset now)
    {
        using JsonDocument command = JsonDocument.Parse(payload);
        byte[] document = Encoding.UTF8.GetBytes(command.RootElement.GetProperty("consent").GetRawText());
        (Consent? consent, ConsentFault fault) = Consent.Read(document, trusted);
        if (consent is null)
        {
            return CommandAnswer.ConsentRefused(fault);
        }
        (bool enrolled, bool isNew, fault) = ledger.Grant(consent, now);
        return fault == ConsentFault.None ? CommandAnswer.Granted(enrolled, consent.Expires, isNew) : CommandAnswer.ConsentRefused(fault);
    }
}
