using System.CommandLine;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent config check FILE</c>: every error with its JSON path, or what the file would set up; and what a configuration may say.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A device configuration, or a desired document for the fleet, signed or not yet." };
        var trust = new Option<string?>("--trust")
        {
            Description = "Folder of public keys (*.pem): also says whether the document is signed with one of them.", HelpName = "DIR",
        };
        var check = new Command("check", "Reads a configuration and names every error with its JSON path.") { file, trust };
        check.SetAction(result =>
        {
            Terminal.Line(ConfigCheck.Of(result.GetRequiredValue(file), result.GetValue(trust)));
            return ExitCode.Ok;
        });
        check.WithExamples(
            """
            edge-agent config check store.json
            edge-agent config check desired.json --trust /etc/edge-agent/trust
            """);
        var schema = new Command("schema", "Prints the JSON Schema of a configuration; editors check and complete with it.");
        schema.SetAction(_ =>
        {
            Console.Out.Write(ConfigSchema.Text());
            return ExitCode.Ok;
        });
        var doc = new Command("doc", "Prints every key with its type, default, range and meaning, as Markdown: docs/config.md.");
        doc.SetAction(_ =>
        {
            Console.Out.Write(ConfigReference.Text());
            return ExitCode.Ok;
        });
        return new Command("config", "Device configurations.") { check, schema, doc };
    }
}
