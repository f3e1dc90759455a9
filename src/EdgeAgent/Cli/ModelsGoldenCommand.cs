using System.Buffers;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Ota;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent models golden FILE</c>: what a fleet manager puts into a description to send a model to the boxes, golden vectors and all.</summary>
internal static class ModelsGoldenCommand
{
    private static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static Command Create(Option<string?> folder)
    {
        var file = new Argument<string>("FILE") { Description = "The ONNX file." };
        var kind = new Option<string>("--kind") { Description = "What it is for: people, appearance, …; a role of models/manifest.json.", HelpName = "ROLE", Required = true };
        var like = new Option<string?>("--like") { Description = "The model of the manifest that is fed and read in the same way; else the only one of the role whose tensors fit.", HelpName = "NAME" };
        var name = new Option<string?>("--name") { Description = "The new model's name; else that of the file.", HelpName = "NAME" };
        var url = new Option<string?>("--url") { Description = "Where the boxes fetch it.", HelpName = "https://…" };
        var seed = new Option<int>("--seed") { Description = "Draws the golden picture.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("golden", "Prints the artefact for a signed model description as one line of JSON: hash, entry, and the golden vectors of this file.") { file, kind, like, name, url, seed };
        command.SetAction(result => Run(
            new ModelStore(result.GetValue(folder)).Catalog, result.GetRequiredValue(file), result.GetRequiredValue(kind), result.GetValue(like),
            result.GetValue(name), result.GetValue(url), result.GetValue(seed)));
        return command;
    }

    private static int Run(ModelCatalog catalog, string file, string role, string? like, string? name, string? url, int seed)
    {
        byte[] bytes = File.ReadAllBytes(file);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        ModelEntry[] known = like is null
            ? [.. catalog.Models.Where(m => m.Role == role).OrderByDescending(m => m.Sha256 == sha256)]
            : [catalog.Find(like, role)];
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var faults = new List<string>();
        foreach (ModelEntry entry in known)
        {
            try
            {
                ModelEntry own = entry with { File = Path.GetFileName(file), Sha256 = sha256, Size = bytes.Length };
                GoldenVectors golden = GoldenVectors.Make(own, folder, seed);
                Terminal.Line(Text(own with { Name = name ?? Path.GetFileNameWithoutExtension(file).ToLowerInvariant().Replace('_', '-') }, url, golden));
                return ExitCode.Ok;
            }
            catch (ModelException e)
            {
                faults.Add(e.Message);
            }
        }
        throw new ModelException(
            faults.Count == 0 ? $"The manifest has no model of the role '{role}'." : $"{file} is fed and read like no model of the role '{role}' that the manifest knows. {faults[0]}");
    }

    private static string Text(ModelEntry entry, string? url, GoldenVectors golden)
    {
        var artefact = new OtaArtefact(
            "model", entry.Name, url ?? $"https://models.example/{entry.Sha256}.onnx", entry.Size!.Value, entry.Sha256, null,
            ManifestForm.Write(entry), JsonSerializer.SerializeToElement(golden, GoldenJson.Options));
        return JsonSerializer.Serialize(artefact, s_json);
    }
}
