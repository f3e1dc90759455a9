using EdgeAgent.Benchmarks.Counting;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using Xunit.Abstractions;

namespace EdgeAgent.Vision.Tests;

/// <summary>From pixels to numbers with the default detector and settings: every filmed clip whose truth is known, the line at several places.</summary>
public class CountingTests(ITestOutputHelper output)
{
    [SharedFact]
    public void Everybody_who_comes_and_goes_is_counted_once_and_nobody_else()
    {
        var wrong = new List<string>();
        foreach (CountedClip clip in CountedClip.All)
        {
            List<ShopInput.FrameObserved> seen = clip.Watch(Shared.Fixture("video"), new ModelsConfig("yolox-nano-416"), Shared.Catalog(), Shared.Models);
            foreach (float shift in clip.Shifts)
            {
                Counts found = clip.Count(seen, shift, looks: false);
                output.WriteLine($"{clip.File} {shift}: {found}");
                if (found != clip.Truth)
                {
                    wrong.Add($"{clip.File} with the line shifted by {shift}: {found}, not {clip.Truth}");
                }
            }
        }
        Assert.Empty(wrong);
    }
}
