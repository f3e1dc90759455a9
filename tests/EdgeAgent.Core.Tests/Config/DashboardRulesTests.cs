using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Config;

public class DashboardRulesTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.53", true)]
    [InlineData("::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("192.168.10.2", false)]
    public void An_address_is_taken_and_known_to_be_of_this_box_or_not(string listen, bool local)
    {
        Assert.Empty(Errors($$"""{"listen":"{{listen}}"}"""));
        Assert.Equal(local, new DashboardConfig(listen).IsLocal);
    }

    [Theory]
    [InlineData("""{"listen":"localhost"}""", "$.dashboard.listen")]
    [InlineData("""{"listen":""}""", "$.dashboard.listen")]
    [InlineData("""{"otlp":"collector:4318"}""", "$.dashboard.otlp")]
    [InlineData("""{"otlp":"ftp://collector"}""", "$.dashboard.otlp")]
    [InlineData("""{"otlp":"http://user:secret@collector:4318"}""", "$.dashboard.otlp")]
    [InlineData("""{"token":"1234"}""", "$.dashboard.token")]
    public void What_cannot_be_listened_on_or_sent_to_is_named_by_path(string page, string path) => Assert.Equal(path, Assert.Single(Errors(page)).Path);

    private static IReadOnlyList<ConfigError> Errors(string page) => ConfigReader.Read(System.Text.Encoding.UTF8.GetBytes(
        $$"""
        { "version": 1, "store": { "tenant": "acme", "store": "s1", "box": "b1" }, "cameras": [], "readers": [], "gates": [],
          "checkout": { "currency": "EUR", "priceBook": [] }, "dashboard": {{page}} }
        """)).Errors;
}
