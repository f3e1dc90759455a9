namespace EdgeAgent.Core.Cabinets;

/// <summary>
/// How likely it is that a tag is in a cabinet, was taken out of it or put into it, given how it was heard before and since. Reads come at a rate
/// that is unknown but steady for what lies still (a Poisson count with a gamma prior); what is in a hand is heard until its shopper leaves.
/// All rates are shares of the rate of the best-heard tag.
/// </summary>
/// <param name="bestRate">Of the best-heard tag. Reads per second.</param>
/// <param name="insideRssi">Of what is in the cabinet, on average; null when nothing is known to be.</param>
/// <param name="lingerSeconds">Of a hundred shoppers 37 stay longer before the closed door, 2 twice as long, and one in 8,000 three times as long.</param>
internal sealed class TagOdds(double bestRate, double? insideRssi, double lingerSeconds)
{
    // Rates of tags in the cabinet, in a hand before it, and beside it: shape and mean of a gamma distribution. Those in it are seldom near none.
    private static readonly (double Shape, double Mean) s_inside = (4, 0.6), s_hand = (1.5, 0.25), s_beside = (1.2, 0.08);

    // Strength: by how much those outside are weaker than those inside, and how far each, and one that was not moved, is from that. dB.
    private const double OutsideWeaker = 10, InsideSpread = 6, OutsideSpread = 8, UsualSpread = 2.5, ReadSpread = 4;

    // What a use does to a tag that is in it: taken; pushed elsewhere. To one that is not: put in; carried past; put into the cabinet beside it.
    private const double Taken = 0.1, Pushed = 0.05, PutIn = 0.05, PutAcross = 0.0003, Passing = 0.2, PutBeside = 0.05;

    // A tag heard at the start that is in no cabinet and hangs beside this one.
    private const double HangsBeside = 1e-4;

    // What is out of reach of the antenna as soon as the door is closed.
    private const double AtOnce = 0.5;
    private const int Steps = 24;

    /// <summary>Chances of one tag, that sum up to 1 with that of being outside before and after.</summary>
    public readonly record struct Chances(double Stayed, double Taken, double Returned)
    {
        public double In => Stayed + Returned;
    }

    /// <param name="before">Log odds that it was inside.</param>
    /// <param name="lastSeconds">When it was last read, in seconds since the cabinet was closed.</param>
    public Chances Of(double before, bool fresh, Hearing usual, Hearing since, double lastSeconds, Elsewhere other)
    {
        double wasIn = -Log1PlusExp(-before), wasOut = -Log1PlusExp(before);
        // A closed cabinet hears nothing new of what was always in this one.
        bool othersSay = other.Heard.Seconds > 0 && (other.Used || fresh || before < 0);
        double insideThere = othersSay ? Inside(other.Heard) : 0, outsideThere = othersSay ? Outside(other.Heard) : 0;
        double left = Left(since, lastSeconds) + outsideThere;
        double inside = Inside(since) + outsideThere;
        double stayed = wasIn + Math.Log(1 - Taken) + Add(Math.Log(1 - Pushed) + Unmoved(since, usual, s_inside) + outsideThere, Math.Log(Pushed) + inside);
        if (fresh)
        {
            // Here, in the cabinet beside it, or before both.
            double there = Outside(since) + insideThere, hangs = Math.Log(HangsBeside) + Outside(since) + outsideThere;
            double sum = Add(stayed, wasOut + Add(Add(there, hangs), Math.Log(Passing) + left));
            return new Chances(Math.Exp(stayed - sum), 0, 0);
        }
        // In the cabinet beside it, or, while that is used, in a hand before it.
        double beside = Outside(since) + (other.InUse ? Add(insideThere, Math.Log(Taken) + outsideThere) : insideThere);
        double taken = wasIn + Add(Math.Log(Taken) + left, other.Used ? Math.Log(PutAcross) + beside : double.NegativeInfinity);
        // What is in the cabinet beside this one is carried past, or put in, when that was used too.
        double passing = Math.Log(usual.Reads == 0 ? Passing : other.Used ? Taken : HangsBeside);
        double putIn = other.Keeps ? double.NegativeInfinity : wasOut + Math.Log(usual.Reads == 0 ? PutIn : PutAcross) + inside;
        double outside = wasOut + Add(
            Unmoved(since, usual, s_beside) + (other.Keeps ? insideThere : outsideThere),
            Add(passing + left, Math.Log(PutBeside) + beside));
        double all = Add(Add(stayed, taken), Add(putIn, outside));
        return new Chances(Math.Exp(stayed - all), Math.Exp(taken - all), Math.Exp(putIn - all));
    }

    /// <summary>Log odds that a tag is in the cabinet of which not a read came, of so many that the best-heard tag had.</summary>
    public static double Unheard(double bestReads) => s_inside.Shape * Math.Log(s_inside.Shape / (s_inside.Shape + (s_inside.Mean * bestReads)));

    /// <summary>It lies in a new place of the cabinet rather than where it was.</summary>
    public bool WasPushed(Hearing usual, Hearing since) => Math.Log(Pushed) + Inside(since) > Unmoved(since, usual, s_inside);

    /// <summary>It was carried past rather than that it was heard as it usually is from outside.</summary>
    public bool Passed(Hearing usual, Hearing since, double lastSeconds) => Math.Log(Passing) + Left(since, lastSeconds) > Unmoved(since, usual, s_beside);

    private double Inside(Hearing heard) => Steady(heard, s_inside) + Strength(heard, 0, InsideSpread);

    private double Outside(Hearing heard) => Steady(heard, s_beside) + Strength(heard, OutsideWeaker, OutsideSpread);

    private double Unmoved(Hearing heard, Hearing usual, (double Shape, double Mean) prior)
    {
        double seconds = prior.Shape / (prior.Mean * bestRate);
        return Steady(heard.Reads, heard.Seconds, prior.Shape + usual.Reads, seconds + usual.Seconds)
            + (usual.Reads > 0 ? Near(heard, usual.RssiSum / usual.Reads, UsualSpread + (ReadSpread / Math.Sqrt(usual.Reads)))
                : prior == s_inside ? Strength(heard, 0, InsideSpread) : Strength(heard, OutsideWeaker, OutsideSpread));
    }

    /// <summary>In a hand, and gone at an unknown time after its last read; or there still.</summary>
    private double Left(Hearing heard, double last)
    {
        double shape = s_hand.Shape, prior = shape / (s_hand.Mean * bestRate), sum = heard.Reads == 0 ? Math.Log(AtOnce) : double.NegativeInfinity, from = last;
        for (int step = 1; step <= Steps; step++)
        {
            // Finer near the last read, where most of the chance is.
            double to = last + ((heard.Seconds - last) * step * step / (Steps * Steps));
            double middle = (from + to) / 2, share = Stays(from) - Stays(to);
            sum = share > 0 ? Add(sum, Math.Log(share) + Steady(heard.Reads, middle, shape, prior)) : sum;
            from = to;
        }
        sum = Add(sum, Math.Log(1 - AtOnce) - Square(heard.Seconds / lingerSeconds) + Steady(heard.Reads, heard.Seconds, shape, prior));
        return sum + Strength(heard, OutsideWeaker, OutsideSpread);

        double Stays(double seconds) => (1 - AtOnce) * Math.Exp(-Square(seconds / lingerSeconds));
    }

    private double Steady(Hearing heard, (double Shape, double Mean) prior) => Steady(heard.Reads, heard.Seconds, prior.Shape, prior.Shape / (prior.Mean * bestRate));

    /// <summary>Log likelihood of so many reads in that time at a steady rate of gamma distribution.</summary>
    private static double Steady(double reads, double seconds, double shape, double rate) =>
        LogGamma(shape + reads) - LogGamma(shape) + (shape * Math.Log(rate)) - ((shape + reads) * Math.Log(rate + seconds));

    private double Strength(Hearing heard, double weaker, double spread) => insideRssi is double inside ? Near(heard, inside - weaker, spread) : 0;

    private static double Near(Hearing heard, double rssi, double spread)
    {
        if (heard.Reads == 0)
        {
            return 0;
        }
        double variance = Square(spread) + (Square(ReadSpread) / heard.Reads);
        return (-Square((heard.RssiSum / heard.Reads) - rssi) / (2 * variance)) - (Math.Log(variance) / 2);
    }

    private static double Square(double x) => x * x;

    private static double Add(double a, double b) => Math.Max(a, b) is double most && double.IsNegativeInfinity(most) ? most : most + Math.Log(1 + Math.Exp(Math.Min(a, b) - most));

    private static double Log1PlusExp(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));

    /// <summary>Stirling's series; from 7 on it is exact to ten digits.</summary>
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 7; x++)
        {
            shift += Math.Log(x);
        }
        return ((x - 0.5) * Math.Log(x)) - x + (Math.Log(2 * Math.PI) / 2) + (1 / (12 * x)) - (1 / (360 * x * x * x)) - shift;
    }
}
