namespace EdgeAgent.Rfid.Llrp;

/// <summary>What the framer has at the front of its bytes.</summary>
internal enum FrameCut
{
    /// <summary>A whole message.</summary>
    Frame,

    /// <summary>Not enough bytes yet.</summary>
    NeedMore,

    /// <summary>The length field is below 10 or above the cap: nothing after it can be trusted, the connection must end.</summary>
    LengthLie,
}

/// <summary>
/// Cuts the bytes of a connection into LLRP messages, however TCP has split them. The buffer grows with the bytes that have arrived,
/// never with what a header promises. Not thread-safe.
/// </summary>
internal sealed class LlrpFramer
{
    private const int FirstSize = 16 * 1024;

    // Bytes [_start, _end) have arrived and are not cut yet.
    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;

    public int Waiting => _end - _start;

    /// <summary>What has arrived and is not cut yet: for showing bytes that are no message. Valid until <see cref="Room"/>, <see cref="Append"/> or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, Waiting);

    /// <summary>Room for the next bytes; ends the life of frames handed out before. Follow with <see cref="Advance"/>.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        if (_end == _buffer.Length)
        {
            if (_start >= _buffer.Length / 2)
            {
                _buffer.AsSpan(_start, Waiting).CopyTo(_buffer);
            }
            else
            {
                byte[] larger = new byte[_buffer.Length * 2];
                _buffer.AsSpan(_start, Waiting).CopyTo(larger);
                _buffer = larger;
            }
            _end -= _start;
            _start = 0;
        }
        return _buffer.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = Room().Span;
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <param name="frame">One whole message, header included; valid until <see cref="Room"/>, <see cref="Append"/> or <see cref="Reset"/>.</param>
    public FrameCut Next(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!LlrpHeader.TryRead(_buffer.AsSpan(_start, Waiting), out LlrpHeader header))
        {
            return FrameCut.NeedMore;
        }
        if (!header.LengthIsPossible)
        {
            return FrameCut.LengthLie;
        }
        if (header.Length > Waiting)
        {
            return FrameCut.NeedMore;
        }
        frame = _buffer.AsMemory(_start, (int)header.Length);
        _start += (int)header.Length;
        return FrameCut.Frame;
    }

    /// <summary>Forgets all bytes: a new connection begins.</summary>
    public void Reset() => _start = _end = 0;
}
