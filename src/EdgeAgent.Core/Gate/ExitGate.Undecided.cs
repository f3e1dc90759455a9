using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Gate;

// What a box that stops now would leave undecided, and what a start knows of those who left just before it.
internal sealed partial class ExitGate
{
    /// <summary>It left through this gate before the start: what is heard of it in the next seconds is an echo. Oldest first.</summary>
    public void Left(in Epc epc, DateTimeOffset at) => Presence(new TagRead(epc, 0, 0, 1, at)).Leave();

    // Where a tag is now, its strongest reads of so long say. Seconds.
    private const double LatelySeconds = 1;

    // From this order of inside and gate a tag is on its way out, when that is no chance.
    private const double OnTheWayOut = 0.25;
    private const double SurelyOnTheWay = 2;

    /// <summary>No tag walks here that is not decided.</summary>
    public bool IsEmpty => _open is null && _closing.Count == 0;

    /// <summary>What has left, or may have, as far as can be told before it is decided; null when that is nothing. Changes nothing.</summary>
    public UndecidedPassage? Undecided(DateTimeOffset now)
    {
        List<UndecidedTag>? tags = null;
        DateTimeOffset from = DateTimeOffset.MaxValue, to = DateTimeOffset.MinValue;
        foreach (ExitWindow window in _closing)
        {
            Add(window, window.Until);
        }
        if (_open is ExitWindow open)
        {
            Add(open, now);
        }
        return tags is null ? null : new UndecidedPassage(gate.Id, from, to, tags);

        void Add(ExitWindow window, DateTimeOffset end)
        {
            for (int i = 0; i < window.Tags.Count && (tags is null || tags.Count < UndecidedPassage.MostTags); i++)
            {
                TagPresence tag = window.Tags[i];
                EyePassage? passage = _eye is { Stuck: false } ? Nearest(tag, out _) : null;
                if (tag.GateReads == 0 || AmongOthers(tag, Judge(tag, end, window.Seen), passage) is not { Verdict: TagVerdict.Leaving or TagVerdict.Uncertain } evidence
                    || (_eye is { Stuck: false } && passage is null && !IsComing(tag, evidence, end)))
                {
                    continue;
                }
                (tags ??= []).Add(new UndecidedTag(tag.Epc, tag.GateReads, tag.StrongestDbm, evidence.AtGate));
                from = Earliest(from, Earliest(evidence.AtGate, tag.WalksSince));
                to = tag.LastWalk > to ? tag.LastWalk : to;
            }
        }

        // Before the beam is broken: inside first, and now nearer to the gate. Who goes along inside is not.
        static bool IsComing(TagPresence tag, TagEvidence evidence, DateTimeOffset end) => evidence is { Inside.Reads: > 1, Order: >= OnTheWayOut, Surety: >= SurelyOnTheWay }
            && tag.Profile.Peak(AntennaZone.Gate, Earlier(end, LatelySeconds)) >= tag.Profile.Peak(AntennaZone.Inside, Earlier(end, LatelySeconds));

        static DateTimeOffset Earliest(DateTimeOffset x, DateTimeOffset y) => x < y ? x : y;
    }
}
