using System.CommandLine;

namespace EdgeAgent.Cli;
internal static class DemoCommand
{
    public static Command Create() => new("demo", "x");
}
