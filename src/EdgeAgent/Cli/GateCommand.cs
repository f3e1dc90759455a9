using System.CommandLine;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent gate</c>: <c>gate explain</c> is another name of <c>explain</c>, kept for who knows it.</summary>
internal static class GateCommand
{
    public static Command Create() => new("gate", "Looks into the exit gates.") { ExplainCommand.Create() };
}
