using EdgeAgent.Commands;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Egress;
using EdgeAgent.Tests.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Commands;

/// <summary>The command desk of a box at a real broker, with a real outbox and work that the test gives; to be stopped and started again.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly bool _ownsFolder;
    private readonly CancellationTokenSource _stop = new();
    private readonly Outbox _outbox;
    private readonly Line _line;
    private readonly CommandDesk _desk;
    private readonly Task _running;
    private bool _ended;

    private Desk(
        MosquittoBroker broker, TestFolder? folder, Func<CommandRequest, CancellationToken, Task<CommandAnswer>>? carryOut, TimeProvider? time, IReadOnlyList<string>? allow)
    {
        _folder = folder ?? new TestFolder();
        _ownsFolder = folder is null;
        TimeProvider clock = time ?? TimeProvider.System;
        _outbox = Some.Outbox(_folder["outbox.db"], time: clock);
        _line = new Line(Line.To(broker), "b1");
        var topics = new Topics(Some.Store);
        _desk = new CommandDesk(
            new CommandIntake(topics, () => allow, clock), new CommandMemory(_outbox), new AnswerLine(_line.Link, topics, TimeProvider.System), async (request, ct) =>
            {
                Interlocked.Increment(ref _begun);
                return carryOut is null ? CommandAnswer.Of(AnswerWord.Done) : await carryOut(request, ct);
            },
            clock, NullLogger<CommandDesk>.Instance);
        _line.Link.Subscribe(topics.Commands, _desk.TakeAsync, asPublished: true);
        _running = _desk.RunAsync(_stop.Token);
    }

    private int _begun;

    /// <summary>How often something was carried out.</summary>
    public int Begun => Volatile.Read(ref _begun);

    public CommandHealth Health => _desk.Health;

    public static async Task<Desk> StartAsync(
        MosquittoBroker broker, TestFolder? folder = null, Func<CommandRequest, CancellationToken, Task<CommandAnswer>>? carryOut = null, TimeProvider? time = null,
        IReadOnlyList<string>? allow = null)
    {
        var desk = new Desk(broker, folder, carryOut, time, allow);
        await desk._line.UpAsync();
        return desk;
    }

    /// <summary>As a crash leaves it: what is being carried out gets no answer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }
        _ended = true;
        await _stop.CancelAsync();
        await _running.WaitAsync(Wait.Patience);
        await _line.DisposeAsync();
        await _outbox.DisposeAsync();
        _stop.Dispose();
        if (_ownsFolder)
        {
            _folder.Dispose();
        }
    }
}
