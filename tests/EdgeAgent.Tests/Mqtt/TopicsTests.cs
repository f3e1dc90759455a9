using EdgeAgent.Mqtt;
using EdgeAgent.Tests.Egress;

namespace EdgeAgent.Tests.Mqtt;

public sealed class TopicsTests
{
    private readonly Topics _topics = new(Some.Store);

    [Fact]
    public void Everything_lies_below_the_root_of_the_box()
    {
        Assert.Equal("sst/v1/acme/s0042/b1/evt/exit/settled", _topics.Full("evt/exit/settled"));
        Assert.True(_topics.TryBelow("sst/v1/acme/s0042/b1/cmd/selftest", out var below));
        Assert.Equal("cmd/selftest", below);
        Assert.False(_topics.TryBelow("sst/v1/acme/s0042/b12/cmd/selftest", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/evt")]
    [InlineData("evt/")]
    [InlineData("evt/+/x")]
    [InlineData("evt/#")]
    [InlineData("evt/\0")]
    [InlineData("a/b/c/d")]
    public void What_cannot_be_published_is_refused(string below) => Assert.Throws<ArgumentException>(() => _topics.Full(below));

    [Theory]
    [InlineData("Acme")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("+")]
    public void Names_are_lower_case_letters_digits_and_dashes(string name) =>
        Assert.Contains("store.tenant", Assert.Throws<ArgumentException>(() => new Topics(Some.Store with { Tenant = name })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a", false)]
    [InlineData("#", "$SYS/x", false)]
    public void Filters_match_as_mqtt_says(string filter, string topic, bool matches) => Assert.Equal(matches, Topics.Matches(filter, topic));
}
