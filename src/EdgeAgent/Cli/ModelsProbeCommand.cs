using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Ota;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent models probe FILE</c>: the child process in which the agent loads a model that came over the air for the first time.</summary>
internal static partial class ModelsProbeCommand
{
    /// <summary>Exit code when the limit of memory was reached.</summary>
    public const int OutOfMemory = 71;

    // What the agent's own code needs in the child, and what ONNX Runtime needs beyond several copies of the weights.
    private const long BaseBytes = 512L << 20;
    private const long TimesSize = 6;

    // /usr/include/asm-generic/resource.h: RLIMIT_CPU 0, RLIMIT_DATA 2, RLIMIT_CORE 4.
    private const int CpuSeconds = 0;
    private const int DataBytes = 2;
    private const int CoreBytes = 4;
    private const ulong MostCpuSeconds = 120;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The request that the agent wrote." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var command = new Command("probe", "Loads a model under limits of memory and time and compares its golden vectors; used by the agent itself.") { file, json };
        command.Hidden = true;
        command.SetAction(result => Run(result.GetRequiredValue(file), result.GetValue(json)));
        return command;
    }

    private static int Run(string file, bool json)
    {
        ProbeRequest request;
        try
        {
            request = JsonSerializer.Deserialize<ProbeRequest>(File.ReadAllBytes(file), s_json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new ModelException($"{file} is no request of an agent: {e.Message}");
        }
        ProbeResult result;
        try
        {
            ModelEntry entry = ModelCatalog.ReadEntry(JsonSerializer.SerializeToUtf8Bytes(request.Manifest), "The description");
            LimitSelf(entry.Size ?? 0);
            GoldenVectors? golden = request.Golden?.Deserialize<GoldenVectors>(GoldenJson.Options);
            double cosine = GoldenVectors.Compare(entry, request.Folder, golden);
            result = cosine >= GoldenVectors.LeastCosine
                ? new ProbeResult(OtaReason.None, "", cosine)
                : new ProbeResult(OtaReason.Golden, $"Model '{entry.Name}': a column of its answer to the golden picture has a cosine of {cosine:F4} to the expected one; {GoldenVectors.LeastCosine} is the least.", cosine);
        }
        catch (ModelException e)
        {
            result = new ProbeResult(ReasonOf(e), e.Message);
        }
        catch (JsonException e)
        {
            result = new ProbeResult(OtaReason.Golden, $"The golden vectors cannot be read: {e.Message}");
        }
        catch (OutOfMemoryException)
        {
            return OutOfMemory;
        }
        Terminal.Line(json ? JsonSerializer.Serialize(new ProbeAnswer(result.Reason.ToString(), result.Why, result.Cosine), s_json) : $"{result.Reason}: {result.Why}");
        return result.Reason == OtaReason.None ? ExitCode.Ok : ExitCode.Model;
    }

    private static OtaReason ReasonOf(ModelException e) => e.Fault switch
    {
        ModelFault.ExternalData => OtaReason.ExternalData,
        ModelFault.Structure => OtaReason.Structure,
        ModelFault.Hash => OtaReason.HashMismatch,
        ModelFault.Shape => OtaReason.Shape,
        ModelFault.Golden => OtaReason.Golden,
        ModelFault.Run => OtaReason.RunFailed,
        _ => OtaReason.Unloadable,
    };

    /// <summary>Private writable memory, processor time and no core file. What is only reserved, as the runtime does, does not count.</summary>
    private static void LimitSelf(long modelBytes)
    {
        Limit(DataBytes, (ulong)(BaseBytes + (TimesSize * modelBytes)));
        Limit(CpuSeconds, MostCpuSeconds);
        Limit(CoreBytes, 0);
        _ = SetPriority(0, 0, 10);
    }

    private static void Limit(int resource, ulong most)
    {
        var limit = new ResourceLimit(most, most);
        _ = SetResourceLimit(resource, in limit);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetResourceLimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ResourceLimit(ulong Soft, ulong Hard);
}
