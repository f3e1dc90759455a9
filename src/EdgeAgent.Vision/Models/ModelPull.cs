using System.Security.Cryptography;

namespace EdgeAgent.Vision.Models;

/// <summary>Fetches one model: to a file of its own beside the target, hash checked, then renamed in one step.</summary>
internal static class ModelPull
{
    private const int ChunkBytes = 128 * 1024;

    public static async Task FetchAsync(
        ModelEntry entry, string directory, string? from, HttpClient http, Action<PullProgress>? progress, CancellationToken cancellation)
    {
        string target = Path.Combine(directory, entry.File);
        if (await IsWholeAsync(entry, target, cancellation))
        {
            long size = new FileInfo(target).Length;
            progress?.Invoke(new PullProgress(entry, size, size, Done: true));
            return;
        }
        // One name per process: two pulls at once do not write into each other's file.
        string part = Path.Combine(directory, $".{entry.File}.{Environment.ProcessId}.part");
        string origin = Origin(entry, from);
        try
        {
            Directory.CreateDirectory(directory);
            await using (FileStream file = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await CopyCheckedAsync(entry, origin, file, http, progress, cancellation);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, target, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new ModelException(
                $"Model '{entry.Name}': {origin} could not be fetched into {directory} ({failed.Message.TrimEnd('.')}).", failed);
        }
        catch (TaskCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new ModelException($"Model '{entry.Name}': {origin} did not answer in time; try again.", late);
        }
        finally
        {
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }

    private static string Origin(ModelEntry entry, string? from)
    {
        if (from is null)
        {
            return entry.Url ?? throw new ModelException(
                $"Model '{entry.Name}' has no address of its own; name the directory or the model store that holds {entry.File}.");
        }
        return IsWeb(from) ? $"{from.TrimEnd('/')}/{entry.File}" : Path.Combine(from, entry.File);
    }

    private static bool IsWeb(string from) =>
        from.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || from.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static async Task CopyCheckedAsync(
        ModelEntry entry, string origin, FileStream file, HttpClient http, Action<PullProgress>? progress, CancellationToken cancellation)
    {
        using HttpResponseMessage? response = IsWeb(origin)
            ? await http.GetAsync(new Uri(origin), HttpCompletionOption.ResponseHeadersRead, cancellation)
            : null;
        response?.EnsureSuccessStatusCode();
        await using Stream source = response is null ? File.OpenRead(origin) : await response.Content.ReadAsStreamAsync(cancellation);

        long limit = entry.Size ?? ModelFile.MaxBytes;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkBytes];
        long copied = 0;
        int read;
        while ((read = await source.ReadAsync(chunk, cancellation)) > 0)
        {
            copied += read;
            if (copied > limit)
            {
                throw new ModelException($"Model '{entry.Name}': {origin} is longer than the {limit} bytes expected; it was not taken.");
            }
            hash.AppendData(chunk, 0, read);
            await file.WriteAsync(chunk.AsMemory(0, read), cancellation);
            progress?.Invoke(new PullProgress(entry, copied, entry.Size, Done: false));
        }
        string got = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (got != entry.Sha256)
        {
            throw new ModelException(
                $"Model '{entry.Name}': {origin} ({copied} bytes) has sha256 {got} and should have {entry.Sha256}; it was not taken.");
        }
        progress?.Invoke(new PullProgress(entry, copied, copied, Done: true));
    }

    private static async Task<bool> IsWholeAsync(ModelEntry entry, string target, CancellationToken cancellation)
    {
        if (!File.Exists(target))
        {
            return false;
        }
        await using FileStream file = File.OpenRead(target);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == entry.Sha256;
    }
}
