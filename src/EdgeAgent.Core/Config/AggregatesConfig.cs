using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>Hourly counts for each zone, by how long people stayed: with noise, small ones withheld, and a budget for the day.</summary>
public sealed record AggregatesConfig(
    [Description("How much one visit may change what an hour says: the privacy loss of one release, 0.01 to 2 in hundredths.")] double Epsilon = 0.5,
    [Description("Privacy loss of a UTC day; hours beyond it are not released. 0.01 to 48.")] double EpsilonPerDay = 6,
    [Description("Counts below this are withheld, after the noise. 10 to 1000.")] int MinCount = 10,
    [Description("A visit counts in at most this many zones of an hour; the noise grows with it. 1 to 10.")] int MostZones = 2,
    [Description("A stay below this is short. Seconds, 1 to 3600.")] double ShortSeconds = 30,
    [Description("A stay from this on is long. Seconds, 1 to 7200, above shortSeconds.")] double LongSeconds = 180);
