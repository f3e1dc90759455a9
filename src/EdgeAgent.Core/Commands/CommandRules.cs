using System.Buffers;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;

namespace EdgeAgent.Core.Commands;

/// <summary>What must hold within a command's body beyond its shape.</summary>
public static partial class CommandRules
{
    /// <summary>Names in one settlement.ack: what fits into a body.</summary>
    public const int MostNames = 500;

    /// <summary>Tags in one scene.ask.</summary>
    public const int MostTags = 16;

    private const int LongestName = 64;

    private static readonly SearchValues<char> s_idLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    private static readonly SearchValues<char> s_nameLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>1 to 64 of A-Z a-z 0-9 . _ : -: it stands in the answer, so nothing else can be smuggled out by it.</summary>
    public static bool IsRequestId(string text) => text.Length is >= 1 and <= LongestName && !text.AsSpan().ContainsAnyExcept(s_idLetters);

    /// <summary>1 to 64 of A-Z a-z 0-9 . _ -: one level of a topic.</summary>
    public static bool IsClient(string text) => IsName(text);

    internal static void Check(CommandBody body, List<ConfigError> errors)
    {
        if (body.RequestId is { } id && !IsRequestId(id))
        {
            Add(errors, "$.requestId", "bad-value", "1 to 64 of A-Z a-z 0-9 . _ : - are expected.");
        }
        switch (body)
        {
            case SensorRestartCommand c:
                Name(c.Id, "$.id", errors);
                break;
            case SettlementAckCommand c:
                CheckAck(c, errors);
                break;
            case ModelRollbackCommand c:
                Name(c.Name, "$.name", errors);
                break;
            case PaymentResultCommand c:
                Name(c.SettlementKey, "$.settlementKey", errors);
                CheckReturned(c, errors);
                break;
            case CartClaimCommand or CartCancelCommand or MandatePutCommand or MandateRevokeCommand:
                CheckCheckout(body, errors);
                break;
            case ConsentGrantCommand c:
                if (!c.Consent.HasForm())
                {
                    Add(errors, "$.consent", "bad-value", "a consent names a member by reference and its text by sha256: and 64 hex digits.");
                }
                break;
            case ConsentRevokeCommand c:
                Member(c.Member, errors);
                break;
            case SceneAskCommand c:
                CheckTags(c.Tags, errors);
                break;
            case OutboxReplayCommand c:
                CheckReplay(c, errors);
                break;
            case GateArmCommand c:
                Name(c.Gate, "$.gate", errors);
                break;
            case GateDisarmCommand c:
                Name(c.Gate, "$.gate", errors);
                break;
            default:
                break;
        }
    }

    private static void CheckAck(SettlementAckCommand ack, List<ConfigError> errors)
    {
        if (ack.Ids is null == ack.SettlementKeys is null)
        {
            Add(errors, ack.Ids is null ? "$.ids" : "$.settlementKeys", ack.Ids is null ? "missing" : "bad-value", "ids or settlementKeys is expected, not both.");
            return;
        }
        (IReadOnlyList<string> names, string path) = ack.Ids is { } ids ? (ids, "$.ids") : (ack.SettlementKeys!, "$.settlementKeys");
        if (names.Count is 0 or > MostNames)
        {
            Add(errors, path, "out-of-range", $"1 to {MostNames} are expected.");
            return;
        }
        for (int i = 0; i < names.Count; i++)
        {
            if (ack.Ids is null ? !IsName(names[i]) : !Guid.TryParseExact(names[i], "D", out _))
            {
                Add(errors, $"{path}[{i}]", "bad-value", ack.Ids is null ? "a settlement key is expected." : "an event's id is expected, a UUID.");
            }
        }
    }

    private static void CheckTags(IReadOnlyList<string> tags, List<ConfigError> errors)
    {
        if (tags.Count is 0 or > MostTags)
        {
            Add(errors, "$.tags", "out-of-range", $"1 to {MostTags} are expected.");
            return;
        }
        for (int i = 0; i < tags.Count; i++)
        {
            if (!MemberRef.IsValid(tags[i]))
            {
                Add(errors, $"$.tags[{i}]", "bad-value", "1 to 32 of a-z, 0-9 and - are expected.");
            }
        }
    }

    private static void CheckReplay(OutboxReplayCommand replay, List<ConfigError> errors)
    {
        bool byNumber = replay.Epoch is not null || replay.FromSeq is not null || replay.ToSeq is not null;
        if (replay.Since is null == !byNumber)
        {
            Add(errors, "$.since", byNumber ? "bad-value" : "missing", "since, or epoch with fromSeq and toSeq, is expected.");
            return;
        }
        if (!byNumber)
        {
            return;
        }
        Positive(replay.Epoch, "$.epoch", errors);
        Positive(replay.FromSeq, "$.fromSeq", errors);
        Positive(replay.ToSeq, "$.toSeq", errors);
        if (replay.FromSeq > replay.ToSeq)
        {
            Add(errors, "$.toSeq", "out-of-range", "it must not be below fromSeq.");
        }
    }

    private static void Positive(long? value, string path, List<ConfigError> errors)
    {
        if (value is null or < 1)
        {
            Add(errors, path, value is null ? "missing" : "out-of-range", "a number from 1 on is expected.");
        }
    }

    private static void Member(string member, List<ConfigError> errors)
    {
        if (!MemberRef.IsValid(member))
        {
            Add(errors, "$.member", "bad-value", "1 to 32 of a-z, 0-9 and - are expected.");
        }
    }

    private static void Name(string name, string path, List<ConfigError> errors)
    {
        if (!IsName(name))
        {
            Add(errors, path, "bad-value", "1 to 64 of A-Z a-z 0-9 . _ - are expected.");
        }
    }

    private static bool IsName(string text) => text.Length is >= 1 and <= LongestName && !text.AsSpan().ContainsAnyExcept(s_nameLetters);

    private static void Add(List<ConfigError> errors, string path, string code, string message) => errors.Add(new ConfigError(path, code, message));
}
