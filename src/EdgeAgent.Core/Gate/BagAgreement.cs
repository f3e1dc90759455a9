namespace EdgeAgent.Core.Gate;

/// <summary>
/// What the tags of one passage say about each other. Goods of one person go one way together: a tag that was hardly heard is believed when
/// others of its passage were heard on their way out, none is believed when most others turned back, and what only came near is not held when
/// the camera at the line saw nobody.
/// </summary>
internal static class BagAgreement
{
    // Goods in the gate within this time of each other may be one person's. Seconds.
    private const double TogetherSeconds = 1.5;

    // So many times as many turned back as seem to have left: then those did, too, unless they were heard outside.
    private const int ManyTimes = 2;

    // Heard outside, in an order as clear as this, a tag did not go back with others. As many others heard on their way out, and none that turned
    // back, say of a tag with some order what few reads leave open.
    private const double ClearOrder = 0.85;
    private const double SomeOrder = 0.7;
    private const double ClearlySure = 2.2;
    private const double LikelySure = 1.5;
    private const int ManyOthers = 3;

    /// <param name="judged">The tags of a passage; changed in place where others say something else.</param>
    /// <param name="departure">What a camera says about who made the passage.</param>
    /// <param name="hasOutside">An antenna looks outside: who leaves is heard there.</param>
    /// <param name="byEye">A photo-eye said that somebody passed.</param>
    public static void Settle(List<(TagPresence Tag, TagEvidence Evidence)> judged, Departure departure, bool hasOutside, bool byEye)
    {
        if (departure == Departure.Nobody && !byEye && !judged.Exists(tag => tag.Evidence.Verdict == TagVerdict.Leaving))
        {
            for (int i = 0; i < judged.Count; i++)
            {
                if (judged[i].Evidence.Verdict == TagVerdict.Uncertain)
                {
                    judged[i] = (judged[i].Tag, judged[i].Evidence with { Verdict = TagVerdict.Stray, Why = VerdictReason.NobodyCrossed });
                }
            }
            return;
        }
        // Whoever made the passage stands there still, or may: one of the tags must have been heard outside.
        bool mayTurn = hasOutside && departure is (Departure.Stays or Departure.Lost);
        TagEvidence[] said = [.. judged.Select(tag => tag.Evidence)];
        for (int i = 0; i < said.Length; i++)
        {
            TagEvidence own = said[i];
            bool believable = byEye && IsHalfTold(own);
            if (own.Verdict != TagVerdict.Leaving && !believable)
            {
                continue;
            }
            (int back, int left, int outside) = Others(said, own);
            bool heardOutside = own.Outside.Reads > 0;
            if (believable)
            {
                bool together = back == 0 && outside >= ManyOthers;
                judged[i] = together ? (judged[i].Tag, own with { Verdict = TagVerdict.Leaving, Why = VerdictReason.WithOthers }) : judged[i];
            }
            else if (heardOutside && own.Order >= ClearOrder && own.Surety >= ClearlySure)
            {
                continue;
            }
            else if (back > 0)
            {
                bool stayed = !heardOutside && back >= ManyTimes * (left + 1);
                judged[i] = (judged[i].Tag, own with { Verdict = stayed ? TagVerdict.Stray : TagVerdict.Uncertain, Why = VerdictReason.OthersWentBack });
            }
            else if (mayTurn && !heardOutside && outside == 0)
            {
                judged[i] = (judged[i].Tag, own with { Verdict = TagVerdict.Uncertain, Why = VerdictReason.NotOutside });
            }
        }
    }

    /// <summary>Heard on all three sides in some order, though too seldom for its own word to be enough.</summary>
    private static bool IsHalfTold(TagEvidence tag) =>
        tag is { Verdict: TagVerdict.Uncertain, Why: VerdictReason.NoOrder, Order: >= SomeOrder, Surety: >= LikelySure, Inside.Reads: > 0, Gate.Reads: > 0, Outside.Reads: > 0 };

    /// <summary>Of those that were in the gate with it: how many turned back there, seem to have left, and were heard going out.</summary>
    private static (int Back, int Left, int Outside) Others(TagEvidence[] said, TagEvidence own)
    {
        (int back, int left, int outside) = (0, 0, 0);
        foreach (TagEvidence other in said)
        {
            if (other.Epc == own.Epc || Math.Abs((other.AtGate - own.AtGate).TotalSeconds) > TogetherSeconds)
            {
                continue;
            }
            back += TurnedBack(other) ? 1 : 0;
            left += other.Verdict == TagVerdict.Leaving ? 1 : 0;
            outside += other.Verdict == TagVerdict.Leaving && other.Outside.Reads > 0 ? 1 : 0;
        }
        return (back, left, outside);
    }

    private static bool TurnedBack(TagEvidence tag) =>
        tag is { Verdict: TagVerdict.Stray, Why: VerdictReason.WentBackInside or VerdictReason.NotOutside or VerdictReason.StillAtGate, Gate.Reads: > 0 };
}
