using System.CommandLine;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent config check FILE</c>: every error with its JSON path, or what the file would set up.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A device configuration." };
        var check = new Command("check", "Reads a configuration and names every error with its JSON path.") { file };
        check.SetAction(result =>
        {
            DeviceConfig config = ConfigFile.Load(result.GetRequiredValue(file));
            Terminal.Line(
                $"{config.Store.Tenant}/{config.Store.Store}/{config.Store.Box}, version {config.Version}: {config.Cameras.Count} cameras, "
                + $"{config.Readers.Count} readers, {config.Gates.Count} gates, {config.Checkout.PriceBook.Count} prices. No errors.");
            return ExitCode.Ok;
        });
        var schema = new Command("schema", "Prints the JSON Schema of a configuration; editors check and complete with it.");
        schema.SetAction(_ =>
        {
            Console.Out.Write(ConfigSchema.Text());
            return ExitCode.Ok;
        });
        return new Command("config", "Device configurations.") { check, schema };
    }
}
