using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Ota;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent prices check | artefact | schema</c>.</summary>
internal static class PricesCommand
{
    private static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A price list." };
        var check = new Command("check", "Reads a price list and names every error with its JSON path.") { file };
        check.SetAction(result =>
        {
            PriceList list = Read(result.GetRequiredValue(file), out _);
            Terminal.Line($"{Plural.Of(list.Prices.Count, "price")} in {list.Currency}, {Plural.Of(list.Taxes.Count, "tax class", "tax classes")}, {Plural.Of(list.Promotions.Count, "promotion")}. No errors.");
            return ExitCode.Ok;
        });

        var name = new Option<string?>("--name") { Description = "The list's name in reports, a-z 0-9 . -; else that of the file.", HelpName = "NAME" };
        var url = new Option<string>("--url") { Description = "Where the boxes fetch it.", HelpName = "https://…", Required = true };
        var artefact = new Command("artefact", "Checks a price list and prints the artefact for a signed description as one line of JSON.") { file, name, url };
        artefact.SetAction(result =>
        {
            string path = result.GetRequiredValue(file);
            Read(path, out byte[] bytes);
            Terminal.Line(JsonSerializer.Serialize(
                new OtaArtefact(
                    PriceExchange.Kind, result.GetValue(name) ?? Path.GetFileNameWithoutExtension(path).ToLowerInvariant().Replace('_', '-'), result.GetRequiredValue(url), bytes.Length,
                    Convert.ToHexStringLower(SHA256.HashData(bytes))), s_json));
            return ExitCode.Ok;
        });

        var schema = new Command("schema", "Prints the JSON Schema of a price list; editors check and complete with it.");
        schema.SetAction(_ =>
        {
            Console.Out.Write(ConfigSchema.PricesText());
            return ExitCode.Ok;
        });
        return new Command("prices", "Price lists: prices, taxes and promotions of a store as one document.") { check, artefact, schema };
    }

    /// <exception cref="ConfigFileException">It cannot be read, or has errors: all of them, one a line.</exception>
    private static PriceList Read(string path, out byte[] bytes)
    {
        bytes = ConfigFile.Bytes(path);
        (PriceList? list, IReadOnlyList<ConfigError> errors) = ConfigReader.ReadPrices(bytes);
        return list ?? throw new ConfigFileException(ConfigFile.Errors(path, errors));
    }
}
