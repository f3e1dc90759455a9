using System.Reflection;
using EdgeAgent.Cli;

namespace EdgeAgent.Tests.Commands;

public class ExitCodeTests
{
    [Fact]
    public void Every_code_has_its_meaning() =>
        Assert.Equal(
            typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (int)f.GetRawConstantValue()!).Order(),
            ExitCode.All.Select(known => known.Code));

    [Fact]
    public void The_docs_list_the_codes_of_the_program() =>
        Assert.Equal(
            ExitCode.All.Select(known => $"| {known.Code} | {known.Meaning} |"),
            File.ReadLines(Repo.File("docs/exit-codes.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1));

    [Fact]
    public async Task The_help_lists_them_too()
    {
        Ended help = await EdgeAgentProcess.RunAsync("--help");

        Assert.All(ExitCode.All, known => Assert.Contains($"{known.Code}  {known.Meaning}\n", help.Out, StringComparison.Ordinal));
    }
}
