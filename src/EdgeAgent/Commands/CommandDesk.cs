using System.Threading.Channels;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Commands;

/// <summary>
/// Takes commands from the broker, has each carried out once, and answers. Whatever arrives, nothing here stops the shop: a command runs
/// beside it, with a time limit, and its failure is an answer.
/// </summary>
/// <remarks>
/// Pipes: 64 quick commands, carried out one after the other in the order of their arrival, and 16 slow ones by two workers; when full the
/// newest is answered 503 and counted. Begun means that it stands on disk before it is carried out. After a restart a begun one without an
/// answer is carried out anew if that does no harm, once; else it is answered 500 "interrupted". What only waited is forgotten without a word:
/// its sender asks again.
/// </remarks>
internal sealed partial class CommandDesk
{
    public const int QuickCapacity = 64;
    public const int SlowCapacity = 16;

    private const int SlowWorkers = 2;
    private const int MostRuns = 2;

    private static readonly TimeSpan s_quickLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_slowLimit = TimeSpan.FromSeconds(60);

    // The answer goes out although the disk does not take it: what was done is done.
    private static readonly TimeSpan s_diskPatience = TimeSpan.FromSeconds(5);

    private readonly CommandIntake _intake;
    private readonly CommandMemory _memory;
    private readonly AnswerLine _answers;
    private readonly Func<CommandRequest, CancellationToken, Task<CommandAnswer>> _carryOut;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<CommandRequest> _quick = Channel.CreateBounded<CommandRequest>(new BoundedChannelOptions(QuickCapacity) { SingleReader = true });
    private readonly Channel<CommandRequest> _slow = Channel.CreateBounded<CommandRequest>(SlowCapacity);
    private readonly IReadOnlyList<CommandRow> _unanswered;

    private long _received;
    private long _carriedOut;
    private long _repeated;
    private long _refused;
    private long _busy;
    private long _retained;
    private long _unanswerable;

    /// <param name="memory">Is read here: what arrives from now on is compared with it.</param>
    /// <param name="carryOut">May throw; that is answered 500.</param>
    public CommandDesk(
        CommandIntake intake, CommandMemory memory, AnswerLine answers, Func<CommandRequest, CancellationToken, Task<CommandAnswer>> carryOut, TimeProvider time,
        ILogger<CommandDesk> log)
    {
        (_intake, _memory, _answers, _carryOut, _time, _log) = (intake, memory, answers, carryOut, time, log);
        _unanswered = memory.Recall();
    }

    /// <summary>Counters since start; from any thread.</summary>
    public CommandHealth Health => new(
        Volatile.Read(ref _received), Volatile.Read(ref _carriedOut), Volatile.Read(ref _repeated), Volatile.Read(ref _refused), Volatile.Read(ref _busy),
        Volatile.Read(ref _retained), Volatile.Read(ref _unanswerable), _answers.Dropped);

    /// <summary>The link's handler: looks, files, and returns at once.</summary>
    public ValueTask TakeAsync(Inbound message, CancellationToken ct)
    {
        Interlocked.Increment(ref _received);
        CommandArrival arrival = _intake.Look(message);
        if (message.Retained)
        {
            Interlocked.Increment(ref _retained);
        }
        if (arrival.From is not Sender from)
        {
            Interlocked.Increment(ref _unanswerable);
        }
        else if (arrival.Refusal is CommandAnswer refusal)
        {
            Refuse(from, refusal);
        }
        else
        {
            File(arrival.Request!);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Carries out until <paramref name="stop"/>. What is being carried out then has no answer and counts as interrupted.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await TakeUpAsync(stop);
            Task[] work =
            [
                _answers.RunAsync(stop), WorkAsync(_quick.Reader, stop), .. Enumerable.Range(0, SlowWorkers).Select(_ => WorkAsync(_slow.Reader, stop)),
            ];
            // The first that ends has a bug, or all are stopped.
            await await Task.WhenAny(work);
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private void File(CommandRequest request)
    {
        switch (_memory.Look(request, out byte[]? answer))
        {
            case Known.Answered:
                Interlocked.Increment(ref _repeated);
                _answers.Send(request.From, answer);
                return;
            case Known.Running:
                // Its one answer is on the way, to this very sender.
                Interlocked.Increment(ref _repeated);
                return;
            case Known.ForSomethingElse:
                Refuse(request.From, CommandAnswer.Of(AnswerWord.IdReused));
                return;
            default:
                break;
        }
        if (request.ExpiresAt <= _time.GetUtcNow())
        {
            Refuse(request.From, CommandAnswer.Of(AnswerWord.Expired));
        }
        else if (!_memory.TryTake(request))
        {
            RefuseBusy(request);
        }
        else if (!(request.Kind.Slow ? _slow : _quick).Writer.TryWrite(request))
        {
            _memory.GiveBack(request.From.Key);
            RefuseBusy(request);
        }
    }

    /// <summary>What an earlier start began and did not answer.</summary>
    private async Task TakeUpAsync(CancellationToken stop)
    {
        foreach (CommandRow row in _unanswered)
        {
            Sender from = Sender.Of(row);
            CommandKind? kind = CommandKind.Find(row.Name);
            CommandBody? body = kind is { Repeatable: true } && row.Runs < MostRuns && row.ExpiresAt > _time.GetUtcNow() ? CommandReader.Read(kind, row.Body).Body : null;
            if (body is not null
                && (kind!.Slow ? _slow : _quick).Writer.TryWrite(new CommandRequest(kind, body, from, row.Digest, _time.GetUtcNow(), row.ExpiresAt, row.Body)))
            {
                LogTakenUp(row.Name);
                continue;
            }
            LogInterrupted(row.Name);
            await AnswerAsync(from, CommandAnswer.Of(AnswerWord.Interrupted), Task.CompletedTask, stop);
        }
    }

    private async Task WorkAsync(ChannelReader<CommandRequest> lane, CancellationToken stop)
    {
        await foreach (CommandRequest request in lane.ReadAllAsync(stop))
        {
            TimeSpan left = request.ExpiresAt - _time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                _memory.GiveBack(request.From.Key);
                Refuse(request.From, CommandAnswer.Of(AnswerWord.Expired));
                continue;
            }
            Task begun = _memory.BeginAsync(request.From.Key, stop);
            if (!request.Kind.ReadOnly && !await WithinAsync(begun, left, stop))
            {
                // The disk refuses: nothing is done that could be forgotten and done again.
                _memory.GiveBack(request.From.Key);
                RefuseBusy(request);
                continue;
            }
            CommandAnswer answer = await CarryOutAsync(request, stop);
            Interlocked.Increment(ref _carriedOut);
            LogCarriedOut(request.Kind.Name, answer.Status);
            await AnswerAsync(request.From, answer, begun, stop);
        }
    }

    private async Task<CommandAnswer> CarryOutAsync(CommandRequest request, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(request.Kind.Slow ? s_slowLimit : s_quickLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await _carryOut(request, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            LogTimedOut(request.Kind.Name);
            return CommandAnswer.Of(AnswerWord.TimedOut);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Any: whoever may send a command must not be able to stop the shop by it.
            LogFailed(e, request.Kind.Name);
            return CommandAnswer.Of(AnswerWord.Failed);
        }
    }

    private async Task AnswerAsync(Sender to, CommandAnswer answer, Task begun, CancellationToken stop)
    {
        byte[] payload = answer.For(to.Client, to.RequestId).Payload.ToArray();
        if (!await WithinAsync(Task.WhenAll(begun, _memory.FinishAsync(to.Key, payload, stop)), s_diskPatience, stop))
        {
            LogNotRemembered();
        }
        _answers.Send(to, payload);
    }

    /// <summary>False when the outbox has not committed it in time, or cannot any more.</summary>
    private async Task<bool> WithinAsync(Task commit, TimeSpan patience, CancellationToken stop)
    {
        try
        {
            await commit.WaitAsync(patience, _time, stop);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OutboxException or ChannelClosedException)
        {
            return false;
        }
    }

    private void Refuse(Sender from, CommandAnswer refusal)
    {
        Interlocked.Increment(ref _refused);
        _answers.Send(from, refusal);
    }

    private void RefuseBusy(CommandRequest request)
    {
        Interlocked.Increment(ref _busy);
        Refuse(request.From, CommandAnswer.Of(AnswerWord.Busy));
    }
}
