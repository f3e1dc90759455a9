using EdgeAgent.Core.Members;
using EdgeAgent.Members;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Tests.MemberRooms;

public sealed class MemberStoreTests : IDisposable
{
    private const string Model = "b7281af76b4ae1a8ec13f298f1160a1d85ff190d0495b617ed608b14042c75c1";

    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly ConsentDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_member_comes_back_as_enrolled_and_the_files_show_neither_template_nor_key()
    {
        using var folder = new TestFolder();
        MemberStore store = Store(folder);
        store.Save(Member("m-1"));

        StoredMember back = Assert.Single(store.Load(s_now, Model).Usable);
        Assert.Equal(("m-1", s_now, s_now.AddDays(30), 3), (back.Member.Value, back.EnrolledAt, back.ConsentUntil, back.Pictures));
        Assert.Equal(1, back.Face.Similarity(Canary()), 1e-5);
        byte[] file = File.ReadAllBytes(folder["members/m-1.member"]), key = File.ReadAllBytes(folder["members.key"]);
        Assert.Equal(-1, file.AsSpan().IndexOf(Canary().AsBytes()[..16]));
        Assert.Equal(-1, file.AsSpan().IndexOf(key.AsSpan(0, 8)));
        Assert.Equal(UnixFileMode.UserRead, new FileInfo(folder["members.key"]).UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(folder["members/m-1.member"]).UnixFileMode);
    }

    [Fact]
    public void A_consent_that_has_ended_is_counted_and_not_loaded()
    {
        using var folder = new TestFolder();
        MemberStore store = Store(folder);
        store.Save(Member("m-1"));

        LoadedMembers later = store.Load(s_now.AddDays(31), Model);

        Assert.Empty(later.Usable);
        Assert.Equal("m-1", Assert.Single(later.Expired).Member.Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(120)]
    [InlineData(200)]
    public void A_changed_byte_makes_the_member_unusable(int at)
    {
        using var folder = new TestFolder();
        MemberStore store = Store(folder);
        store.Save(Member("m-1"));
        byte[] file = File.ReadAllBytes(folder["members/m-1.member"]);
        file[at] ^= 1;
        File.WriteAllBytes(folder["members/m-1.member"], file);

        LoadedMembers loaded = store.Load(s_now, Model);
        Assert.Empty(loaded.Usable);
        Assert.Equal(["m-1"], loaded.Unusable.Select(m => m.Value));
    }

    [Fact]
    public void A_file_renamed_to_another_member_and_a_file_of_another_model_do_not_open()
    {
        using var folder = new TestFolder();
        MemberStore store = Store(folder);
        store.Save(Member("m-1"));
        File.Copy(folder["members/m-1.member"], folder["members/m-2.member"]);

        Assert.Equal(["m-2"], store.Load(s_now, Model).Unusable.Select(m => m.Value));
        Assert.Equal(2, store.Load(s_now, new string('0', 64)).Unusable.Count);
    }

    [Fact]
    public void An_erased_member_is_gone_and_its_bytes_are_overwritten_before()
    {
        using var folder = new TestFolder();
        MemberStore store = Store(folder);
        store.Save(Member("m-1"));
        store.Save(Member("m-2"));
        byte[] before = File.ReadAllBytes(folder["members/m-1.member"]);
        // A second name for the same bytes on disk shows what the erasure did to them.
        System.Diagnostics.Process.Start("ln", [folder["members/m-1.member"], folder["same-bytes"]]).WaitForExit();

        Assert.Equal(new Erasure(Template: true, Key: true, Consent: true), store.Erase(new MemberRef("m-1"), s_now));

        byte[] after = File.ReadAllBytes(folder["same-bytes"]);
        Assert.Equal(before.Length, after.Length);
        Assert.Equal(-1, after.AsSpan().IndexOf(before.AsSpan(68, 8)));
        Assert.Equal(-1, after.AsSpan().IndexOf(before.AsSpan(200, 8)));
        Assert.Equal(-1, after.AsSpan().IndexOf(before.AsSpan(before.Length - 600, 8)));
        Assert.Equal(["m-2"], store.Load(s_now, Model).Usable.Select(m => m.Member.Value));
        Assert.False(store.Erase(new MemberRef("m-1"), s_now).Anything);
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused_with_what_to_do()
    {
        using var folder = new TestFolder();
        MemberStore store = Store(folder);
        store.Save(Member("m-1"));
        System.Diagnostics.Process.Start("chmod", ["640", folder["members.key"]]).WaitForExit();

        Assert.Contains("chmod 400", Assert.Throws<MemberException>(() => store.Load(s_now, Model)).Message, StringComparison.Ordinal);
        Assert.Throws<MemberException>(() => store.Save(Member("m-2")));
    }

    [Fact]
    public void A_key_of_the_service_manager_is_used_read_by_nobody_else_and_not_beside_one_on_disk()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["given"]);
        File.WriteAllBytes(folder["given/members.key"], new byte[32]);
        System.Diagnostics.Process.Start("chmod", ["440", folder["given/members.key"]]).WaitForExit();
        var store = new MemberStore(folder["state"], Randomness.System, _desk.Trusted, folder["given"]);

        store.Save(Member("m-1"));
        Assert.False(File.Exists(folder["state/members.key"]));
        Assert.Single(store.Load(s_now, Model).Usable);
        // The control: without it nothing opens.
        Assert.Empty(new MemberStore(folder["state"], Randomness.System, _desk.Trusted, folder["nowhere"]).Load(s_now, Model).Usable);
        System.Diagnostics.Process.Start("chmod", ["444", folder["given/members.key"]]).WaitForExit();
        Assert.Throws<MemberException>(() => store.Load(s_now, Model));
        System.Diagnostics.Process.Start("chmod", ["400", folder["given/members.key"]]).WaitForExit();
        File.WriteAllBytes(folder["state/members.key"], new byte[32]);
        Assert.Contains("shred", Assert.Throws<MemberException>(() => store.Load(s_now, Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_this_user_may_not_read_is_refused_with_what_to_do()
    {
        using var folder = new TestFolder();
        // A folder in the key's place gives the same error as a key of another user, and gives it to root too.
        System.Diagnostics.Process.Start("mkdir", ["-m", "700", folder["members.key"]]).WaitForExit();

        Assert.Contains("sudo -u edge-agent", Assert.Throws<MemberException>(() => Store(folder).Load(s_now, Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_cannot_be_read_stop_no_agent()
    {
        using var folder = new TestFolder();
        MemberStore store = Store(folder);
        store.Save(Member("m-1"));
        System.Diagnostics.Process.Start("chmod", ["640", folder["members.key"]]).WaitForExit();
        var watch = new MemberWatch(store, Model, [], TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<MemberWatch>.Instance);

        watch.Look();

        Assert.Equal(0, watch.Health.Loaded);
    }

    private MemberStore Store(TestFolder folder) => new(folder.Root, Randomness.System, _desk.Trusted);

    private StoredMember Member(string reference) => new(_desk.Consent(reference, s_now, s_now.AddDays(30)), s_now, 3, Model, Canary());

    private static FaceTemplate Canary() => ConsentDesk.Canary();
}
