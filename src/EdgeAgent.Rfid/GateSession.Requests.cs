using EdgeAgent.Core;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Rfid;

/// <summary>Questions and answers.</summary>
internal sealed partial class GateSession
{
    /// <summary>Readers take seconds over a ROSpec; one that takes longer is not there.</summary>
    private static readonly TimeSpan s_answerPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long the right answer may take to come after one with a wrong number.</summary>
    private static readonly TimeSpan s_wrongIdPatience = TimeSpan.FromSeconds(1);

    private uint _lastId;

    // A reader that was once seen to number its answers as it likes is believed to do so always.
    private bool _numbersAsItLikes;

    // A read that was begun and not waited for.
    private Task<ReadOnlyMemory<byte>>? _begun;

    private uint NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>The version bits are the session's; a question about versions has its own. Several go in one piece.</summary>
    private ValueTask SendAsync(params byte[][] frames)
    {
        if (_traffic.Version != LlrpHeader.Version101)
        {
            foreach (byte[] frame in frames)
            {
                frame[0] = (byte)((frame[0] & 0b1110_0011) | (_traffic.Version << 2));
            }
        }
        return link.SendAsync(frames is [byte[] only] ? only : frames.SelectMany(frame => frame).ToArray());
    }

    private async Task DemandAsync(string name, MessageType answer, Func<uint, byte[]> request, CancellationToken stop) =>
        ThrowIfRefused(name, await AskAsync(answer, request, stop));

    /// <summary>
    /// Sends a request and handles everything that comes until its answer does. An answer belongs to it by message id. One of the right kind
    /// with another id is taken when the right one does not follow: there are readers that do not repeat the id.
    /// </summary>
    /// <param name="damagedIsRefusal">An answer of the right kind that cannot be understood ends the waiting.</param>
    private async Task<LlrpStatus> AskAsync(
        MessageType answer, Func<uint, byte[]> request, CancellationToken stop, Action<ReadOnlyMemory<byte>>? take = null, bool damagedIsRefusal = false)
    {
        uint id = NextId();
        long begin = time.GetTimestamp();
        await SendAsync(request(id));
        (byte[] Frame, LlrpStatus Status)? doubtful = null;
        while (true)
        {
            if (doubtful is { } late && !await SomethingComesAsync(stop))
            {
                _numbersAsItLikes = true;
                _counters.WrongIds++;
                take?.Invoke(late.Frame);
                return late.Status;
            }
            ReadOnlyMemory<byte> frame = await ReadAsync();
            FrameMeaning meaning = await HandleAsync(frame, stop);
            LlrpHeader header = _traffic.Header;
            bool isAnswer = meaning == FrameMeaning.Response && (header.Type == answer || header.Type == MessageType.ErrorMessage);
            if (isAnswer && (header.Id == id || _numbersAsItLikes))
            {
                _counters.WrongIds += header.Id == id ? 0 : 1;
                _counters.Unsolicited += doubtful is null ? 0 : 1;
                if (header.Type == answer)
                {
                    take?.Invoke(frame);
                }
                return _traffic.Status!;
            }
            if (isAnswer && header.Type == answer && doubtful is null)
            {
                doubtful = (frame.ToArray(), _traffic.Status!);
            }
            else if (meaning is FrameMeaning.Response or FrameMeaning.ConnectionAttempt)
            {
                _counters.Unsolicited++;
            }
            else if (meaning == FrameMeaning.Damaged && header.Type == answer && damagedIsRefusal)
            {
                return LlrpStatus.NotUnderstood;
            }
            ThrowIfLate(begin, s_answerPatience, answer.ToString());
        }
    }

    /// <returns>False when nothing came for a while.</returns>
    private async Task<bool> SomethingComesAsync(CancellationToken stop)
    {
        _begun ??= link.ReadAsync().AsTask();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task wait = Task.Delay(s_wrongIdPatience, time, both.Token);
        bool came = await Task.WhenAny(_begun, wait) == _begun;
        await both.CancelAsync();
        stop.ThrowIfCancellationRequested();
        return came;
    }

    private ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        if (_begun is not { } begun)
        {
            return link.ReadAsync();
        }
        _begun = null;
        return new ValueTask<ReadOnlyMemory<byte>>(begun);
    }

    private void ThrowIfLate(long begin, TimeSpan patience, string what)
    {
        if (time.GetElapsedTime(begin) > patience)
        {
            throw new ReaderFaultException(SensorReason.Silent, $"The reader did not send {what} within {patience.TotalSeconds} s.");
        }
    }

    private static void ThrowIfRefused(string name, LlrpStatus status)
    {
        if (!status.IsSuccess)
        {
            throw new ReaderFaultException(SensorReason.RejectedSettings, $"The reader refused {name}: {status}.");
        }
    }
}
