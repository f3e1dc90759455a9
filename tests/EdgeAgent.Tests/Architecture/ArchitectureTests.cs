using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Architecture;

/// <summary>Holds the document and the tests together: each line of "Invariants of absence" names the tests that hold it.</summary>
public partial class ArchitectureTests
{
    // First words of each line, and the tests that fail when it is broken. The files are beside this one.
    private static readonly Dictionary<string, string[]> s_held = new()
    {
        ["Core references no package"] =
            [nameof(ProjectTests.Each_project_references_only_what_the_map_allows), nameof(ProjectTests.Core_is_compiled_against_the_base_class_library_alone), nameof(CoreTests.Core_reads_no_clock_no_file_and_no_environment)],
        ["Vision and Rfid do not"] =
            [nameof(ProjectTests.Each_project_references_only_what_the_map_allows), nameof(ProjectTests.Vision_and_Rfid_are_compiled_without_each_other), nameof(ProjectTests.Only_tests_and_benchmarks_point_at_the_host)],
        ["Only `EdgeAgent.Core.Privacy`"] =
            [nameof(PrivacyTests.Only_the_privacy_folder_makes_what_may_leave), nameof(PrivacyTests.The_outbox_takes_nothing_but_egress_events)],
        ["`ShopInput` and `ShopEvent`"] =
            [nameof(CoreTests.Inputs_and_events_are_closed_sets), nameof(CoreTests.The_shop_floor_has_one_caller)],
        ["A `Frame` enters"] =
            [nameof(PrivacyTests.A_frame_enters_no_channel_but_the_latest_frame_slot), nameof(PrivacyTests.An_appearance_shows_nothing_to_a_serialiser), nameof(PrivacyTests.No_picture_can_be_put_into_an_input_or_event)],
        ["The only code that can write"] =
            [nameof(PrivacyTests.Only_private_code_of_the_replayer_reads_an_appearance_outside_of_Core), nameof(PrivacyTests.A_running_agent_does_not_know_the_replay)],
        ["No embedding has"] = [nameof(MemberPrivacyTests.Only_the_members_room_takes_a_template_as_bytes), nameof(MemberPrivacyTests.A_template_shows_nothing_to_a_serialiser)],
        ["A member's key is unwrapped"] =
            [
                nameof(MemberRooms.ConsentLedgerTests.A_template_under_another_consent_or_under_one_that_is_not_believed_any_more_does_not_open),
                nameof(MemberRooms.ConsentLedgerTests.A_file_from_before_an_erasure_that_comes_back_is_destroyed_and_recognises_nobody),
            ],
        ["No code leads from"] = [nameof(MemberPrivacyTests.Nothing_of_checkout_or_gate_knows_a_member)],
        ["Money is never"] = [nameof(CoreTests.Money_is_never_a_fraction)],
        ["Only `Mqtt/` names"] = [nameof(SourceTests.Each_library_is_named_in_one_place)],
        ["No clock, sleep"] = [nameof(SourceTests.Banned_symbols_are_wired_into_every_project)],
        ["A running agent listens on no socket"] =
            [nameof(SourceTests.Nothing_listens_but_the_local_page), nameof(Dashboard.DashboardRunTests.A_page_whose_port_is_taken_closes_no_shop_and_without_a_section_nothing_listens)],
        ["The local page changes"] = [nameof(Dashboard.PagePrivacyTests.The_page_has_no_way_to_change_anything_in_a_running_agent)],
        ["No answer of the local page"] =
            [nameof(Dashboard.PagePrivacyTests.What_the_page_answers_has_no_place_for_a_visit_a_member_a_tag_or_a_picture), nameof(Dashboard.PagePrivacyTests.A_camera_is_shown_by_its_veiled_view_and_only_that_makes_one)],
    };

    [Fact]
    public void Every_invariant_of_absence_in_the_document_is_held_by_a_test()
    {
        string section = Section().Match(File.ReadAllText(Repo.File("ARCHITECTURE.md"))).Groups[1].Value;
        string[] lines = [.. section.Split('\n').Where(line => line.StartsWith("* ", StringComparison.Ordinal)).Select(line => line[2..])];

        Assert.All(lines, line => Assert.Contains(s_held.Keys, begin => line.StartsWith(begin, StringComparison.Ordinal)));
        Assert.Equal(s_held.Count, lines.Length);
    }

    [GeneratedRegex(@"## Invariants of absence[^\n]*\n(.*?)\n## ", RegexOptions.Singleline)]
    private static partial Regex Section();
}
