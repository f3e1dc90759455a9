using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace EdgeAgent.Cli;

/// <summary>Shows a command's examples below its help.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string> s_examples = [];

    public static Command WithExamples(this Command command, string examples)
    {
        s_examples.Add(command, examples);
        return command;
    }

    public static string Of(Command command) => s_examples.TryGetValue(command, out string? examples) ? examples : "";

    /// <summary>To be called once on the root: help is one option for all commands.</summary>
    public static void Install(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
    }

    private sealed class HelpWithExamples(SynchronousCommandLineAction plain) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = plain.Invoke(parseResult);
            if (s_examples.TryGetValue(parseResult.CommandResult.Command, out string? examples))
            {
                Terminal.Line("Examples:\n" + string.Join('\n', examples.Split('\n').Select(line => "  " + line)) + "\n");
            }
            return code;
        }
    }
}
