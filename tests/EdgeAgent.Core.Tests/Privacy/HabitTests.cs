using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>
/// Two days with the same 500 people who have habits: each comes at about their own time and stays about as long. Somebody who has the whole stream knows how strong
/// habits are, and pairs the visits of the two days by when they were. No name helps and none is needed: what is told of single visits links by time, and only what is not told does not.
/// </summary>
public sealed class HabitTests
{
    private const int People = 500;

    private static readonly DateTimeOffset s_monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 0.99, 1)]
    [InlineData(15, 0.96, 0.985)]
    [InlineData(60, 0.89, 0.925)]
    public void Habits_of_time_link_single_visits_as_the_docs_say(double minutes, double atLeast, double atMost) => Assert.InRange(Auc(minutes, exactMinutes: 0), atLeast, atMost);

    /// <summary>The control: the same attacker, where people have no habits.</summary>
    [Fact]
    public void Without_habits_times_link_nobody() => Assert.InRange(Auc(double.PositiveInfinity, exactMinutes: 0), 0.5 - FourErrors, 0.5 + FourErrors);

    /// <summary>Why there is no setting that rounds times: people are as far apart as their habits are, not as the clock is.</summary>
    [Fact]
    public void Rounding_to_a_quarter_of_an_hour_or_an_hour_hardly_helps()
    {
        Assert.InRange(Auc(15, exactMinutes: 15), 0.96, 0.985);
        Assert.InRange(Auc(15, exactMinutes: 60), 0.94, 0.97);
    }

    [Fact]
    public void A_shop_that_publishes_counts_only_tells_no_visit_zone_or_crossing()
    {
        Assert.NotEmpty(Stream(15, publish: true));
        Assert.Empty(Stream(15, publish: false));
        var gate = Gate(publish: false);
        Assert.False(gate.Tells(new ShopEvent.LineCrossed(s_monday, "cam", "door", CrossingDirection.In, s_monday)));
        Assert.True(gate.Tells(new ShopEvent.OccupancyChanged(s_monday, 3, [])));
        Assert.True(gate.Tells(new ShopEvent.KeyDestroyed(s_monday, s_monday, KeyEnd.Closing, 1)));
    }

    /// <summary>Four standard errors of the area under the curve of as many pairs as there are.</summary>
    private static double FourErrors => 4 * Math.Sqrt((People + ((double)People * (People - 1)) + 1) / (12.0 * People * People * (People - 1)));

    /// <param name="exactMinutes">Times are told to this; 0 for as they are.</param>
    private static double Auc(double habitMinutes, double exactMinutes)
    {
        List<(int Person, int Day, double From, double Stay)> visits = Stream(habitMinutes, publish: true);
        var scored = new List<(double Score, bool Same)>(People * People);
        foreach (var one in visits.Where(v => v.Day == 0))
        {
            foreach (var other in visits.Where(v => v.Day == 1))
            {
                // Log-likelihood of two times of one habit: both days vary by themselves.
                double apart = (Told(one.From) - Told(other.From)) / (double.IsFinite(habitMinutes) ? habitMinutes : 15), longer = Math.Log(one.Stay / other.Stay) / 0.2;
                scored.Add((-((apart * apart) + (longer * longer)) / 4, one.Person == other.Person));
            }
        }
        return Ranking.Area(scored);

        double Told(double minutes) => exactMinutes > 0 ? Math.Floor(minutes / exactMinutes) * exactMinutes : minutes;
    }

    /// <summary>The ended visits as they were published, with whose they were.</summary>
    private static List<(int Person, int Day, double From, double Stay)> Stream(double habitMinutes, bool publish)
    {
        var random = new Random(23);
        FillRandom secret = Some.Random(5);
        PrivacyGate gate = Gate(publish);
        (double At, double Stay)[] habits = [.. Enumerable.Range(0, People).Select(_ => (random.NextDouble() * 600, 2 + (random.NextDouble() * 20)))];
        var visits = new List<(int, int, double, double)>();
        for (int day = 0; day < 2; day++)
        {
            DateTimeOffset opens = s_monday.AddDays(day).AddHours(8);
            foreach (int person in Enumerable.Range(0, People).OrderBy(_ => random.Next()))
            {
                bool has = double.IsFinite(habitMinutes);
                double at = has ? habits[person].At + (habitMinutes * Normal(random)) : random.NextDouble() * 600;
                double stay = has ? habits[person].Stay * Math.Exp(0.2 * Normal(random)) : 2 + (random.NextDouble() * 20);
                byte[] bits = new byte[16];
                secret(bits);
                DateTimeOffset from = opens.AddMinutes(at), until = from.AddMinutes(stay);
                var ended = new ShopEvent.VisitEnded(until, new VisitId(new Guid(bits)), "cam", "entrance", from, until, VisitEnding.Left);
                if (!gate.Tells(ended))
                {
                    continue;
                }
                JsonElement data = JsonDocument.Parse(gate.TryAdmit(ended, out _)!.Envelope).RootElement.GetProperty("data");
                DateTimeOffset since = data.GetProperty("since").GetDateTimeOffset();
                visits.Add((person, day, (since - opens).TotalMinutes, (data.GetProperty("until").GetDateTimeOffset() - since).TotalMinutes));
            }
        }
        return visits;
    }

    private static PrivacyGate Gate(bool publish) =>
        new(Some.Config with { Visits = Some.Config.Visits with { Publish = publish } }, new EgressContext(1, "none", () => "replay"), Some.Random(6));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
