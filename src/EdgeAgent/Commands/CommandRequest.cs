using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Commands;

/// <summary>Who asked, and where the answer belongs.</summary>
/// <param name="Client">The last level of the response topic, R/rsp/{client}: an answer goes nowhere else.</param>
/// <param name="RequestId">The request's name among those of the client.</param>
/// <param name="Correlation">What the answer carries back on MQTT 5.</param>
internal sealed record Sender(string Client, string RequestId, byte[]? Correlation)
{
    /// <summary>A client's name holds no slash, so no two senders share a key.</summary>
    public string Key => $"{Client}/{RequestId}";

    public static Sender Of(CommandRow row)
    {
        int slash = row.Key.IndexOf('/', StringComparison.Ordinal);
        return new Sender(row.Key[..slash], row.Key[(slash + 1)..], row.Correlation);
    }
}

/// <summary>A command that may be carried out.</summary>
/// <param name="Digest">Of what is asked, the expiry left out: the same when it is sent again.</param>
/// <param name="Payload">As it came, for the next start.</param>
internal sealed record CommandRequest(
    CommandKind Kind, CommandBody Body, Sender From, byte[] Digest, DateTimeOffset ArrivedAt, DateTimeOffset ExpiresAt, ReadOnlyMemory<byte> Payload);

/// <summary>What became of an arriving message: a request, or a refusal. Without a sender nobody can be told.</summary>
internal sealed record CommandArrival(CommandRequest? Request, Sender? From, CommandAnswer? Refusal);
