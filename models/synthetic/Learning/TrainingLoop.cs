using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.SyntheticModels.Learning;

/// <summary>What one scene contributed to a step: its summed loss and over how many examples it was summed.</summary>
internal readonly record struct Lesson(float Loss, int Examples);

/// <summary>Learns from one drawn scene at a time; one per thread at most. Adds to the gradient that it is given.</summary>
internal delegate Lesson Pupil(int sceneSeed, float[] gradient);

/// <summary>
/// Trains a network on drawn scenes. The result depends on the seed and the number of steps only: every scene of a batch sums its own
/// gradient, and the sums are added in a fixed order, however many threads work.
/// </summary>
internal static class TrainingLoop
{
    private const int ScenesPerStep = 2;
    private const int SeedsApart = 1_000_000;

    /// <param name="pupil">Makes one pupil with its own working memory.</param>
    /// <param name="rate">Step length of the optimiser at its highest.</param>
    /// <param name="threads">1 or more; changes the time, not the result.</param>
    public static void Run(string name, Network network, Func<Pupil> pupil, int seed, int steps, float rate, int threads, TextWriter log)
    {
        long start = Stopwatch.GetTimestamp();
        var adam = new Adam(network.Parameters);
        Pupil[] pupils = [.. Enumerable.Range(0, ScenesPerStep).Select(_ => pupil())];
        float[][] gradients = [.. pupils.Select(_ => new float[network.Parameters.Length])];
        var lessons = new Lesson[ScenesPerStep];
        float[] sum = new float[network.Parameters.Length];
        double recent = 0;
        for (int step = 0; step < steps; step++)
        {
            int first = (seed * SeedsApart) + (step * ScenesPerStep);
            Parallel.For(0, ScenesPerStep, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            {
                Array.Clear(gradients[i]);
                lessons[i] = pupils[i](first + i, gradients[i]);
            });
            int examples = 0;
            float loss = 0;
            foreach (Lesson lesson in lessons)
            {
                examples += lesson.Examples;
                loss += lesson.Loss;
            }
            Array.Clear(sum);
            foreach (float[] gradient in gradients)
            {
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += gradient[i] / Math.Max(examples, 1);
                }
            }
            adam.Step(sum, rate * Share(step, steps), longest: 40);
            recent = step == 0 ? loss / Math.Max(examples, 1) : (recent * 0.99) + (loss / Math.Max(examples, 1) * 0.01);
            if ((step + 1) % 250 == 0 || step + 1 == steps)
            {
                log.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: step {step + 1} of {steps}, loss {recent:F3}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
            }
        }
    }

    /// <summary>Of the highest rate: a short climb, then straight down to almost nothing.</summary>
    private static float Share(int step, int steps)
    {
        float left = 1 - ((float)step / steps);
        return MathF.Min(1, (step + 1) / 100f) * (left + 0.005f);
    }
}
