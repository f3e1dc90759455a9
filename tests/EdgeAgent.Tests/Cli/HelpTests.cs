namespace EdgeAgent.Tests.Commands;

public class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("health")]
    [InlineData("demo")]
    [InlineData("replay")]
    [InlineData("accept")]
    [InlineData("watch")]
    [InlineData("calibrate")]
    [InlineData("models")]
    [InlineData("models list")]
    [InlineData("models verify")]
    [InlineData("models pull")]
    [InlineData("config")]
    [InlineData("config check")]
    [InlineData("config schema")]
    [InlineData("config doc")]
    [InlineData("completion")]
    [InlineData("members")]
    [InlineData("members enroll")]
    [InlineData("members list")]
    [InlineData("members erase")]
    [InlineData("members check")]
    [InlineData("outbox")]
    [InlineData("outbox status")]
    [InlineData("outbox dead")]
    [InlineData("outbox show")]
    [InlineData("outbox retry")]
    [InlineData("outbox verify")]
    [InlineData("simulate")]
    [InlineData("simulate bags")]
    [InlineData("epc")]
    [InlineData("epc decode")]
    [InlineData("epc encode")]
    [InlineData("simulate gate")]
    [InlineData("simulate reader")]
    [InlineData("llrp")]
    [InlineData("llrp decode")]
    public async Task Every_command_explains_itself(string command)
    {
        Ended ended = await EdgeAgentProcess.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        ended.AssertOk();
        Assert.Contains("Usage:", ended.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dance")]
    [InlineData("replay")]
    [InlineData("replay x --speed 7")]
    [InlineData("replay x --seed minus")]
    public async Task A_wrong_command_line_is_refused_with_the_usage_code(string command) =>
        (await EdgeAgentProcess.RunAsync(command.Split(' '))).AssertFailed(Cli.ExitCode.Usage);
}
