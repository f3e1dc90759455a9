using System.Security.Cryptography;

namespace EdgeAgent.Vision.Models;

/// <summary>Reads a model file once and hands out those bytes only when size, hash and structure are as the manifest says.</summary>
internal static class ModelFile
{
    /// <summary>Largest file that is read where the manifest states no size, in bytes.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>The bytes that were hashed are the bytes that run: nobody can change the file in between.</summary>
    public static byte[] ReadVerified(ModelEntry entry, string directory)
    {
        string path = Path.Combine(entry.Folder ?? directory, entry.File);
        byte[] bytes;
        try
        {
            using FileStream file = File.OpenRead(path);
            long size = file.Length;
            if (entry.Size is long expected && size != expected)
            {
                throw new ModelException(
                    $"Model '{entry.Name}': {path} has {size} bytes and should have {expected}; fetch it again with 'edge-agent models pull'.") { Fault = ModelFault.Hash };
            }
            if (size > MaxBytes)
            {
                throw new ModelException(
                    $"Model '{entry.Name}': {path} has {size} bytes, more than the limit of {MaxBytes}; use a smaller model.");
            }
            bytes = new byte[size];
            file.ReadExactly(bytes);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException($"Model '{entry.Name}': {path} is missing; fetch it with 'edge-agent models pull'.", missing);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"Model '{entry.Name}': {path} cannot be read ({unreadable.Message}); check its rights.", unreadable);
        }
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (hash != entry.Sha256)
        {
            throw new ModelException(
                $"Model '{entry.Name}': {path} has sha256 {hash} and should have {entry.Sha256}; fetch it again with 'edge-agent models pull'.") { Fault = ModelFault.Hash };
        }
        if (OnnxFileCheck.FindProblem(bytes) is string problem)
        {
            throw new ModelException($"Model '{entry.Name}': {path} is refused because it {problem}; use another export of the model.")
            {
                Fault = problem == OnnxFileCheck.ExternalData ? ModelFault.ExternalData : ModelFault.Structure,
            };
        }
        return bytes;
    }
}
