using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>
/// Two days with the same 500 people, each of whom carries the same few tagged things past the gate on both. Somebody who has the whole published stream pairs the
/// visits of the two days by everything that they have in common.
/// </summary>
public sealed class LinkageTests
{
    private const int People = 500;

    private static readonly DateTimeOffset s_monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whoever_has_the_whole_stream_of_two_days_pairs_nobody_better_than_by_guessing()
    {
        double auc = Auc(rotates: true, out int receipts);

        Assert.InRange(auc, 0.5 - FourErrors, 0.5 + FourErrors);
        Assert.Equal(2, receipts);
    }

    [Fact]
    public void With_one_key_for_both_days_the_same_attacker_pairs_everybody() => Assert.True(Auc(rotates: false, out _) > 0.99);

    /// <summary>Four standard errors of the area under the curve of as many pairs as there are.</summary>
    private static double FourErrors
    {
        get
        {
            double same = People, other = (double)People * (People - 1);
            return 4 * Math.Sqrt((same + other + 1) / (12 * same * other));
        }
    }

    private static double Auc(bool rotates, out int receipts)
    {
        var random = new Random(11);
        FillRandom secret = Some.Random(5);
        var config = Some.Config with { Cameras = [Some.Config.Cameras[0] with { Zones = [new ZoneConfig("hall", [new(0, 0), new(1, 0), new(1, 1)])] }] };
        var gate = new PrivacyGate(config, new EgressContext(412, "none", () => "replay"), Some.Random(6)) { Names = new Pseudonyms(Some.Random(7)) { Rotates = rotates } };
        var stream = new List<JsonElement>();

        // What the attacker is told about each visit is only for the score: who it was.
        var visits = new Dictionary<string, (int Person, int Day)>();
        for (int day = 0; day < 2; day++)
        {
            foreach (int person in Enumerable.Range(0, People).OrderBy(_ => random.Next()))
            {
                DateTimeOffset at = s_monday.AddDays(day).AddHours(8).AddSeconds(random.NextDouble() * 36_000);
                var visit = new VisitId(NewGuid(secret));
                foreach (ShopEvent happened in Visit(visit, person, at, random))
                {
                    Publish(happened);
                }
                visits[Base32.Encode(visit.Value.ToByteArray(bigEndian: true))] = (person, day);
            }
            Publish(gate.EndKey(s_monday.AddDays(day).AddHours(20), closing: true));
        }
        receipts = stream.Count(e => e.GetProperty("type").GetString() == "sst.privacy.rotated.v1");
        return Area(Words(stream, visits), visits);

        void Publish(ShopEvent? happened)
        {
            if (happened is not null)
            {
                stream.Add(JsonDocument.Parse(gate.TryAdmit(happened, out _)!.Envelope).RootElement);
            }
        }
    }

    /// <summary>What one person does: other times and stays each day, the same things with them.</summary>
    private static IEnumerable<ShopEvent> Visit(VisitId visit, int person, DateTimeOffset at, Random random)
    {
        DateTimeOffset until = at.AddSeconds(60 + (random.NextDouble() * 600));
        var passage = new GatePassage("front", until.AddSeconds(-2), until, until.AddSeconds(2));
        BagItem[] things = [.. Enumerable.Range(0, 3).Select(n => Thing(person, n))];
        yield return new ShopEvent.VisitStarted(at, visit, "cam", "entrance", at);
        yield return new ShopEvent.ZoneLeft(until, visit, "cam", "hall", at, until);
        yield return new ShopEvent.ExitHeld(
            until, passage, Base32.Encode(visit.Value.ToByteArray()), things, 450, new Attribution(visit, 0.5, 2), [HoldReason.AmbiguousShopper]);
        yield return new ShopEvent.VisitEnded(until, visit, "cam", "exit", at, until, VisitEnding.Left);
    }

    private static BagItem Thing(int person, int number)
    {
        byte[] epc = Stock.Tag("cola").Bytes.ToArray();
        (epc[^1], epc[^2], epc[^3]) = ((byte)person, (byte)(person >> 8), (byte)number);
        Assert.True(Epc.TryParse(Convert.ToHexString(epc), out Epc tag));
        return new BagItem(tag, Stock.Identify(tag), 150, 0.99, 5);
    }

    /// <summary>Everything that was ever said about a visit, number or word, as it stands there.</summary>
    private static Dictionary<string, HashSet<string>> Words(IEnumerable<JsonElement> stream, Dictionary<string, (int, int)> visits)
    {
        var words = visits.Keys.ToDictionary(visit => visit, _ => new HashSet<string>());
        foreach (JsonElement data in stream.Select(e => e.GetProperty("data")))
        {
            if (data.TryGetProperty("visit", out JsonElement visit) && words.TryGetValue(visit.GetString()!, out HashSet<string>? own))
            {
                Collect(data, "", own);
            }
        }
        return words;

        static void Collect(JsonElement value, string member, HashSet<string> own)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (JsonProperty each in value.EnumerateObject())
                    {
                        Collect(each.Value, each.Name, own);
                    }
                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in value.EnumerateArray())
                    {
                        Collect(item, member, own);
                    }
                    break;
                default:
                    own.Add($"{member}={value.GetRawText()}");
                    break;
            }
        }
    }

    /// <summary>The chance that a pair of one person scores higher than a pair of two: each word in common counts by its rarity.</summary>
    private static double Area(Dictionary<string, HashSet<string>> words, Dictionary<string, (int Person, int Day)> visits)
    {
        Dictionary<string, double> rarity = words.Values.SelectMany(w => w).GroupBy(w => w).ToDictionary(w => w.Key, w => Math.Log(words.Count / (double)w.Count()));
        var scored = new List<(double Score, bool Same)>();
        foreach ((string one, (int Person, int Day) of) in visits.Where(v => v.Value.Day == 0))
        {
            foreach ((string other, (int Person, int Day) and) in visits.Where(v => v.Value.Day == 1))
            {
                scored.Add((words[one].Where(words[other].Contains).Sum(w => rarity[w]), of.Person == and.Person));
            }
        }
        return Ranking.Area(scored);
    }

    private static Guid NewGuid(FillRandom random)
    {
        byte[] bytes = new byte[16];
        random(bytes);
        return new Guid(bytes);
    }
}
