using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent;

/// <summary>One thing the shop decided, with what may be said about it outside.</summary>
internal readonly record struct Happening(ShopEvent Event, EgressEvent Egress);

/// <summary>
/// The one caller of the shop floor and the privacy gate, live and in a replay: takes inputs one at a time in the order of their arrival.
/// </summary>
internal sealed class ShopLoop(ShopFloor floor, PrivacyGate gate)
{
    private readonly List<ShopEvent> _events = [];
    private readonly List<Happening> _happenings = [];
    private readonly List<ShopEvent> _onBox = [];

    private long _steps;

    /// <summary>Hears of each event that the firewall let not out.</summary>
    public Action<ShopEvent, FirewallReason>? Refused { get; init; }

    /// <summary>Inputs taken so far. May be read from any thread.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>What the last input made happen for the box only: lamps, tags that strayed, zones where faces may be looked at. Holds until the next call.</summary>
    public IReadOnlyList<ShopEvent> OnBox => _onBox;

    /// <summary>Told each input and all that it made happen, for the local page. The list holds until it returns.</summary>
    public Action<ShopInput, IReadOnlyList<ShopEvent>>? Watcher { get; init; }

    /// <summary>Takes one input. The list is this loop's own and holds until the next call.</summary>
    public IReadOnlyList<Happening> Step(ShopInput input)
    {
        Volatile.Write(ref _steps, _steps + 1);
        _events.Clear();
        _happenings.Clear();
        _onBox.Clear();
        Leave(gate.EndKey(input.At));
        floor.On(input, _events);
        foreach (ShopEvent happened in _events)
        {
            if (happened.LeavesBox)
            {
                Leave(happened);
            }
            else
            {
                _onBox.Add(happened);
            }
        }
        if (input is ShopInput.ConfigChanged changed)
        {
            // What the change itself settled was decided under the configuration before.
            gate.Use(changed.Config, changed.ModelSet);
        }
        if (input is ShopInput.Closing)
        {
            Leave(gate.EndKey(input.At, closing: true));
        }
        Watcher?.Invoke(input, _events);
        return _happenings;
    }

    /// <summary>Runs until the channel is completed and empty, so that nothing that was taken in is lost on a clean stop.</summary>
    /// <param name="keep">Takes what leaves, in order, after each step in which anything happened; <see cref="OnBox"/> has the rest of it.</param>
    /// <param name="onBox">Takes what stays on the box, before <paramref name="keep"/>: a lamp waits for no disk.</param>
    public async Task RunAsync(ChannelReader<ShopInput> inputs, Func<IReadOnlyList<Happening>, Task> keep, Action<ShopEvent>? onBox = null)
    {
        await foreach (ShopInput input in inputs.ReadAllAsync())
        {
            IReadOnlyList<Happening> happenings = Step(input);
            foreach (ShopEvent happened in _onBox)
            {
                onBox?.Invoke(happened);
            }
            if (happenings.Count + _onBox.Count > 0)
            {
                await keep(happenings);
            }
        }
    }

    private void Leave(ShopEvent? happened)
    {
        if (happened is null || !gate.Tells(happened))
        {
            return;
        }
        if (gate.TryAdmit(happened, out FirewallReason? refused) is EgressEvent leaving)
        {
            _happenings.Add(new Happening(happened, leaving));
        }
        else
        {
            Refused?.Invoke(happened, refused!.Value);
        }
    }
}
