using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeAgent.Core;

namespace EdgeAgent.Replay;

/// <summary>Brings recorded sources together into one stream in the order of time.</summary>
internal static class InputMerge
{
    // Inputs read ahead per source, so that cameras are analysed side by side. When full the source waits; nothing is lost.
    private const int ReadAhead = 64;

    /// <summary>Ties fall by the order of <paramref name="sources"/>, so that the same recordings always merge alike.</summary>
    public static async IAsyncEnumerable<ShopInput> Merge(
        IReadOnlyList<IAsyncEnumerable<ShopInput>> sources, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Channel<ShopInput>[] queues = [.. sources.Select(_ => Channel.CreateBounded<ShopInput>(ReadAhead))];
        Task[] pumps = [.. sources.Select((source, i) => Task.Run(() => PumpAsync(source, queues[i].Writer, stop.Token), CancellationToken.None))];
        try
        {
            var heads = new ShopInput?[queues.Length];
            for (int i = 0; i < queues.Length; i++)
            {
                heads[i] = await NextAsync(queues[i].Reader, cancel);
            }
            while (true)
            {
                int first = -1;
                for (int i = 0; i < heads.Length; i++)
                {
                    if (heads[i] is ShopInput head && (first < 0 || head.At < heads[first]!.At))
                    {
                        first = i;
                    }
                }
                if (first < 0)
                {
                    yield break;
                }
                yield return heads[first]!;
                heads[first] = await NextAsync(queues[first].Reader, cancel);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(pumps);
        }
    }

    private static async Task PumpAsync(IAsyncEnumerable<ShopInput> source, ChannelWriter<ShopInput> queue, CancellationToken cancel)
    {
        try
        {
            await foreach (ShopInput input in source.WithCancellation(cancel))
            {
                await queue.WriteAsync(input, cancel);
            }
            queue.Complete();
        }
        catch (Exception e)
        {
            // Handed to the reader, who throws it where the replay is awaited.
            queue.Complete(e);
        }
    }

    private static async ValueTask<ShopInput?> NextAsync(ChannelReader<ShopInput> queue, CancellationToken cancel)
    {
        while (await queue.WaitToReadAsync(cancel))
        {
            if (queue.TryRead(out ShopInput? input))
            {
                return input;
            }
        }
        return null;
    }
}
