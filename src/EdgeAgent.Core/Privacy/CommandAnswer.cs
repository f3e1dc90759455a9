using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Privacy;

/// <summary>
/// What a command's sender is told: a word of a closed list and data of a closed schema. Nothing that the sender wrote comes back but the
/// name of the request, which has no room for more.
/// </summary>
public sealed class CommandAnswer
{
    /// <summary>Above it the data of diag.collect are shortened.</summary>
    public const int MaxBytes = 32 * 1024;

    private const int MostErrors = 20;

    private readonly byte[]? _data;

    private CommandAnswer(AnswerWord word, byte[]? data = null) => (Word, _data) = (word, data);

    public AnswerWord Word { get; }

    public int Status => Word.Status();

    public static CommandAnswer Of(AnswerWord word) => new(word);

    public static CommandAnswer BadRequest(IReadOnlyList<ConfigError> errors) =>
        With(AnswerWord.BadRequest, new BadRequestData([.. errors.Take(MostErrors).Select(Place)]), AnswerJson.Default.BadRequestData);

    public static CommandAnswer Selftest(IReadOnlyList<CheckData> checks) =>
        With(AnswerWord.Done, new SelftestData(checks.All(c => c.Ok), checks), AnswerJson.Default.SelftestData);

    public static CommandAnswer Restarting(RestartKind kind, string id) =>
        With(AnswerWord.UnderWay, new RestartData(kind, id), AnswerJson.Default.RestartData);

    public static CommandAnswer Acknowledged(int known) =>
        With(known > 0 ? AnswerWord.Done : AnswerWord.NothingToDo, new AcknowledgedData(known), AnswerJson.Default.AcknowledgedData);

    public static CommandAnswer Payment(AnswerWord word, PaymentResult? known) => With(word, new PaymentData(known), AnswerJson.Default.PaymentData);

    public static CommandAnswer Revoked(int templates, int keys, int consents) => With(
        keys + consents > 0 ? AnswerWord.Done : AnswerWord.NothingToDo, new RevokedData(templates, keys, consents), AnswerJson.Default.RevokedData);

    public static CommandAnswer Granted(bool enrolled, DateTimeOffset expires, bool isNew) => With(
        isNew ? AnswerWord.Done : AnswerWord.NothingToDo, new GrantedData(enrolled ? 1 : 0, expires), AnswerJson.Default.GrantedData);

    public static CommandAnswer ConsentRefused(Members.ConsentFault fault) =>
        With(AnswerWord.ConsentRefused, new ConsentFaultData(fault), AnswerJson.Default.ConsentFaultData);

    public static CommandAnswer Replayed(int events) =>
        With(events > 0 ? AnswerWord.UnderWay : AnswerWord.NothingToDo, new ReplayedData(events), AnswerJson.Default.ReplayedData);

    public static CommandAnswer Gate(string gate, bool armed, bool changed) =>
        With(changed ? AnswerWord.Done : AnswerWord.NothingToDo, new GateData(gate, armed), AnswerJson.Default.GateData);

    public static CommandAnswer Time(DateTimeOffset now, string clockQuality, DateTimeOffset? sentAt) =>
        With(AnswerWord.Done, new TimeData(now, clockQuality, sentAt is DateTimeOffset sent ? (long)(now - sent).TotalMilliseconds : null), AnswerJson.Default.TimeData);

    /// <summary>Cuts lists until the whole is small enough.</summary>
    public static CommandAnswer Diagnosis(DiagData data)
    {
        for (int keep = 64; ; keep /= 2)
        {
            CommandAnswer answer = With(AnswerWord.Done, data, AnswerJson.Default.DiagData);
            if (answer._data!.Length <= MaxBytes - 1024 || keep == 0)
            {
                return answer;
            }
            data = data with
            {
                Shortened = true,
                Health = data.Health with
                {
                    Cameras = [.. data.Health.Cameras.Take(keep)],
                    Readers = [.. data.Health.Readers.Take(keep).Select(r => r with { Antennas = [.. r.Antennas.Take(keep)] })],
                },
                Sensors = [.. data.Sensors.Take(keep)],
                LastChanges = [.. data.LastChanges.TakeLast(keep)],
            };
        }
    }

    /// <summary>Whether it is one of the words for mistakes in a command.</summary>
    internal static bool IsFault(string code) => code is "syntax" or "unknown-key" or "missing" or "bad-value" or "out-of-range" or "duplicate";

    /// <summary>Ready to send.</summary>
    /// <param name="client">The last level of the response topic.</param>
    /// <exception cref="ArgumentException">The client or the request's name could carry something else.</exception>
    public EgressStatus For(string client, string requestId)
    {
        if (!CommandRules.IsClient(client) || !CommandRules.IsRequestId(requestId))
        {
            throw new ArgumentException("An answer goes to one level below rsp/, about a request with a plain name.", nameof(client));
        }
        var buffer = new ArrayBufferWriter<byte>(256 + (_data?.Length ?? 0));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("requestId"u8, requestId);
            json.WriteNumber("status"u8, Status);
            json.WriteString("message"u8, Word.Sentence());
            if (_data is null)
            {
                json.WriteNull("data"u8);
            }
            else
            {
                json.WritePropertyName("data"u8);
                json.WriteRawValue(_data, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return new EgressStatus("rsp/" + client, 1, false, buffer.WrittenSpan.ToArray());
    }

    private static CommandAnswer With<T>(AnswerWord word, T data, JsonTypeInfo<T> type) => new(word, JsonSerializer.SerializeToUtf8Bytes(data, type));

    /// <summary>The sender's own words are left out: the name of an unknown member could be anything.</summary>
    private static BodyErrorData Place(ConfigError error)
    {
        BodyFault fault = error.Code switch
        {
            "syntax" => BodyFault.Syntax,
            "unknown-key" => BodyFault.UnknownKey,
            "missing" => BodyFault.Missing,
            "out-of-range" => BodyFault.OutOfRange,
            "duplicate" => BodyFault.Duplicate,
            _ => BodyFault.BadValue,
        };
        return new BodyErrorData(fault == BodyFault.UnknownKey ? error.Path[..Around(error.Path)] : error.Path, fault);
    }

    /// <summary>Where the known part of a path ends. An unknown member may itself hold dots and brackets, so known parts are counted from the front.</summary>
    private static int Around(string path)
    {
        // Commands are one object, but for the lines of a cart: nothing else can have an unknown member.
        if (path.StartsWith("$.items[", StringComparison.Ordinal))
        {
            int end = path.IndexOf(']', StringComparison.Ordinal);
            if (end > 0 && path.AsSpan(8, end - 8).ContainsAnyExceptInRange('0', '9') == false)
            {
                return end + 1;
            }
        }
        return 1;
    }
}
