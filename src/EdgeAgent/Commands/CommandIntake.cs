using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Commands;

/// <summary>Looks at an arriving command: who sent it, until when it holds, and whether this box may carry it out.</summary>
/// <param name="allow">Names that the present configuration allows; null allows all.</param>
internal sealed class CommandIntake(Topics topics, Func<IReadOnlyList<string>?> allow, TimeProvider time)
{
    /// <summary>As long as a broker keeps this box's session: a command that holds longer could only wait in a memory without end.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    // The sender's clock may be ahead of the box's.
    private static readonly TimeSpan s_clockMargin = TimeSpan.FromMinutes(5);

    // Correlation data goes back as it came: it must not become a place to keep things in.
    private const int LongestCorrelation = 1024;

    public CommandArrival Look(Inbound message)
    {
        DateTimeOffset now = time.GetUtcNow();
        string name = message.Topic[(message.Topic.LastIndexOf('/') + 1)..];
        CommandKind? kind = CommandKind.Find(name);
        // Of an unknown command the members that all have are read, so that its sender can be told.
        CommandReading reading = CommandReader.Read(kind ?? CommandKind.All[0], message.Payload);
        if (ClientOf(message.ResponseTopic, reading.ReplyTo) is not string client || message.CorrelationData is { Length: > LongestCorrelation })
        {
            return new CommandArrival(null, null, null);
        }
        string? id = reading.RequestId is { } given && CommandRules.IsRequestId(given) ? given : NameOf(message.CorrelationData);
        var from = new Sender(client, id ?? "-", message.CorrelationData);
        if (message.Retained)
        {
            return Refuse(from, AnswerWord.RetainedRefused);
        }
        if (kind is null)
        {
            return Refuse(from, AnswerWord.UnknownCommand);
        }
        if (allow() is { } allowed && !allowed.Contains(kind.Name))
        {
            return Refuse(from, AnswerWord.NotAllowed);
        }
        if (message.ContentType is { } type && !IsJson(type))
        {
            return Refuse(from, AnswerWord.NotJson);
        }
        if (reading.Body is not CommandBody body)
        {
            return new CommandArrival(null, from, CommandAnswer.BadRequest(reading.Errors));
        }
        if (id is null)
        {
            return Refuse(from, AnswerWord.RequestIdMissing);
        }
        DateTimeOffset? expires = Earlier(message.MessageExpirySeconds is uint seconds ? now.AddSeconds(seconds) : null, body.ExpiresAt);
        if (expires is not DateTimeOffset until)
        {
            return Refuse(from, AnswerWord.ExpiryMissing);
        }
        if (until - now > LongestLife + s_clockMargin)
        {
            return Refuse(from, AnswerWord.ExpiryTooFar);
        }
        return new CommandArrival(new CommandRequest(kind, body, from, SHA256.HashData(CommandReader.Asked(kind, body)), now, until, message.Payload), from, null);
    }

    private static CommandArrival Refuse(Sender from, AnswerWord word) => new(null, from, CommandAnswer.Of(word));

    /// <summary>
    /// Null when no topic is given, or one that is not just below this box's own rsp/: whoever may publish here must not make the box publish
    /// elsewhere. When both places name one, both must be right.
    /// </summary>
    private string? ClientOf(string? responseTopic, string? replyTo)
    {
        string? chosen = responseTopic ?? replyTo;
        foreach (string? topic in new[] { responseTopic, replyTo })
        {
            if (topic is not null && (!topics.TryBelow(topic, out string below) || !below.StartsWith("rsp/", StringComparison.Ordinal) || !CommandRules.IsClient(below[4..])))
            {
                return null;
            }
        }
        return chosen?[(chosen.LastIndexOf('/') + 1)..];
    }

    /// <summary>Plain text is its own name, other bytes are named by their digits, or by their hash when they are many. Null for none.</summary>
    private static string? NameOf(byte[]? correlation)
    {
        if (correlation is null or { Length: 0 })
        {
            return null;
        }
        string text = Encoding.Latin1.GetString(correlation);
        return CommandRules.IsRequestId(text) ? text : Convert.ToHexStringLower(correlation.Length <= 32 ? correlation : SHA256.HashData(correlation));
    }

    private static bool IsJson(string contentType)
    {
        int end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
