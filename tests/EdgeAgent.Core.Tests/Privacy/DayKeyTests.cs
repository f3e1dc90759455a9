using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Core.Tests.Privacy;

/// <summary>Row 22 of the fault table: days of 23 and 25 hours, and moves to another time zone, renew the day key once a UTC day and no more.</summary>
public sealed class DayKeyTests
{
    [Theory]
    [InlineData("2026-03-28T00:00:00Z")] // Berlin's day of 23 hours is the 29th
    [InlineData("2026-10-24T00:00:00Z")] // and that of 25 hours the 25th of October
    public void A_day_has_one_key_whatever_the_local_time_says(string from)
    {
        int drawn = 0;
        var names = new Pseudonyms(bytes =>
        {
            drawn++;
            bytes.Fill((byte)drawn);
        });
        DateTimeOffset start = DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture);
        var seen = new HashSet<string>();
        for (int minute = 0; minute < 3 * 24 * 60; minute += 10)
        {
            // The same moment as a clock in Berlin, before and after the change, or in New York shows it.
            TimeSpan offset = TimeSpan.FromHours((minute % 3) switch { 0 => 1, 1 => 2, _ => -5 });
            seen.Add(names.Of("epc", [1, 2, 3], start.AddMinutes(minute).ToOffset(offset)));
        }
        Assert.Equal((3, 3), (drawn, seen.Count));
    }
}
