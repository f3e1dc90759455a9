using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Gates;

namespace EdgeAgent.Simulators.Exits;

// Gates of other kinds, and machines that are not in order.
public static partial class ExitCases
{
    private static IEnumerable<ExitCase> Machines() =>
    [
        new("two-gates", "two shoppers leave by two gates at the same time", seed => TwoGates(seed, both: true)),
        new("cross-read", "one shopper leaves by the second of two gates; both hear it", seed => TwoGates(seed, both: false)),
        new("no-photo-eye", "one shopper at a gate without a photo-eye", seed => Scene(seed, d => [Out(d, "ana", 0, 4, Placement.Bag)], eye: false)),
        new("no-photo-eye-two", "two shoppers six seconds apart, without a photo-eye", seed => Scene(seed, d => [Out(d, "ana", 0, 4), Out(d, "ben", 6, 2)], eye: false)),
        new("eye-stuck", "the photo-eye is broken all the time", seed => Scene(seed, d => [Out(d, "ana", 0, 3), Out(d, "ben", 12, 2)], eye: false) is var s
            ? s with { Eyes = [new SceneEye("exit-reader", 1, "gate-1", Stuck: [new EyeFault(20)])] } : throw new InvalidOperationException()),
        new("reader-degraded", "the reader says that it lost reads while somebody leaves", seed => Scene(seed, d => [Out(d, "ana", 0, 3, speed: 1.2)]))
        {
            Inputs = i => With(i, 49, at => new ShopInput.SensorReported(at, SensorKind.Reader, "exit-reader", SensorState.Degraded, SensorReason.BufferOverflow)), MustHold = true,
        },
        new("camera-covered", "the camera is covered", seed => Scene(seed, d => [Out(d, "ana", 0, 3)]))
        {
            Inputs = i => With(Blind(i), 44, at => new ShopInput.SensorReported(at, SensorKind.Camera, "above", SensorState.Degraded, SensorReason.Covered)), MustHold = true,
        },
        new("camera-dark", "the camera gives no picture and nobody says why", seed => Scene(seed, d => [Out(d, "ana", 0, 3)])) { Inputs = Blind, MustHold = true },
        new("disarmed", "the gate is disarmed", seed => Scene(seed, d => [Out(d, "ana", 0, 3)])) { Inputs = i => With(i, 30, at => new ShopInput.GateArmed(at, "gate-1", Armed: false)), MustHold = true },
        new("reader-stalls", "the line to the reader stands still for four seconds while somebody leaves", seed => Scene(seed, d => [Out(d, "ana", 0, 4, Placement.Bag)])) { Inputs = i => Stall(i, 47, 51) },
        new("reports-shuffled", "reports of a tag come in any order within half a second", seed => Scene(seed, d => [Out(d, "ana", 0, 4, Placement.Bag)])) { Inputs = Shuffle },
        new("restart-after-the-exit", "the box starts anew between two shoppers", seed => Scene(seed, d => [Out(d, "ana", 0, 3), Out(d, "ben", 20, 2)])) { RestartAt = 58 },
        new("restart-in-the-middle", "the box starts anew while somebody is in the gate", seed => Scene(seed, d => [Out(d, "ana", 0, 3, speed: 1.0), Out(d, "ben", 20, 2)])) { RestartAt = 50.3 },
        new("restart-no-photo-eye", "the box starts anew while somebody is in a gate without a photo-eye", seed => Scene(seed, d => [Out(d, "ana", 0, 3, speed: 1.0), Out(d, "ben", 20, 2)], eye: false)) { RestartAt = 50.3 },
        new("power-cut-in-the-middle", "the box is without power for five seconds while somebody is in the gate", seed => Scene(seed, d => [Out(d, "ana", 0, 3, speed: 1.0), Out(d, "ben", 20, 2)])) { RestartAt = 50.3, OffSeconds = 5 },
        new("restart-then-back", "the box starts anew, and the buyer comes back with the goods and leaves again", ComesBack) { RestartAt = 57 },
    ];

    private static GateScene TwoGates(ulong seed, bool both, double apart = 0.2)
    {
        var dice = new Scenes.Dice(seed ^ 0x2_6A7E5UL);
        GateSceneBuilder scene = new GateSceneBuilder("Two gates side by side.", seed).Gate().Gate("gate-2", "exit-reader-2", x: 1.6);
        SceneWalker second = Out(dice, "ben", apart, 3, x: 1.6);
        return scene.With(both ? [Out(dice, "ana", 0, 3, x: 0), second] : [second]).Build();
    }

    /// <summary>Reads of some tags are told so many seconds later.</summary>
    private static IEnumerable<ShopInput> Late(IEnumerable<ShopInput> inputs, Func<Epc, bool> isLate, double seconds)
    {
        var late = new Queue<ShopInput.TagsRead>();
        foreach (ShopInput input in inputs)
        {
            while (late.TryPeek(out ShopInput.TagsRead? due) && due.At <= input.At)
            {
                late.Dequeue();
                yield return new ShopInput.TagsRead(input.At, due.Reader, due.Reads);
            }
            if (input is not ShopInput.TagsRead report)
            {
                yield return input;
                continue;
            }
            TagRead[] behind = [.. report.Reads.Where(r => isLate(r.Epc))];
            if (behind.Length < report.Reads.Count)
            {
                yield return report with { Reads = [.. report.Reads.Where(r => !isLate(r.Epc))] };
            }
            if (behind.Length > 0)
            {
                late.Enqueue(new ShopInput.TagsRead(report.At.AddSeconds(seconds), report.Reader, behind));
            }
        }
    }

    /// <summary>Nothing comes from the readers for a while, then all of it at once.</summary>
    private static IEnumerable<ShopInput> Stall(IEnumerable<ShopInput> inputs, double from, double to)
    {
        var waiting = new List<ShopInput>();
        foreach (ShopInput input in inputs)
        {
            double t = (input.At - GateStage.Start).TotalSeconds;
            if (t >= from && t < to && input is (ShopInput.TagsRead or ShopInput.PinChanged))
            {
                waiting.Add(input);
                continue;
            }
            if (t >= to && waiting.Count > 0)
            {
                foreach (ShopInput late in waiting)
                {
                    yield return late is ShopInput.TagsRead report ? new ShopInput.TagsRead(input.At, report.Reader, report.Reads) : late;
                }
                waiting.Clear();
            }
            yield return input;
        }
    }

    private static IEnumerable<ShopInput> Shuffle(IEnumerable<ShopInput> inputs)
    {
        var dice = new Scenes.Dice(7);
        var waiting = new List<TagRead>();
        foreach (ShopInput input in inputs)
        {
            if (input is ShopInput.TagsRead report)
            {
                waiting.AddRange(report.Reads);
                continue;
            }
            if (input is ShopInput.Tick && waiting.Count > 0)
            {
                var now = new List<TagRead>();
                for (int i = waiting.Count - 1; i >= 0; i--)
                {
                    if (dice.Chance(0.4f) || (input.At - waiting[i].At).TotalSeconds > 0.5)
                    {
                        now.Add(waiting[i]);
                        waiting.RemoveAt(i);
                    }
                }
                yield return new ShopInput.TagsRead(input.At, "exit-reader", now);
            }
            yield return input;
        }
    }

    private static IEnumerable<ShopInput> Blind(IEnumerable<ShopInput> inputs) =>
        inputs.Where(i => i is not ShopInput.FrameObserved || (i.At - GateStage.Start).TotalSeconds < 44);

    private static IEnumerable<ShopInput> With(IEnumerable<ShopInput> inputs, double at, Func<DateTimeOffset, ShopInput> other)
    {
        bool said = false;
        foreach (ShopInput input in inputs)
        {
            if (!said && (input.At - GateStage.Start).TotalSeconds >= at)
            {
                said = true;
                yield return other(input.At);
            }
            yield return input;
        }
    }
}
