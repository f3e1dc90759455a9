using EdgeAgent.Dashboard;

namespace EdgeAgent.Tests.Dashboard;

public sealed class PageAccessTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_the_token_lets_in_and_ten_wrong_ones_close_the_door_for_the_rest_of_a_minute()
    {
        var access = new PageAccess("right", _clock);

        Assert.Equal(Entry.Let, access.Try("right"));
        Assert.Equal(Entry.Refused, access.Try(null));
        Assert.All(Enumerable.Range(1, PageAccess.MostTries - 1), n => Assert.Equal(Entry.Refused, access.Try("right" + n)));
        Assert.Equal(Entry.TooOften, access.Try("right"));
        Assert.True(access.IsKnown(access.Cookie));

        _clock.Advance(PageAccess.Window);

        Assert.Equal(Entry.Let, access.Try("right"));
    }

    [Fact]
    public void A_cookie_holds_over_a_restart_and_ends_with_its_token()
    {
        string cookie = new PageAccess("right", _clock).Cookie;

        Assert.DoesNotContain("right", cookie, StringComparison.Ordinal);
        Assert.True(new PageAccess("right", _clock).IsKnown(cookie));
        Assert.False(new PageAccess("another", _clock).IsKnown(cookie));
        Assert.False(new PageAccess("right", _clock).IsKnown(null));
        Assert.False(new PageAccess("right", _clock).IsKnown("right"));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.168.10.4", true)]
    [InlineData("[::1]", true)]
    [InlineData("rebind.example.com", false)]
    [InlineData("localhost.example.com", false)]
    [InlineData("127.0.0.1.example.com", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_name_that_an_attacker_can_point_here_is_not_this_box(string? host, bool own) => Assert.Equal(own, PageAccess.IsOwnHost(host));

    [Fact]
    public void A_token_is_kept_for_its_owner_alone_and_made_anew_when_it_is_damaged()
    {
        string first = PageToken.Load(_folder["state"], Randomness.System);
        string file = _folder["state/" + PageToken.FileName];

        Assert.Equal(22, first.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(first, PageToken.Load(_folder["state"], Randomness.System));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal(first, PageToken.Load(_folder["state"], Randomness.System));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        File.WriteAllText(file, "x");
        string second = PageToken.Load(_folder["state"], Randomness.System);
        Assert.NotEqual(first, second);
        Assert.Equal(22, second.Length);
    }
}
