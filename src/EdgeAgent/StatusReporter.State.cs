using EdgeAgent.Core.Privacy;
using EdgeAgent.Mqtt;

namespace EdgeAgent;

/// <summary>The state topic: what is said on it, when it changes, and what is heard there that this process did not say.</summary>
internal sealed partial class StatusReporter
{
    // More than a broker can still have on its way back to us.
    private const int RememberedStates = 64;

    private static readonly TimeSpan s_stateEvery = TimeSpan.FromSeconds(1);

    // Birth and change of state must not overtake each other on the wire.
    private readonly Lock _turn = new();

    // What this process has said about its state, wills included: whatever else comes back from the broker was said by another.
    private readonly Queue<byte[]> _said = [];
    private bool _heardOwn;

    private volatile bool _draining;
    private volatile bool _stopped;
    private volatile LinkUp? _up;
    private (AgentState State, string Reasons) _told;

    /// <summary>Whether the shop runs: before that the state is <c>init</c>. Without it, it always does.</summary>
    public Func<bool>? Running { get; init; }

    /// <summary>Looks after the line; null where nobody does.</summary>
    public LinkWatch? Line { get; init; }

    /// <summary>How the agent is now; from any thread.</summary>
    public (AgentState State, IReadOnlyList<DegradedReason> Reasons) State => (Now().State, Reasons());

    public Will Will(long connection)
    {
        EgressStatus lost = StatusMessages.State(AgentState.Lost, context.Epoch, connection, time.GetUtcNow());
        Remember(lost);
        return new Will(_topics.Full(lost.Topic), lost.Payload);
    }

    /// <summary>Says anew how the agent is, if that has changed. Without a connection the next birth says it.</summary>
    public Task ChangedAsync() => ChangedAsync(CancellationToken.None);

    private async Task ChangedAsync(CancellationToken cancel)
    {
        if (link.Current is LinkUp up && up == _up && Now() != _told)
        {
            await SayStateAsync(cancel);
        }
    }

    /// <summary>What waits is sent before the end; nothing new comes in.</summary>
    public async Task DrainingAsync()
    {
        _draining = true;
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            await ChangedAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // As below: a stop does not wait for a slow broker.
        }
    }

    /// <summary>Hears what is said on this box's own state topic: what this process did not say, a second box with the same name did.</summary>
    public ValueTask HearStateAsync(Inbound message, CancellationToken cancel)
    {
        bool own;
        lock (_said)
        {
            own = _said.Any(said => message.Payload.Span.SequenceEqual(said));
        }
        if (own)
        {
            _heardOwn = true;
        }
        else if (_heardOwn && StatusMessages.ReadState(message.Payload.Span) is (long epoch, _) && epoch >= context.Epoch)
        {
            // Before the first own word came back, the broker has what an earlier start of this box left there; an earlier start has a lower epoch.
            Line?.ForeignBirth();
        }
        return ValueTask.CompletedTask;
    }

    private (AgentState State, string Reasons) Now()
    {
        IReadOnlyList<DegradedReason> reasons = Reasons();
        AgentState state = _draining ? AgentState.Draining
            : Running?.Invoke() == false ? AgentState.Init
            : reasons.Count > 0 ? AgentState.Degraded
            : AgentState.Ready;
        return (state, string.Join(' ', reasons));
    }

    private IReadOnlyList<DegradedReason> Reasons() =>
    [
        .. _up is { Protocol: < 5 } ? new[] { DegradedReason.OldProtocol } : [],
        .. Storage is { Degraded: true } ? new[] { DegradedReason.Storage } : [],
        .. SafeMode ? new[] { DegradedReason.SafeMode } : [],
        .. Line?.Reasons() ?? [],
    ];

    private static string Mqtt(LinkUp up) => up.Protocol == 5 ? "5" : "3.1.1";

    private Task SayStateAsync(CancellationToken cancel)
    {
        // In turn until it is on its way: waiting for the broker's answer in turn, too, a lost answer would hold up the next state.
        lock (_turn)
        {
            // Nothing comes behind the last word: what changes while the agent ends would stay with the broker for good.
            if (_stopped)
            {
                return Task.CompletedTask;
            }
            _told = Now();
            return SayAsync(_told.State, _up!.Number, _told.State == AgentState.Degraded ? Reasons() : null, cancel);
        }
    }

    private Task SayStoppedAsync(CancellationToken cancel)
    {
        lock (_turn)
        {
            _stopped = true;
            return SayAsync(AgentState.Stopped, link.Current?.Number ?? 0, null, cancel);
        }
    }

    private Task SayAsync(AgentState state, long connection, IReadOnlyList<DegradedReason>? reasons, CancellationToken cancel)
    {
        EgressStatus said = StatusMessages.State(state, context.Epoch, connection, time.GetUtcNow(), reasons);
        Remember(said);
        return PublishAsync(said, cancel);
    }

    private void Remember(EgressStatus said)
    {
        lock (_said)
        {
            _said.Enqueue(said.Payload.ToArray());
            while (_said.Count > RememberedStates)
            {
                _said.Dequeue();
            }
        }
    }
}
