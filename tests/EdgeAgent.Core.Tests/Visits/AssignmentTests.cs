using EdgeAgent.Core.Visits;

namespace EdgeAgent.Core.Tests.Visits;

public class AssignmentTests
{
    [Fact]
    public void Pairing_has_the_greatest_sum_that_any_pairing_has()
    {
        var random = new Random(5);
        var assignment = new Assignment();
        for (int round = 0; round < 400; round++)
        {
            int rows = random.Next(1, 6);
            int columns = random.Next(1, 6);
            float[] scores = [.. Enumerable.Range(0, rows * columns).Select(_ => random.Next(3) == 0 ? 0 : (float)random.NextDouble())];
            int[] chosen = new int[rows];
            assignment.Solve(scores, rows, columns, chosen);

            Assert.Equal(chosen.Count(c => c >= 0), chosen.Where(c => c >= 0).Distinct().Count());
            Assert.All(Enumerable.Range(0, rows).Where(r => chosen[r] >= 0), r => Assert.True(scores[(r * columns) + chosen[r]] > 0));
            float sum = Enumerable.Range(0, rows).Sum(r => chosen[r] < 0 ? 0 : scores[(r * columns) + chosen[r]]);
            Assert.Equal(Best(scores, 0, rows, columns, 0), sum, 4);
        }
    }

    [Fact]
    public void Best_pair_first_would_leave_somebody_alone_here()
    {
        int[] chosen = new int[2];
        new Assignment().Solve([0.9f, 0.8f, 0.7f, 0], 2, 2, chosen);

        Assert.Equal([1, 0], chosen);
    }

    private static float Best(float[] scores, int row, int rows, int columns, int taken)
    {
        if (row == rows)
        {
            return 0;
        }
        float best = Best(scores, row + 1, rows, columns, taken);
        for (int column = 0; column < columns; column++)
        {
            float score = scores[(row * columns) + column];
            if (score > 0 && (taken & (1 << column)) == 0)
            {
                best = MathF.Max(best, score + Best(scores, row + 1, rows, columns, taken | (1 << column)));
            }
        }
        return best;
    }
}
