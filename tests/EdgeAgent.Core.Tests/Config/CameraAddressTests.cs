using System.Text;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Core.Tests.Config;

public class CameraAddressTests
{
    [Theory]
    [InlineData("rtsp://guard:s3cret@10.0.0.5/live")]
    [InlineData("http://guard:s3cret@10.0.0.5:80")]
    [InlineData("rtsp://s3cret@10.0.0.5?x=1")]
    public void Credentials_in_an_address_are_refused_and_not_repeated(string source)
    {
        ConfigError error = Assert.Single(Errors($"\"source\": \"{source}\""));
        Assert.Equal(("$.cameras[0].source", "bad-value"), (error.Path, error.Code));
        Assert.Contains("put them into \"user\" and \"passwordFile\"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"source\": \"rtsp://10.0.0.5/live?track=a@b\"", null)]
    [InlineData("\"source\": \"rtsp://10.0.0.5/live\", \"user\": \"guard\", \"passwordFile\": \"/etc/edge-agent/door\"", null)]
    [InlineData("\"source\": \"rtsp://10.0.0.5/live\", \"decoder\": \"v4l2m2m\"", null)]
    [InlineData("\"source\": \"rtsp://10.0.0.5/live\", \"user\": \"guard\"", "$.cameras[0].passwordFile")]
    [InlineData("\"source\": \"rtsp://10.0.0.5/live\", \"passwordFile\": \"f\"", "$.cameras[0].user")]
    [InlineData("\"source\": \"v4l2:/dev/video0\", \"user\": \"guard\", \"passwordFile\": \"f\"", "$.cameras[0].user")]
    [InlineData("\"source\": \"rtsp://10.0.0.5/live\", \"user\": \"a:b\", \"passwordFile\": \"f\"", "$.cameras[0].user")]
    [InlineData("\"source\": \"rtsp://10.0.0.5/my live\"", "$.cameras[0].source")]
    [InlineData("\"source\": \"rtsp://10.0.0.5/live\", \"decoder\": \"cuda\"", "$.cameras[0].decoder")]
    public void User_password_and_decoder_are_checked_together(string keys, string? wrong) =>
        Assert.Equal(wrong is null ? [] : [wrong], Errors(keys).Select(error => error.Path));

    private static IReadOnlyList<ConfigError> Errors(string keys) => ConfigReader.Read(Encoding.UTF8.GetBytes(
        $$"""
        { "version": 1, "store": { "tenant": "a", "store": "s", "box": "b" }, "cameras": [ { "id": "cam", {{keys}} } ], "readers": [], "gates": [],
          "checkout": { "currency": "EUR", "priceBook": [] } }
        """)).Errors;
}
