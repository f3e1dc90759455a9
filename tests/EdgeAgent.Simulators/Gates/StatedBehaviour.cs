using System.Globalization;
using EdgeAgent.Core;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// What should come of each scene G1 to G25, as a check. The test asserts it and the table of results prints it, so that neither can say
/// something else than the other.
/// </summary>
public static class StatedBehaviour
{
    /// <summary>Name of a scene's file up to the dash, what is stated, and what is wrong with a play of it (null: as stated).</summary>
    public static IReadOnlyList<(string Scene, string Stated, Func<ScenePlay, string?> Wrong)> All { get; } =
    [
        ("g01", "one bag of 3, at most 1.5 s after the eye", p => Bags(p, 3) ?? Within(p, 1.5)),
        ("g02", "one bag of 12, no duplicates", p => Bags(p, 12)),
        ("g03", "8 leave, none of the 4 in foil is invented", p => Bags(p, 8)),
        ("g04", "weak reads are uncertain, the bag is held for confirmation", p => HeldFor(p, HoldReason.WeakRead)),
        ("g05", "two bags rightly split, or ambiguous; never merged", p => SplitOrAmbiguous(p)),
        ("g06", "ambiguous: held, and the lamp asks", p => HeldFor(p, HoldReason.AmbiguousShopper) ?? Lamp(p)),
        ("g07", "nobody leaves, the items stay available", Nothing),
        ("g08", "one bag with the final 3", p => Bags(p, 3)),
        ("g09", "one bag of 1, the foreign goods ignored and counted", p => Bags(p, 1) ?? (p.Floor.ForeignItems == 3 ? null : $"{p.Floor.ForeignItems} foreign goods counted")),
        ("g10", "2, then 1; nothing is sold twice", p => Bags(p, 2, 1)),
        ("g11", "nobody leaves", Nothing),
        ("g12", "one bag of 40 when the cart leaves, none before", p => Bags(p, 40)),
        ("g13", "nobody leaves", Nothing),
        ("g14", "suspicious by its filter, not billed", p => HeldFor(p, HoldReason.CaseTag)),
        ("g15", "one bag of 5 at lane 2", p => Bags(p, 5) ?? (p.Settled[0].Passage.Gate == p.Truth.Bags.First().Lane ? null : "billed at the wrong lane")),
        ("g16", "one bag of 12 at most 2 s after, no read lost", p => Bags(p, 12) ?? (p.Floor.ForgottenTags + p.Floor.LateReads == 0 ? Within(p, 2) : "reads were lost")),
        ("g17", "a fault after a time, then bursts decide: 2, 3, 1", p => Bags(p, 2, 3, 1) ?? (p.Events.Any(e => e is ShopEvent.SensorChanged { Reason: SensorReason.PhotoEyeStuck }) ? null : "no fault was told")),
        ("g18", "a passage with an empty basket", p => Nothing(p) ?? (p.Events.Any(e => e is ShopEvent.ExitObserved { Items.Count: 0 }) ? null : "nobody was seen to pass")),
        ("g19", "no visit, a stray log", p => Nothing(p) ?? (p.Events.Any(e => e is ShopEvent.TagsStrayed) ? null : "no strays were noted")),
        ("g20", "unpaid goods are told and the lamp is on", p => HeldFor(p, HoldReason.NoShopper) ?? Lamp(p)),
        ("g21", "two items, and a flag for the duplicate", p => Bags(p, 2) ?? (p.Settled[0].Evidence!.Tags.Any(t => t.Duplicate) ? null : "no flag")),
        ("g22", "each is decoded or unknown", p => Found(p, 2)),
        ("g23", "GTIN 79521141123453, serial 32a/b", p => Bags(p, 1) ?? (p.Settled[0].Items[0].Identity is { Gtin: "79521141123453", Serial: "32a/b" } ? null : "another code")),
        ("g24", "at least the eye, the item when it was read twice", p => p.Events.Any(e => e is ShopEvent.ExitObserved { Passage: not null }) ? Found(p, 1) : "nobody was seen"),
        ("g25", "each visit is settled once", p => Bags(p, 3, 1)),
    ];

    /// <summary>The scenes of the reader R1 to R20: what is stated, and the test over TCP that asserts it.</summary>
    public static IReadOnlyList<(string Scene, string Stated, string Test)> Readers { get; } =
    [
        ("R1", "found dead within 3 keepalives, session and ROSpec built anew, no read misdated", "R01_A_reader_that_reboots_is_set_up_anew_and_its_wrong_clock_misdates_nothing"),
        ("R2", "no keepalive ever: asked, dead when it does not answer", "R02_A_reader_that_answers_no_question_is_dead"),
        ("R3", "keepalives but no reports: a fault by the reference tag", "R03_A_reader_that_answers_but_does_not_read_its_reference_tag_is_degraded"),
        ("R4", "clock jumps: nothing lost or double", "R04_A_reader_whose_clock_is_set_loses_doubles_and_misdates_no_read"),
        ("R5", "a reader without a clock", "R05_A_reader_without_a_clock_tells_times_since_its_start"),
        ("R6", "500 stale reports: counted, not billed", "R06_Reports_that_the_reader_kept_too_long_are_counted_and_not_billed"),
        ("R7", "held by another client: back-off; one that tries is told", "R07_A_reader_held_by_another_client_hears_nothing_and_is_tried_again"),
        ("R8", "garbage and lengths that lie; split at every byte", "R08_A_stream_cut_at_every_byte_loses_no_tag"),
        ("R9", "ERROR_MESSAGE, unknown message, answer to nothing", "R09_Errors_unknown_messages_and_answers_to_nothing_are_counted_and_nothing_else"),
        ("R10", "M_FieldError: the field is named, defaults are tried", "R10_A_refused_field_is_named_and_the_reader_runs_with_its_defaults"),
        ("R11", "a ROSpec of a crashed client", "R11_What_a_crashed_client_left_does_not_stand_in_the_way"),
        ("R12", "omitted unchanged parameters", "R12_What_a_reader_leaves_out_is_what_it_said_last_on_this_connection"),
        ("R13", "two antennas in one report; antenna unplugged", "R13_An_unplugged_antenna_is_a_fault_until_it_reads_again"),
        ("R14", "buffer overflow: counted, reads may be missing", "R14_A_full_buffer_is_counted_and_the_shop_is_told_that_reads_may_be_missing"),
        ("R15", "wrong certificate: refused, no downgrade", "R15_A_wrong_certificate_is_refused_and_not_a_byte_is_sent"),
        ("R16", "half-open TCP", "R16_A_half_open_connection_is_given_up_and_built_anew"),
        ("R17", "LastSeen out of order", "R17_Reports_out_of_order_keep_their_own_times"),
        ("R18", "lamp refused: its fault, no decision touched", "R18_A_refused_lamp_is_a_fault_of_the_lamp_and_of_nothing_else"),
        ("R19", "a report of 1.42 MB", "R19_A_report_longer_than_any_known_is_taken_whole"),
        ("R20", "frames of version 2", "R20_Frames_of_another_version_are_thrown_away_and_the_session_goes_on"),
    ];

    /// <summary>Exactly these bags, settled, with exactly what left.</summary>
    private static string? Bags(ScenePlay play, params int[] items)
    {
        if (play.Held.Count > 0 || !play.Settled.Select(s => s.Items.Count).SequenceEqual(items))
        {
            return play.Summary();
        }
        return Right(play, play.Settled.SelectMany(s => s.Items));
    }

    /// <summary>One bag, settled or held, with exactly what left.</summary>
    private static string? Found(ScenePlay play, int items)
    {
        List<BagItem> found = [.. play.Settled.SelectMany(s => s.Items), .. play.Held.SelectMany(h => h.Items)];
        return play.Settled.Count + play.Held.Count == 1 && found.Count == items ? Right(play, found) : play.Summary();
    }

    private static string? HeldFor(ScenePlay play, HoldReason reason) =>
        play.Settled.Count > 0 || play.Held.Count != 1 || !play.Held[0].Reasons.Contains(reason) ? play.Summary() : Right(play, play.Held[0].Items, all: false);

    private static string? SplitOrAmbiguous(ScenePlay play)
    {
        if (play.Settled.Count + play.Held.Count < 2)
        {
            return "merged: " + play.Summary();
        }
        if (play.Held.Any(h => !h.Reasons.Contains(HoldReason.AmbiguousShopper)))
        {
            return play.Summary();
        }
        List<ScenePassage> bags = [.. play.Truth.Bags];
        return play.Settled.All(s => bags.Exists(b => s.Items.Count == b.Epcs.Count && s.Items.All(i => b.Epcs.Contains(i.Epc)))) ? null : "a bag of both: " + play.Summary();
    }

    private static string? Nothing(ScenePlay play) => play.Settled.Count + play.Held.Count == 0 ? null : play.Summary();

    private static string? Lamp(ScenePlay play) => play.Events.Any(e => e is ShopEvent.OutputWanted { On: true }) ? null : "the lamp stayed off";

    private static string? Within(ScenePlay play, double seconds) =>
        play.SecondsAfter(0) <= seconds ? null : $"decided {play.SecondsAfter(0).ToString("0.0", CultureInfo.InvariantCulture)} s after the eye was clear";

    private static string? Right(ScenePlay play, IEnumerable<BagItem> items, bool all = true)
    {
        HashSet<Epc> left = [.. play.Truth.Passages.Where(p => p.Kind == PassageKind.Left).SelectMany(p => p.Epcs)];
        HashSet<Epc> found = [.. items.Select(i => i.Epc)];
        return found.IsSubsetOf(left) && (!all || found.SetEquals(left)) ? null : "other items than those that left";
    }
}
