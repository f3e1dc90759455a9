using System.Globalization;

namespace EdgeAgent.Rfid.Recordings;

/// <summary>The times of one file that others wrote: dates, numbers since 1970, or numbers in the unit that the column's name ends with.</summary>
internal sealed class ReadTimes(double? secondsPerUnit)
{
    private static readonly string[] s_dates =
    [
        "yyyy-M-d'T'H:m:s.FFFFFFFK", "yyyy-M-d H:m:s.FFFFFFFK", "yyyy-M-d H:m:s.FFFFFFF K", "yyyy/M/d H:m:s.FFFFFFFK", "yyyy/M/d'T'H:m:s.FFFFFFFK", "d.M.yyyy H:m:s.FFFFFFF", "yyyy-M-d'T'H:m:sK",
    ];

    private static readonly string[] s_hours = ["H:m:s.FFFFFFF", "H:m:s"];

    // From 2000 to 2100 in seconds since 1970: other numbers are no dates.
    private const double Year2000 = 946_684_800;
    private const double Year2100 = 4_102_444_800;

    private static readonly (double Seconds, string Name)[] s_units = [(1, "seconds"), (1e-3, "milliseconds"), (1e-6, "microseconds"), (1e-9, "nanoseconds")];

    private string? _form;

    /// <summary>For a person: what the times were taken for.</summary>
    public string Form => _form ?? "";

    /// <summary>They count from 1970 and not from the start of something.</summary>
    public bool AreDates { get; private set; }

    /// <param name="decimalComma">A number may have a comma before its fraction.</param>
    /// <param name="ticks">Of 100 ns, since 1970, or since wherever the file counts from.</param>
    /// <param name="wrong">What is wrong with the value and what to do; the end of a sentence that begins with the value.</param>
    public bool TryRead(string text, bool decimalComma, out long ticks, out string wrong)
    {
        (ticks, wrong) = (0, "");
        string number = decimalComma ? text.Replace(',', '.') : text;
        if (decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value))
        {
            return TryNumber(value, out ticks, out wrong);
        }
        string date = Shortened(number);
        // A fraction of nine digits, as some write it, has two that no clock here has.
        if (DateTimeOffset.TryParseExact(date, s_dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset at)
            && at.ToUnixTimeSeconds() is >= (long)Year2000 and < (long)Year2100)
        {
            ticks = (at - DateTimeOffset.UnixEpoch).Ticks;
            return Is("date and time", areDates: true, out wrong);
        }
        if (TimeOnly.TryParseExact(date, s_hours, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly hour))
        {
            ticks = hour.Ticks;
            return Is("time of day", areDates: false, out wrong);
        }
        wrong = "is no time; it may be 2026-01-05T09:00:00.125Z, 2026/01/05 09:00:00.125, 5.1.2026 09:00:00, 09:00:00.125, or a number of seconds, milliseconds or microseconds since 1970";
        return false;
    }

    private bool TryNumber(decimal value, out long ticks, out string wrong)
    {
        (ticks, wrong) = (0, "");
        double seconds = secondsPerUnit ?? s_units.FirstOrDefault(u => (double)value * u.Seconds is >= Year2000 and < Year2100).Seconds;
        if (seconds == 0)
        {
            wrong = "is a number, but of what is not said; name the column time_s, time_ms or time_us";
            return false;
        }
        if ((double)value * seconds is not (>= 0 and < Year2100))
        {
            wrong = "is no time from 0 to the year 2100 in the unit of its column";
            return false;
        }
        ticks = (long)(value * (decimal)seconds * TimeSpan.TicksPerSecond);
        bool areDates = (double)value * seconds >= Year2000;
        string unit = s_units.First(u => u.Seconds == seconds).Name;
        return Is(areDates ? unit + " since 1970" : unit, areDates, out wrong);
    }

    /// <summary>All times of a file are of one form: a mixture has no order.</summary>
    private bool Is(string form, bool areDates, out string wrong)
    {
        wrong = _form is null || _form == form ? "" : $"is {form}, but the times before it are {_form}; write all times of a file in one way";
        (_form, AreDates) = (_form ?? form, _form is null ? areDates : AreDates);
        return wrong.Length == 0;
    }

    private static string Shortened(string text)
    {
        int dot = text.LastIndexOf('.');
        int end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }
        return dot < 0 || end - dot - 1 <= 7 ? text : string.Concat(text.AsSpan(0, dot + 8), text.AsSpan(end));
    }
}
