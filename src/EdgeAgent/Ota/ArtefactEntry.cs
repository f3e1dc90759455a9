using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Ota;

/// <summary>What an artefact says about its model, in the form of the manifest.</summary>
internal static class ArtefactEntry
{
    /// <summary>Those keys of a manifest entry that the artefact itself states: an entry that repeats one is refused.</summary>
    private static readonly string[] s_own = ["name", "file", "sha256", "size", "url"];

    /// <summary>The entry, its file named by its hash and lying in <paramref name="folder"/>.</summary>
    /// <exception cref="ModelException">It is none, or does not keep the contract of its role.</exception>
    public static ModelEntry Read(OtaArtefact artefact, string folder)
    {
        ModelEntry entry = ModelCatalog.ReadEntry(JsonSerializer.SerializeToUtf8Bytes(Manifest(artefact)), "The description") with { Folder = folder };
        return ModelContract.FindProblem(entry) is string problem ? throw new ModelException(problem) : entry;
    }

    /// <summary>A manifest of this one model.</summary>
    /// <exception cref="ModelException">There is no entry.</exception>
    public static JsonElement Manifest(OtaArtefact artefact)
    {
        if (artefact.Entry is not { ValueKind: JsonValueKind.Object } entry)
        {
            throw new ModelException($"The description, model '{artefact.Name}', field entry: is missing.");
        }
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("models");
            json.WriteStartObject();
            json.WriteString("name", artefact.Name);
            json.WriteString("file", ModelShelf.FileName(artefact.Sha256));
            json.WriteString("sha256", artefact.Sha256);
            json.WriteNumber("size", artefact.Size);
            json.WriteNull("url");
            foreach (JsonProperty member in entry.EnumerateObject())
            {
                if (s_own.Contains(member.Name))
                {
                    throw new ModelException($"The description, model '{artefact.Name}', field entry.{member.Name}: is stated by the artefact already; remove it.");
                }
                member.WriteTo(json);
            }
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>None when this agent and processor can use it.</summary>
    public static OtaReason Compatible(OtaCompat? compat)
    {
        if (compat?.Arch is { } arch && !arch.Contains(Word(RuntimeInformation.ProcessArchitecture)))
        {
            return OtaReason.Incompatible;
        }
        if (compat?.Agent is not string least)
        {
            return OtaReason.None;
        }
        // A build without a number of its own has no order among the others: it is the newest.
        return Version.TryParse(least, out Version? wanted) && (!Version.TryParse(AgentVersion.Text.Split('-')[0], out Version? own) || own >= wanted)
            ? OtaReason.None
            : OtaReason.Incompatible;
    }

    private static string Word(Architecture processor) => processor switch
    {
        Architecture.X64 => "x64",
        Architecture.Arm64 => "arm64",
        _ => "other",
    };
}
