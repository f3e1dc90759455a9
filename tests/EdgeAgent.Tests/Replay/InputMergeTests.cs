using System.Runtime.CompilerServices;
using EdgeAgent.Core;
using EdgeAgent.Replay;
using EdgeAgent.Rfid;

namespace EdgeAgent.Tests.Replays;

public class InputMergeTests
{
    [Fact]
    public async Task Sources_come_together_in_the_order_of_time() =>
        Assert.Equal(["a1", "b2", "b3", "a4", "c5", "a6"], await MergeAsync(Source('a', 1, 4, 6), Source('b', 2, 3), Source('c', 5)));

    [Fact]
    public async Task At_the_same_time_the_source_named_first_comes_first() =>
        Assert.Equal(["a1", "a1", "b1", "c1", "b2", "c2"], await MergeAsync(Source('a', 1, 1), Source('b', 1, 2), Source('c', 1, 2)));

    [Fact]
    public async Task Nothing_is_lost_when_a_source_runs_far_ahead()
    {
        int[] many = [.. Enumerable.Range(1, 500)];
        string[] merged = await MergeAsync(Source('a', many), Source('b', 500), Source('c'));

        Assert.Equal(501, merged.Length);
        Assert.Equal(["a500", "b500"], merged[^2..]);
    }

    [Fact]
    public async Task No_source_gives_nothing() => Assert.Empty(await MergeAsync());

    [Fact]
    public async Task An_error_of_a_source_surfaces_behind_what_came_before_it()
    {
        var seen = new List<string>();
        var error = await Assert.ThrowsAsync<RecordingException>(async () =>
        {
            await foreach (ShopInput input in InputMerge.Merge([Source('a', 1, 3), Broken('b', 2)], CancellationToken.None))
            {
                seen.Add(Name(input));
            }
        });

        Assert.Equal("The recording is damaged.", error.Message);
        Assert.Equal(["a1", "b2"], seen);
    }

    [Fact]
    public async Task Leaving_early_ends_every_source()
    {
        var ended = new TaskCompletionSource();
        await foreach (ShopInput _ in InputMerge.Merge([Source('a', 1, 2), Endless(ended)], CancellationToken.None))
        {
            break;
        }
        await ended.Task.WaitAsync(Wait.Patience, TimeProvider.System);
    }

    private static async Task<string[]> MergeAsync(params IAsyncEnumerable<ShopInput>[] sources)
    {
        var all = new List<string>();
        await foreach (ShopInput input in InputMerge.Merge(sources, CancellationToken.None))
        {
            all.Add(Name(input));
        }
        return [.. all];
    }

    private static async IAsyncEnumerable<ShopInput> Source(char name, params int[] seconds)
    {
        foreach (int second in seconds)
        {
            await Task.Yield();
            yield return Input(name, second);
        }
    }

    private static async IAsyncEnumerable<ShopInput> Broken(char name, int second)
    {
        await Task.Yield();
        yield return Input(name, second);
        throw new RecordingException("The recording is damaged.");
    }

    private static async IAsyncEnumerable<ShopInput> Endless(TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        try
        {
            for (int second = 1; ; second++)
            {
                await Task.Yield();
                cancel.ThrowIfCancellationRequested();
                yield return Input('z', second);
            }
        }
        finally
        {
            ended.SetResult();
        }
    }

    private static ShopInput.FrameObserved Input(char camera, int second) => new(Replayer.Start.AddSeconds(second), camera.ToString(), []);

    private static string Name(ShopInput input) => $"{((ShopInput.FrameObserved)input).Camera}{(input.At - Replayer.Start).TotalSeconds}";
}
