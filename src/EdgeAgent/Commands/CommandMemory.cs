using System.Security.Cryptography;
using EdgeAgent.Core.Commands;
using EdgeAgent.Egress;

namespace EdgeAgent.Commands;

/// <summary>What is known about a request's name.</summary>
internal enum Known { New, Running, Answered, ForSomethingElse }

/// <summary>
/// Which commands were begun and what they were answered, over restarts, until they expire: one that is sent twice is carried out once and
/// answered the same. Used by the link and the workers at the same time.
/// </summary>
/// <remarks>
/// At most <see cref="Most"/> and <see cref="MostBytes"/>. When full, answers of commands that change nothing are forgotten first, the oldest
/// first; when none is left a new command is refused, for forgetting another one could carry it out twice.
/// </remarks>
internal sealed class CommandMemory(Outbox outbox)
{
    public const int Most = 10_000;
    public const long MostBytes = 16 * 1024 * 1024;

    // A broker counts a message's life in whole seconds, and sends it again up to the last one.
    private const long MarginSeconds = 60;
    private const long RowBytes = 256;

    private readonly Lock _turn = new();
    private readonly Dictionary<string, CommandRow> _rows = [];
    private readonly HashSet<string> _forgotten = []; // still on disk; forgotten there with the next one kept
    private long _bytes;
    private long _nextLookSeconds;

    /// <summary>Reads what was begun before this start; returns what has no answer yet, in the order of its beginning. Once.</summary>
    public IReadOnlyList<CommandRow> Recall()
    {
        lock (_turn)
        {
            foreach (CommandRow row in outbox.ReadCommands())
            {
                Set(row);
            }
            Expire();
            return [.. _rows.Values.Where(row => row.Answer is null)];
        }
    }

    /// <summary>Whether the request's name is known, and for a command that was answered the answer.</summary>
    public Known Look(CommandRequest request, out byte[]? answer)
    {
        lock (_turn)
        {
            answer = null;
            if (!_rows.TryGetValue(request.From.Key, out CommandRow? row) || row.UntilSeconds <= outbox.RunningNow)
            {
                return Known.New;
            }
            if (!CryptographicOperations.FixedTimeEquals(row.Digest, request.Digest))
            {
                return Known.ForSomethingElse;
            }
            answer = row.Answer;
            return answer is null ? Known.Running : Known.Answered;
        }
    }

    /// <summary>Takes the name for this request, in memory. False when there is no room.</summary>
    public bool TryTake(CommandRequest request)
    {
        lock (_turn)
        {
            Expire();
            while (_rows.Count >= Most || _bytes >= MostBytes)
            {
                if (_rows.Values.FirstOrDefault(MayBeForgotten) is not CommandRow least)
                {
                    return false;
                }
                Remove(least.Key);
            }
            long life = Math.Max(0, (long)Math.Ceiling((request.ExpiresAt - request.ArrivedAt).TotalSeconds));
            Set(new CommandRow(
                request.From.Key, request.Kind.Name, request.Digest, request.From.Correlation, request.ExpiresAt, outbox.RunningNow + life + MarginSeconds, 0,
                request.Payload.ToArray(), null));
            return true;
        }
    }

    /// <summary>It will not be carried out: its name is free again.</summary>
    public void GiveBack(string key)
    {
        lock (_turn)
        {
            Remove(key);
        }
    }

    /// <summary>Completes when it stands on disk that the command is begun.</summary>
    public Task BeginAsync(string key, CancellationToken ct) => KeepAsync(key, row => row with { Runs = row.Runs + 1 }, ct);

    /// <summary>Remembers the answer; completes when it stands on disk.</summary>
    public Task FinishAsync(string key, byte[] answer, CancellationToken ct) => KeepAsync(key, row => row with { Body = null, Answer = answer }, ct);

    private Task KeepAsync(string key, Func<CommandRow, CommandRow> change, CancellationToken ct)
    {
        lock (_turn)
        {
            if (!_rows.TryGetValue(key, out CommandRow? row))
            {
                return Task.CompletedTask; // expired and forgotten while it ran
            }
            row = change(row);
            Set(row);
            string[] forget = [.. _forgotten];
            _forgotten.Clear();
            return outbox.KeepCommandAsync(row, forget, ct);
        }
    }

    private static bool MayBeForgotten(CommandRow row) => row.Answer is not null && CommandKind.Find(row.Name) is null or { ReadOnly: true };

    private void Expire()
    {
        long now = outbox.RunningNow;
        if (now < _nextLookSeconds && _rows.Count < Most && _bytes < MostBytes)
        {
            return;
        }
        _nextLookSeconds = now + MarginSeconds;
        List<string>? old = null;
        foreach (CommandRow row in _rows.Values)
        {
            if (row.UntilSeconds <= now)
            {
                (old ??= []).Add(row.Key);
            }
        }
        old?.ForEach(Remove);
    }

    private void Set(CommandRow row)
    {
        _bytes += Size(row) - (_rows.TryGetValue(row.Key, out CommandRow? before) ? Size(before) : 0);
        _rows[row.Key] = row;
        _forgotten.Remove(row.Key);
    }

    private void Remove(string key)
    {
        if (_rows.Remove(key, out CommandRow? row))
        {
            _bytes -= Size(row);
            _forgotten.Add(key);
        }
    }

    private static long Size(CommandRow row) => RowBytes + (row.Body?.Length ?? 0) + (row.Answer?.Length ?? 0) + (row.Correlation?.Length ?? 0);
}
