using EdgeAgent.Benchmarks.Gate;
using EdgeAgent.Core;

namespace EdgeAgent.Rfid.Tests.Gates;

/// <summary>
/// Thirty doorways with two antennas by the radio model of the benchmark <c>portal</c>, which shares nothing with the simulated scenes: reflections, patterns,
/// fading, bodies, tags that are seldom heard.
/// </summary>
public sealed class PortalTests
{
    private const int Seeds = 30;

    private static readonly Lazy<List<(string Kind, string Said)>> s_said = new(static () => [.. Enumerable.Range(1, Seeds).SelectMany(static seed => Said((ulong)seed))]);

    private static IEnumerable<(string Kind, string Said)> Said(ulong seed)
    {
        var recording = new PortalRecording(seed, isShort: false);
        List<ShopEvent> events = recording.Play();
        HashSet<Epc> held = [.. events.OfType<ShopEvent.ExitHeld>().SelectMany(h => h.Items).Select(i => i.Epc)];
        HashSet<Epc> cameIn = [.. events.OfType<ShopEvent.ExitObserved>().Where(o => o.Passage.Direction == CrossingDirection.In).SelectMany(o => o.Items).Select(i => i.Epc)];
        Assert.Empty(events.OfType<ShopEvent.ExitSettled>());
        return [.. recording.Tags.Where(t => t.Heard).Select(t => (t.Kind, held.Contains(t.Epc) ? "out" : cameIn.Contains(t.Epc) ? "in" : "nothing"))];
    }

    [Fact]
    public void With_a_camera_only_what_left_is_billed()
    {
        int billed = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var recording = new PortalRecording(seed, isShort: false);
            Dictionary<Epc, string> kinds = recording.Tags.ToDictionary(t => t.Epc, t => t.Kind);
            foreach (BagItem item in recording.Play(withCamera: true).OfType<ShopEvent.ExitSettled>().SelectMany(e => e.Items))
            {
                Assert.True(kinds[item.Epc] is "out" or "stop-out", $"seed {seed}: {kinds[item.Epc]} was billed");
                billed++;
            }
        }
        Assert.InRange(billed, 20, int.MaxValue);
    }

    [Theory]
    [InlineData("out", "in", 0)]
    [InlineData("in", "out", 0.02)]
    [InlineData("still", "out", 0.12)]
    [InlineData("back", "out", 0.1)]
    public void A_way_is_seldom_mistaken(string kind, string said, double most) => Assert.InRange(Part(kind, said), 0, most);

    [Theory]
    [InlineData("out", "out", 0.82)]
    [InlineData("in", "in", 0.7)]
    public void Most_ways_are_told(string kind, string said, double least) => Assert.InRange(Part(kind, said), least, 1);

    private static double Part(string kind, string said) => s_said.Value.Count(t => t.Kind == kind && t.Said == said) / (double)s_said.Value.Count(t => t.Kind == kind);
}
