using System.Text.Json;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Commands;

/// <summary>What could be read of a command.</summary>
/// <param name="Body">Null when <paramref name="Errors"/> has any.</param>
/// <param name="RequestId">As it stood in the body, even when the rest was wrong, so that the sender can be told; not checked.</param>
/// <param name="ReplyTo">Likewise.</param>
public sealed record CommandReading(CommandBody? Body, IReadOnlyList<ConfigError> Errors, string? RequestId, string? ReplyTo);

/// <summary>Bytes in, a command or every error out; hostile bytes are errors like others.</summary>
public static class CommandReader
{
    /// <summary>A longer body is refused unread.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static CommandReading Read(CommandKind kind, ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return Wrong("out-of-range", $"the body has {utf8.Length} bytes; at most {MaxBytes} are read.");
        }
        try
        {
            if (!ConfigReader.HasWholeText(utf8.Span))
            {
                return Wrong("syntax", "the body holds bytes or escapes that are no characters.");
            }
            using JsonDocument document = JsonDocument.Parse(utf8, s_options);
            JsonElement root = document.RootElement;
            var errors = new List<ConfigError>();
            ConfigReader.CheckShape(root, kind.Body, "$", errors);
            CommandBody? body = errors.Count == 0 ? (CommandBody?)root.Deserialize(kind.Body) : null;
            if (body is not null)
            {
                CommandRules.Check(body, errors);
            }
            return new CommandReading(errors.Count == 0 ? body : null, errors, Text(root, "requestId"), Text(root, "replyTo"));
        }
        catch (JsonException)
        {
            return Wrong("syntax", "the body is not readable as JSON.");
        }
    }

    /// <summary>What is asked for, without who asks and until when: the same for a command that is sent again.</summary>
    public static byte[] Asked(CommandKind kind, CommandBody body) =>
        [.. System.Text.Encoding.ASCII.GetBytes(kind.Name), 0, .. JsonSerializer.SerializeToUtf8Bytes(body with { RequestId = null, ReplyTo = null, ExpiresAt = null }, kind.Body)];

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static CommandReading Wrong(string code, string message) => new(null, [new ConfigError("$", code, message)], null, null);
}
