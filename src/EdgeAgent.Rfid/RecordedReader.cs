using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Rfid.Llrp;
using EdgeAgent.Rfid.Recordings;

namespace EdgeAgent.Rfid;

/// <summary>
/// A reader that is a file: plays recorded reads (<c>reads:FILE.jsonl</c>) or recorded LLRP bytes (<c>llrp:FILE.jsonl</c>) into a replay.
/// LLRP bytes go through the same decoder as a live reader's, damage included. The same file gives the same inputs every time.
/// </summary>
/// <remarks>
/// <code>
/// reads:  {"atMs":1234,"epc":"30…","antenna":1,"rssiDbm":-52,"seenCount":2}    seenCount may be left out
///         {"atMs":1234,"gpi":1,"high":true}    an input pin of the reader changed
/// llrp:   {"atMs":1234,"hex":"043d…"}    bytes as they arrived: several messages or part of one
/// </code>
/// A <c>reads:</c> file may also be a table or JSON with names of others; <see cref="Look"/> says what was found in it.
/// </remarks>
public static class RecordedReader
{
    /// <param name="path">The file; its kind is the prefix of <see cref="ReaderConfig.Source"/>.</param>
    /// <param name="start">The agent time of atMs 0.</param>
    /// <param name="zero">What a file of others calls that time; null for its first read.</param>
    /// <param name="looked">What <see cref="Look"/> said of this file and reader: a file of others is then not read once more.</param>
    /// <returns>
    /// In order of time, read from the file as they are asked for: <see cref="ShopInput.TagsRead"/> with all reads of one instant but those of
    /// reference tags, <see cref="ShopInput.PinChanged"/>, and
    /// <see cref="ShopInput.SensorReported"/>: Degraded with DamagedMessage for every damaged or cut message; Offline when a length is a lie or
    /// the reader closed the connection, and Online at the next line that begins with a good message.
    /// </returns>
    /// <exception cref="RecordingException">A line cannot be replayed; thrown when the enumeration reaches it.</exception>
    public static IEnumerable<ShopInput> Read(string path, ReaderConfig config, DateTimeOffset start, long? zero = null, RecordingNote? looked = null) => config.Source switch
    {
        string source when source.StartsWith("reads:", StringComparison.Ordinal) => Reads(path, config, start, zero, looked),
        string source when IsLlrpFile(source) => Frames(path, config, start),
        _ => throw new RecordingException(
            $"Reader '{config.Id}' has the source '{config.Source}', but a replay needs reads:FILE.jsonl or llrp:FILE.jsonl."),
    };

    /// <summary>What a person should know of a <c>reads:</c> file before it is played; null for nothing.</summary>
    /// <exception cref="RecordingException">It cannot be replayed.</exception>
    public static RecordingNote? Look(string path, ReaderConfig config) =>
        !config.Source.StartsWith("reads:", StringComparison.Ordinal) ? null
        : ForeignReads.IsForeign(path) ? ForeignReads.Open(path, config).Note
        : OwnReads.Note(path, config) is string sentence ? new RecordingNote(sentence, null, false)
        : null;

    private static bool IsLlrpFile(string source) =>
        source.StartsWith("llrp:", StringComparison.Ordinal) && !source.StartsWith("llrp://", StringComparison.Ordinal);

    private static IEnumerable<ShopInput> Reads(string path, ReaderConfig config, DateTimeOffset start, long? zero, RecordingNote? looked)
    {
        var watch = new ReaderWatch(config);
        var batch = new List<TagRead>();
        DateTimeOffset batchAt = DateTimeOffset.MinValue;
        foreach ((DateTimeOffset at, TagRead read, ShopInput? pin) in ForeignReads.IsForeign(path) ? Foreign(path, config, start, zero, looked) : Own(path, config, start))
        {
            if (batch.Count > 0 && (at != batchAt || pin is not null))
            {
                yield return new ShopInput.TagsRead(batchAt, config.Id, batch.ToArray());
                batch.Clear();
            }
            batchAt = at;
            if (pin is not null)
            {
                yield return pin;
            }
            else if (!watch.Take(read, at))
            {
                batch.Add(read);
            }
        }
        if (batch.Count > 0)
        {
            yield return new ShopInput.TagsRead(batchAt, config.Id, batch.ToArray());
        }
    }

    private static IEnumerable<(DateTimeOffset At, TagRead Read, ShopInput? Pin)> Own(string path, ReaderConfig config, DateTimeOffset start)
    {
        foreach (RecordingLine line in RecordingLine.ReadAll(path))
        {
            DateTimeOffset at = start + line.At;
            yield return line.IsPin ? (at, default, line.ToPinChanged(at, config.Id)) : (at, line.ToTagRead(at), null);
        }
    }

    private static IEnumerable<(DateTimeOffset At, TagRead Read, ShopInput? Pin)> Foreign(
        string path, ReaderConfig config, DateTimeOffset start, long? zero, RecordingNote? looked)
    {
        ForeignReads reads = looked?.Reads ?? ForeignReads.Open(path, config);
        foreach ((TimeSpan after, TagRead read) in reads.From(zero ?? reads.First))
        {
            yield return (start + after, read with { At = start + after }, null);
        }
    }

    private static IEnumerable<ShopInput> Frames(string path, ReaderConfig config, DateTimeOffset start)
    {
        var player = new LlrpPlayer(config);
        foreach (RecordingLine line in RecordingLine.ReadAll(path))
        {
            foreach (ShopInput input in player.Play(start + line.At, line.Bytes()))
            {
                yield return input;
            }
        }
        foreach (ShopInput input in player.End())
        {
            yield return input;
        }
    }

    /// <summary>Recorded bytes in, shop inputs out.</summary>
    private sealed class LlrpPlayer
    {
        private readonly string _reader;
        private readonly ReaderWatch _watch;
        private readonly ReaderTraffic _traffic;
        private readonly LlrpFramer _framer = new();
        private readonly List<ShopInput> _out = [];
        private readonly List<TagRead> _batch = [];
        private DateTimeOffset _at;
        private bool _offline;

        // Inputs leave in the order of their time: a pin's own time never goes back behind what was given out before.
        private DateTimeOffset _given = DateTimeOffset.MinValue;

        public LlrpPlayer(ReaderConfig config)
        {
            _reader = config.Id;
            _watch = new ReaderWatch(config);
            _traffic = new ReaderTraffic(new ReaderCounters(), _watch);
        }

        public List<ShopInput> Play(DateTimeOffset at, byte[] bytes)
        {
            _out.Clear();
            if (at != _at)
            {
                FlushReads();
            }
            _at = at;
            if (_offline)
            {
                if (!BeginsWithGoodMessage(bytes))
                {
                    return _out;
                }
                Report(SensorState.Online, SensorReason.None);
            }
            else if (_framer.Waiting > 0 && BeginsWithGoodMessage(bytes))
            {
                // The message before this line was cut: its rest never comes, and a header made of two messages could wait for megabytes.
                Report(SensorState.Degraded, SensorReason.DamagedMessage);
                ForgetBytes();
            }
            _framer.Append(bytes);
            FrameCut cut = FrameCut.NeedMore;
            while (!_offline && (cut = _framer.Next(out ReadOnlyMemory<byte> frame)) == FrameCut.Frame)
            {
                Take(frame.Span);
            }
            if (!_offline && cut == FrameCut.LengthLie)
            {
                GoOffline(SensorReason.DamagedMessage);
            }
            return _out;
        }

        public List<ShopInput> End()
        {
            _out.Clear();
            FlushReads();
            if (_framer.Waiting > 0)
            {
                // The file ends inside a message, whose reads are lost.
                Report(SensorState.Degraded, SensorReason.DamagedMessage);
            }
            return _out;
        }

        private void Take(ReadOnlySpan<byte> frame)
        {
            FrameMeaning meaning = _traffic.Take(frame, _at);
            TakeNews();
            switch (meaning)
            {
                case FrameMeaning.Reads:
                    _batch.AddRange(_traffic.TakeReads(_at));
                    break;
                case FrameMeaning.Damaged:
                    Report(SensorState.Degraded, SensorReason.DamagedMessage);
                    break;
                case FrameMeaning.Closed:
                    GoOffline(SensorReason.Unreachable);
                    break;
                case FrameMeaning.ConnectionAttempt when _traffic.Attempt != ConnectionAttempt.Success:
                    GoOffline(ReaderTraffic.ReasonOf(_traffic.Attempt));
                    break;
                case FrameMeaning.ConnectionAttempt:
                    _watch.Connected(_at);
                    break;
            }
            if (!_offline && _watch.Due(_at, out _) is { } fault)
            {
                Report(SensorState.Degraded, fault);
            }
        }

        private void TakeNews()
        {
            if (!_traffic.HasNews)
            {
                return;
            }
            FlushReads();
            int before = _out.Count;
            _traffic.TakeNews(_at, _reader, _out);
            for (int i = before; i < _out.Count; i++)
            {
                if (_out[i] is ShopInput.PinChanged pin && pin.At < _given)
                {
                    _out[i] = new ShopInput.PinChanged(_given, pin.Reader, pin.Port, pin.High);
                }
                _given = _out[i].At;
            }
        }

        private static bool BeginsWithGoodMessage(ReadOnlySpan<byte> bytes) =>
            LlrpHeader.TryRead(bytes, out LlrpHeader header)
            && header.LengthIsPossible
            && header.Length <= bytes.Length
            && Enum.IsDefined(header.Type)
            && new ReaderTraffic(new ReaderCounters()).Take(bytes[..(int)header.Length], DateTimeOffset.UnixEpoch) != FrameMeaning.Damaged;

        private void GoOffline(SensorReason reason)
        {
            Report(SensorState.Offline, reason);
            ForgetBytes();
        }

        private void ForgetBytes()
        {
            _framer.Reset();
            _traffic.Connected();
        }

        private void Report(SensorState state, SensorReason reason)
        {
            FlushReads();
            _offline = state == SensorState.Offline;
            _out.Add(new ShopInput.SensorReported(_at, SensorKind.Reader, _reader, state, reason));
            _given = _at;
        }

        private void FlushReads()
        {
            if (_batch.Count > 0)
            {
                _out.Add(new ShopInput.TagsRead(_at, _reader, _batch.ToArray()));
                _given = _at;
                _batch.Clear();
            }
        }
    }
}
