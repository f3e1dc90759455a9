using EdgeAgent.Torture.Faults;
namespace EdgeAgent.Torture.Trials;

internal static class TortureTable
{
    public static async Task<int> RunAsync(string[] args)
    {
        Console.WriteLine(LoopDisk.Missing ?? "loop ok");
        var t = TimeProvider.System.GetTimestamp();
        async Task Say(string n, Func<Task<Finding>> f)
        {
            t = TimeProvider.System.GetTimestamp();
            var r = await f();
            Console.WriteLine($"{n}: {(r.Holds ? "holds" : "BROKEN")} {r.Figures} {string.Join(' ', r.Broken.Take(3))} in {TimeProvider.System.GetElapsedTime(t).TotalSeconds:0.0} s");
        }
        await Say("cuts", () => PowerCuts.RunAsync(20));
        using (var lie = new LyingDisk()) { await Say("lie", () => PowerCuts.RunAsync(5, lie.Library, true)); }
        await Say("kills", () => Kills.RunAsync(20));
        return 0;
    }
}
