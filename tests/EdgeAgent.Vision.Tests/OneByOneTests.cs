using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;
using Xunit.Abstractions;

namespace EdgeAgent.Vision.Tests;

/// <summary>Real models on the recorded clip of six visits, against its frame-exact truth.</summary>
public class OneByOneTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [SharedFact]
    public void People_are_found_where_they_are_and_nowhere_else()
    {
        (bool[] seen, string speed) = Replay(new ModelsConfig(People: "yolox-nano-416"));
        output.WriteLine(speed);
        IReadOnlyList<(int First, int Last)> truth = Truth();

        int expected = 0, found = 0, invented = 0;
        for (int i = 0; i < seen.Length; i++)
        {
            bool near = truth.Any(visit => i >= visit.First - 3 && i <= visit.Last + 3);
            // The first half second belongs to feet at the edge of the picture.
            bool inside = truth.Any(visit => i >= visit.First + 5 && i <= visit.Last);
            expected += inside ? 1 : 0;
            found += inside && seen[i] ? 1 : 0;
            invented += !near && seen[i] ? 1 : 0;
        }
        Assert.Equal(1394, seen.Length);
        Assert.True(found >= 0.95 * expected, $"A person was found in {found} of {expected} frames that show one.");
        Assert.Equal(0, invented);
    }

    [MeasureFact]
    public void Each_detector_and_threshold_is_measured()
    {
        foreach ((string model, double threshold) in new[]
        {
            ("yolox-nano-416", 0.3), ("yolox-nano-416", 0.2), ("yolox-nano-416", 0.5), ("person-light-192", 0.4), ("person-omz0200-256", 0.5),
        })
        {
            (bool[] seen, string speed) = Replay(new ModelsConfig(People: model, PeopleThreshold: threshold));
            IReadOnlyList<(int First, int Last)> truth = Truth();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model} {threshold}: {speed}"));
            int empty = 0, invented = 0;
            for (int i = 0; i < seen.Length; i++)
            {
                bool near = truth.Any(visit => i >= visit.First - 3 && i <= visit.Last + 3);
                empty += near ? 0 : 1;
                invented += !near && seen[i] ? 1 : 0;
            }
            foreach ((int first, int last) in truth)
            {
                int[] hits = [.. Enumerable.Range(first - 10, last - first + 21).Where(i => seen[i])];
                int inside = hits.Count(i => i >= first && i <= last);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {first / 10.0:0.0}..{last / 10.0:0.0} seen {hits[0] / 10.0:0.0}..{hits[^1] / 10.0:0.0} in {inside} of {last - first + 1}"));
            }
            output.WriteLine($"  {invented} of {empty} empty frames with a false person");
            Assert.Equal(1394, seen.Length);
        }
    }

    [SharedFact]
    public void Two_replays_of_a_clip_give_the_same_inputs()
    {
        List<string> first = [.. Texts()], second = [.. Texts()];
        Assert.Equal(first, second);
        Assert.Contains(first, text => text.Length > 60);
    }

    private static IEnumerable<string> Texts()
    {
        using FrameAnalyzer analyzer = FrameAnalyzer.Open(
            "door", new ModelsConfig(People: "person-light-192", Appearance: "person-reid-0288"), Shared.Catalog(), Shared.Models);
        string clip = Shared.Video("preview-one-by-one-person-detection.gif");
        var camera = new RecordedCamera(Shared.Camera("clip:" + clip, width: 480), analyzer, TimeProvider.System);
        foreach (ShopInput.FrameObserved observed in camera.Read(s_start).Cast<ShopInput.FrameObserved>())
        {
            yield return observed.At.ToString("O") + string.Join(';', observed.People.Select(
                person => $"{person.Box} {person.Score:R} {string.Join(',', person.Appearance!.AsSpan().ToArray())}"));
        }
    }

    private static (bool[] Seen, string Speed) Replay(ModelsConfig models)
    {
        using FrameAnalyzer analyzer = FrameAnalyzer.Open("door", models, Shared.Catalog(), Shared.Models);
        var camera = new RecordedCamera(Shared.Camera("clip:" + Shared.OneByOne), analyzer, TimeProvider.System);
        var seen = new List<bool>();
        long begin = Stopwatch.GetTimestamp();
        foreach (ShopInput input in camera.Read(s_start))
        {
            var observed = Assert.IsType<ShopInput.FrameObserved>(input);
            Assert.Equal(s_start + TimeSpan.FromMilliseconds(100 * seen.Count), observed.At);
            seen.Add(observed.People.Count > 0);
        }
        double ms = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        return ([.. seen], string.Create(
            CultureInfo.InvariantCulture,
            $"{ms / seen.Count:0.00} ms per frame with decoding, model ran on {analyzer.Detected}, repeated {analyzer.Repeated}"));
    }

    private static List<(int First, int Last)> Truth()
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(Shared.Video("truth.json")));
        return [.. truth.RootElement.GetProperty("one-by-one-person-detection.mp4").GetProperty("visits").EnumerateArray()
            .Select(visit => (visit.GetProperty("first_frame").GetInt32(), visit.GetProperty("last_frame").GetInt32()))];
    }
}
