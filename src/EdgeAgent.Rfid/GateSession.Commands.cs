using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>What is sent outside the order of setting up: lamps, and the question whether the reader is still there.</summary>
internal sealed partial class GateSession
{
    // A lock is shut by pulses so long, which the shop renews each second: when the agent or the way to it is gone, it opens by itself.
    private static readonly TimeSpan s_lockPulse = TimeSpan.FromSeconds(3);

    // The reader can; it may refuse yet.
    private volatile bool _pulses;

    // Of the sending task: locks that are shut now, so that only pulses are renewed.
    private readonly HashSet<int> _shut = [];
    private int _outputPins;
    private bool _outputFaulty;

    // Refused before it was sent; written by the sending task, told by the reading one, which alone may speak to the shop for this reader.
    private int _missingPin;

    private async Task SendCommandsAsync(CancellationToken over)
    {
        await foreach (ReaderCommand command in reader.Outputs.Waiting.ReadAllAsync(over))
        {
            if (command == ReaderCommand.Probe)
            {
                // A reader may leave GET_REPORT unanswered when it has nothing; GET_ROSPECS it must answer.
                _counters.Probes++;
                await SendAsync(GateRequests.GetReport(NextId()));
                uint probe = NextId();
                reader.Outputs.Asked(probe, command, time.GetTimestamp());
                await SendAsync(GateRequests.GetRoSpecs(probe));
                continue;
            }
            if (_outputPins > 0 && command.Port > _outputPins)
            {
                Interlocked.Exchange(ref _missingPin, command.Port);
                continue;
            }
            if (reader.Locks.Contains(command.Port))
            {
                await SwitchLockAsync(command);
                continue;
            }
            uint id = NextId();
            reader.Outputs.Asked(id, command, time.GetTimestamp());
            await SendAsync(GateRequests.SetOutput(id, command.Port, command.On));
        }
    }

    /// <summary>
    /// Mode and level in one piece, so that no kill comes between them. To open, the mode is set back first: a level that is written off as a pulse
    /// would turn on again. The mode is set with each change, for the reader may have started anew, or an agent before this one left it.
    /// </summary>
    private async ValueTask SwitchLockAsync(ReaderCommand command)
    {
        bool changes = !command.On || _shut.Add(command.Port);
        if (!command.On)
        {
            _shut.Remove(command.Port);
        }
        if (!changes && !_pulses)
        {
            return;
        }
        byte[][] mode = [];
        if (changes && _pulses)
        {
            uint first = NextId();
            reader.Outputs.Asked(first, command with { Mode = true }, time.GetTimestamp());
            mode = [GateRequests.ImpinjOutputMode(first, command.Port, command.On ? s_lockPulse : null)];
        }
        uint id = NextId();
        reader.Outputs.Asked(id, command, time.GetTimestamp());
        await SendAsync([.. mode, GateRequests.SetOutput(id, command.Port, command.On)]);
    }

    /// <returns>True when the response just taken answered a command.</returns>
    private async ValueTask<bool> TakeOutputAnswerAsync(DateTimeOffset at, CancellationToken stop)
    {
        uint id = _traffic.Header.Id;
        if (_numbersAsItLikes && _traffic.Header.Type is MessageType.SetReaderConfigResponse or MessageType.GetRoSpecsResponse
            && reader.Outputs.TryOldest(out uint oldest, out _))
        {
            id = oldest;
        }
        if (!reader.Outputs.TryAnswered(id, out ReaderCommand command))
        {
            return false;
        }
        if (command == ReaderCommand.Probe)
        {
            return true;
        }
        if (command.Mode)
        {
            if (!_traffic.Status!.IsSuccess && _pulses)
            {
                _pulses = false;
                reader.LocksExpire = false;
                reader.Warn($"It does not know outputs that switch themselves off ({_traffic.Status}). While the agent is killed or cut off, the lock at output pin {command.Port} stays as it is: wire it by a time relay.");
            }
            return true;
        }
        if (!_traffic.Status!.IsSuccess)
        {
            await RefusedOutputAsync(at, $"The reader refused to switch output pin {command.Port}: {_traffic.Status}.", stop);
            return true;
        }
        _counters.OutputsSet++;
        if (_outputFaulty)
        {
            _outputFaulty = false;
            await ReportOutputAsync(at, SensorState.Online, SensorReason.None, stop);
        }
        return true;
    }

    private async ValueTask RefuseUnansweredAsync(CancellationToken stop)
    {
        if (_missingPin != 0 && Interlocked.Exchange(ref _missingPin, 0) is var pin and > 0)
        {
            await RefusedOutputAsync(time.GetUtcNow(), $"Output pin {pin} was to be switched, but the reader has {_outputPins}.", stop);
        }
        while (reader.Outputs.TryOldest(out uint id, out long sentAt) && time.GetElapsedTime(sentAt) > s_answerPatience
            && reader.Outputs.TryAnswered(id, out ReaderCommand command) && command != ReaderCommand.Probe)
        {
            await RefusedOutputAsync(time.GetUtcNow(), $"The reader did not answer about output pin {command.Port}.", stop);
        }
    }

    /// <summary>A fault of the lamp, not of the reader: what the gate decides does not depend on it.</summary>
    private ValueTask RefusedOutputAsync(DateTimeOffset at, string sentence, CancellationToken stop)
    {
        _counters.OutputsRefused++;
        _outputFaulty = true;
        reader.Warn(sentence);
        return ReportOutputAsync(at, SensorState.Degraded, SensorReason.OutputRefused, stop);
    }

    private ValueTask ReportOutputAsync(DateTimeOffset at, SensorState state, SensorReason reason, CancellationToken stop) =>
        shop.WriteAsync(new ShopInput.SensorReported(at, SensorKind.Output, reader.Config.Id, state, reason), stop);
}
