using System.Text;
using EdgeAgent.Commands;
using EdgeAgent.Core.Members;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Members;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.MemberRooms;

/// <summary>No template without a consent that a trusted key signed and that holds: given, renewed, taken back, ended.</summary>
public sealed class ConsentLedgerTests : IDisposable
{
    private const string Model = "b7281af76b4ae1a8ec13f298f1160a1d85ff190d0495b617ed608b14042c75c1";

    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly ConsentDesk _desk = new();
    private readonly TestFolder _folder = new();
    private readonly MemberStore _ledger;

    public ConsentLedgerTests() => _ledger = new MemberStore(_folder.Root, Randomness.System, _desk.Trusted);

    public void Dispose()
    {
        _desk.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_consent_waits_for_the_enrolment_and_a_later_one_takes_its_place_with_the_template()
    {
        Consent first = _desk.Consent("m-1", s_now, s_now.AddDays(30)), second = _desk.Consent("m-1", s_now.AddDays(20), s_now.AddDays(90));

        Assert.Equal((false, true, ConsentFault.None), _ledger.Grant(first, s_now));
        Assert.Equal((false, false, ConsentFault.None), _ledger.Grant(first, s_now));
        Assert.Equal("m-1", Assert.Single(_ledger.Load(s_now, Model).Waiting).Member.Value);
        _ledger.Save(new StoredMember(_ledger.Granted(new MemberRef("m-1"), s_now)!, s_now, 3, Model, ConsentDesk.Canary()));
        Assert.Equal((true, true, ConsentFault.None), _ledger.Grant(second, s_now.AddDays(20)));
        Assert.Equal((false, false, ConsentFault.Older), _ledger.Grant(first, s_now.AddDays(20)));

        StoredMember member = Assert.Single(_ledger.Load(s_now.AddDays(60), Model).Usable);
        Assert.Equal((s_now.AddDays(90), 1f), (member.ConsentUntil, MathF.Round(member.Face.Similarity(ConsentDesk.Canary()), 5)));
    }

    [Theory]
    [InlineData(1, 31, ConsentFault.Dates)] // given tomorrow
    [InlineData(-9, -10, ConsentFault.Dates)]
    [InlineData(-9, -1, ConsentFault.Expired)]
    [InlineData(-1, 1099, ConsentFault.TooLong)]
    [InlineData(-1, 1000, ConsentFault.None)]
    public void A_consent_counts_within_its_dates_only(int given, int ends, ConsentFault fault) =>
        Assert.Equal(fault, _ledger.Grant(_desk.Consent("m-1", s_now.AddDays(given), s_now.AddDays(ends)), s_now).Fault);

    [Theory]
    [InlineData("""{"memberRef":"m-1","purpose":"advertising","textHash":"HASH","givenAt":"2026-03-01T00:00:00Z","expires":"2026-09-01T00:00:00Z"}""", ConsentFault.Malformed)]
    [InlineData("""{"memberRef":"Eva Muster","purpose":"recognition","textHash":"HASH","givenAt":"2026-03-01T00:00:00Z","expires":"2026-09-01T00:00:00Z"}""", ConsentFault.Malformed)]
    [InlineData("""{"memberRef":"m-1","purpose":"recognition","textHash":"I agree","givenAt":"2026-03-01T00:00:00Z","expires":"2026-09-01T00:00:00Z"}""", ConsentFault.Malformed)]
    [InlineData("""{"memberRef":"m-1","purpose":"recognition","textHash":"HASH","givenAt":"2026-03-01T00:00:00Z"}""", ConsentFault.Malformed)]
    [InlineData("""{"memberRef":"m-1","purpose":"recognition","textHash":"HASH","givenAt":"2026-03-01T00:00:00Z","expires":"2026-09-01T00:00:00Z","name":"Eva"}""", ConsentFault.Malformed)]
    [InlineData("""{"memberRef":"m-1","purpose":"recognition","textHash":"HASH","givenAt":"2026-03-01T00:00:00Z","expires":"2026-09-01T00:00:00Z"}""", ConsentFault.None)]
    public void A_signed_document_is_a_consent_only_with_exactly_its_members(string json, ConsentFault fault) =>
        Assert.Equal(fault, Consent.Read(_desk.Sign(json.Replace("HASH", "sha256:" + new string('a', 64), StringComparison.Ordinal)), _desk.Trusted).Fault);

    [Fact]
    public void A_consent_that_nobody_signed_or_somebody_changed_or_a_stranger_signed_is_answered_so()
    {
        string signed = Encoding.UTF8.GetString(_desk.Signed("m-1", s_now, s_now.AddDays(9)));
        using var stranger = new ConsentDesk();

        Assert.Contains("\"templates\":0", Grant(signed), StringComparison.Ordinal);
        Assert.Contains("bad-signature", Grant(signed.Replace("m-1", "m-2", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("unknown-key", Grant(Encoding.UTF8.GetString(stranger.Signed("m-3", s_now, s_now.AddDays(9)))), StringComparison.Ordinal);
        Assert.Contains("not-signed", Grant(signed[..signed.IndexOf(",\"sig\"", StringComparison.Ordinal)] + "}"), StringComparison.Ordinal);
        Assert.Equal(["m-1"], _ledger.References().Select(m => m.Value));

        string Grant(string consent) => Encoding.UTF8.GetString(
            ConsentGrant.Take(Encoding.UTF8.GetBytes($$"""{"consent":{{consent}}}"""), _desk.Trusted, _ledger, s_now).For("desk", "r-1").Payload.Span);
    }

    [Fact]
    public void A_consent_that_was_taken_back_never_counts_again_and_a_new_one_does()
    {
        Consent first = _desk.Consent("m-1", s_now, s_now.AddDays(30));
        _ledger.Save(new StoredMember(first, s_now, 3, Model, ConsentDesk.Canary()));

        Assert.Equal(new Erasure(true, true, true), _ledger.Erase(new MemberRef("m-1"), s_now));

        Assert.Equal(ConsentFault.Revoked, _ledger.Grant(first, s_now).Fault);
        // Signed anew, ECDSA gives other bytes for the same text.
        Assert.Equal(ConsentFault.Revoked, _ledger.Grant(_desk.Consent("m-1", s_now, s_now.AddDays(30)), s_now).Fault);
        Assert.Equal(ConsentFault.None, _ledger.Grant(_desk.Consent("m-1", s_now.AddHours(1), s_now.AddDays(30)), s_now.AddHours(1)).Fault);
    }

    [Fact]
    public void A_file_from_before_an_erasure_that_comes_back_is_destroyed_and_recognises_nobody()
    {
        _ledger.Save(new StoredMember(_desk.Consent("m-1", s_now, s_now.AddDays(30)), s_now, 3, Model, ConsentDesk.Canary()));
        File.Copy(_folder["members/m-1.member"], _folder["backup"]);
        _ledger.Erase(new MemberRef("m-1"), s_now);
        File.Copy(_folder["backup"], _folder["members/m-1.member"]);

        LoadedMembers loaded = _ledger.Load(s_now, Model);

        Assert.Empty(loaded.Usable);
        Assert.False(File.Exists(_folder["members/m-1.member"]));
    }

    [Fact]
    public void A_template_under_another_consent_or_under_one_that_is_not_believed_any_more_does_not_open()
    {
        _ledger.Save(new StoredMember(_desk.Consent("m-1", s_now, s_now.AddDays(30)), s_now, 3, Model, ConsentDesk.Canary()));
        byte[] file = File.ReadAllBytes(_folder["members/m-1.member"]);
        using var other = new ConsentDesk();
        var ledger = new MemberStore(_folder.Root, Randomness.System, other.Trusted);
        Assert.Equal(["m-1"], ledger.Load(s_now, Model).Unusable.Select(m => m.Value));

        // The same length, so only the binding tells the two apart.
        byte[] longer = _desk.Signed("m-1", s_now, s_now.AddDays(31));
        longer.CopyTo(file, 132);
        File.WriteAllBytes(_folder["members/m-1.member"], file);
        Assert.Equal(["m-1"], _ledger.Load(s_now, Model).Unusable.Select(m => m.Value));
    }

    [Fact]
    public void Whose_consent_ends_is_erased_by_itself_within_seconds()
    {
        var clock = new TestClock();
        DateTimeOffset now = clock.GetUtcNow();
        _ledger.Save(new StoredMember(_desk.Consent("m-1", now, now.AddHours(1)), now, 3, Model, ConsentDesk.Canary()));
        _ledger.Save(new StoredMember(_desk.Consent("m-2", now, now.AddDays(9)), now, 3, Model, ConsentDesk.Canary()));
        _ledger.Grant(_desk.Consent("m-3", now, now.AddHours(1)), now);
        byte[] sealedBytes = File.ReadAllBytes(_folder["members/m-1.member"])[68..100];
        System.Diagnostics.Process.Start("ln", [_folder["members/m-1.member"], _folder["same-bytes"]]).WaitForExit();
        var watch = new MemberWatch(_ledger, Model, [], clock, NullLogger<MemberWatch>.Instance);
        watch.Look();
        Assert.Equal(new MemberHealth(2, 0, 0, 1, 0), watch.Health);

        clock.Advance(TimeSpan.FromMinutes(59));
        watch.Look();
        Assert.Equal(3, _ledger.References().Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        watch.Look();

        Assert.Equal(new MemberHealth(1, 0, 0, 0, 2), watch.Health);
        Assert.Equal(["m-2"], _ledger.References().Select(m => m.Value));
        Assert.Equal(-1, File.ReadAllBytes(_folder["same-bytes"]).AsSpan().IndexOf(sealedBytes));
    }
}
