using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EdgeAgent.Simulators.Faults;

/// <summary>One connection through a <see cref="FaultProxy"/>: two directions, each a reader, a pipe that holds bytes until their time, and a writer.</summary>
internal sealed class FaultyConnection(FaultProxy proxy, Socket client, bool mqtt)
{
    // 1,024 reads of at most 16 KiB wait in a direction; when full the sender waits, as with a full window.
    private const int PipeCapacity = 1024;
    private const int ReadBytes = 16 * 1024;

    private static readonly TimeSpan s_blackholeLook = TimeSpan.FromMilliseconds(20);

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private long _fromClient;

    public async Task RunAsync(IPEndPoint server, CancellationToken stop)
    {
        client.NoDelay = true;
        try
        {
            await _server.ConnectAsync(server, stop);
            await Task.WhenAll(PassAsync(client, _server, up: true, stop), PassAsync(_server, client, up: false, stop));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or InvalidDataException)
        {
            // One side is gone: the other learns it now, as through a real network.
        }
        client.Dispose();
        _server.Dispose();
    }

    /// <summary>RST to both sides.</summary>
    public void Reset()
    {
        foreach (Socket socket in new[] { client, _server })
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool up, CancellationToken stop)
    {
        var pipe = Channel.CreateBounded<(long Due, byte[] Bytes)>(PipeCapacity);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task reading = ReadAsync(from, pipe.Writer, up, ended.Token);
        try
        {
            await WriteAsync(pipe.Reader, to, ended.Token);
            await reading;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset();
            throw;
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private async Task ReadAsync(Socket from, ChannelWriter<(long Due, byte[] Bytes)> pipe, bool up, CancellationToken stop)
    {
        var framer = new MqttFramer();
        var buffer = new byte[ReadBytes];
        long free = Stopwatch.GetTimestamp();
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, stop)) > 0)
            {
                if (up && Interlocked.Add(ref _fromClient, read) >= (proxy.Faults.CloseAfterBytes ?? long.MaxValue))
                {
                    client.Shutdown(SocketShutdown.Both);
                    _server.Shutdown(SocketShutdown.Both);
                    return;
                }
                foreach (byte[] part in mqtt ? framer.Take(buffer.AsMemory(0, read)) : [buffer[..read]])
                {
                    if (mqtt && !up && proxy.Faults.DropPubAcks && MqttFramer.Kind(part) == MqttFramer.PubAck)
                    {
                        proxy.CountDropped();
                        continue;
                    }
                    bool breaks = mqtt && up && MqttFramer.Kind(part) == MqttFramer.Publish && proxy.BreaksHere();
                    free = Departure(free, part.Length);
                    await pipe.WriteAsync((free + Ticks(proxy.Faults.DelayEachWay), breaks ? part[..(part.Length / 2)] : part), stop);
                    if (breaks)
                    {
                        await pipe.WriteAsync((0, []), stop); // the reset, behind the half
                        return;
                    }
                }
            }
        }
        finally
        {
            pipe.TryComplete();
        }
    }

    private async Task WriteAsync(ChannelReader<(long Due, byte[] Bytes)> pipe, Socket to, CancellationToken stop)
    {
        var together = new List<byte>();
        await foreach ((long due, byte[] bytes) in pipe.ReadAllAsync(stop))
        {
            LinkFaults faults = proxy.Faults;
            await UntilAsync(due, stop);
            await OutOfBlackholeAsync(stop);
            if (bytes.Length == 0)
            {
                Reset();
                return;
            }
            together.AddRange(bytes);
            if (faults.CoalesceFor > TimeSpan.Zero)
            {
                await Task.Delay(faults.CoalesceFor, TimeProvider.System, stop);
                while (pipe.TryPeek(out var next) && next.Bytes.Length > 0 && pipe.TryRead(out next))
                {
                    together.AddRange(next.Bytes);
                }
            }
            byte[] whole = [.. together];
            together.Clear();
            int piece = faults.PieceBytes > 0 ? faults.PieceBytes : whole.Length;
            for (var at = 0; at < whole.Length; at += piece)
            {
                await to.SendAsync(whole.AsMemory(at, Math.Min(piece, whole.Length - at)), stop);
            }
        }
        // The other side ended in order: so does this one.
        await OutOfBlackholeAsync(stop);
        to.Shutdown(SocketShutdown.Send);
    }

    /// <summary>What arrives in a blackhole is kept, as TCP would send it again, and goes on when the hole is closed.</summary>
    private async Task OutOfBlackholeAsync(CancellationToken stop)
    {
        while (proxy.Faults.Blackhole)
        {
            await Task.Delay(s_blackholeLook, TimeProvider.System, stop);
        }
    }

    /// <summary>When the last byte of a part leaves a line of the set bandwidth that is free from <paramref name="free"/> on.</summary>
    private long Departure(long free, int bytes)
    {
        long start = Math.Max(free, Stopwatch.GetTimestamp());
        long bandwidth = proxy.Faults.BytesPerSecond;
        return bandwidth == 0 ? start : start + (bytes * Stopwatch.Frequency / bandwidth);
    }

    /// <summary>Never returns early: timers cut a delay to whole milliseconds, so what is left is waited for again, a millisecond at least.</summary>
    private static async Task UntilAsync(long due, CancellationToken stop)
    {
        for (long left = due - Stopwatch.GetTimestamp(); left > 0; left = due - Stopwatch.GetTimestamp())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left * 1000.0 / Stopwatch.Frequency)), TimeProvider.System, stop);
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
