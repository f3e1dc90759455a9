using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using EdgeAgent.Core;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;

namespace EdgeAgent.Ota;

/// <summary>How patient a download is.</summary>
/// <param name="Tries">Tries in a row that bring no byte, before it is given up.</param>
/// <param name="Silence">A server that sends nothing for this long is left.</param>
internal sealed record DownloadLimits(int Tries, TimeSpan Silence, TimeSpan FirstWait, TimeSpan LongestWait)
{
    /// <summary>About six hours in all, when every wait is half its ceiling.</summary>
    public static DownloadLimits Usual { get; } = new(80, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
}

/// <summary>
/// Fetches one file over HTTPS into a <c>.part</c> beside its place, and goes on there after every break, also of the agent. What was fetched from a
/// file that has changed since (another ETag) is thrown away. The size is known before and holds while reading; the hash decides at the end.
/// </summary>
internal sealed class Download(HttpClient http, DownloadLimits limits, FillRandom random, TimeProvider time, Action<string> warn)
{
    private const int ChunkBytes = 64 * 1024;
    private const int MostRedirects = 3;

    /// <param name="target">The finished file; its <c>.part</c> and <c>.etag</c> lie beside it.</param>
    /// <param name="progress">Gets the bytes that are there.</param>
    /// <exception cref="DownloadException">It could not be had, or is not the file that was described.</exception>
    public async Task FetchAsync(OtaArtefact wanted, string target, int? kilobytesPerSecond, Action<long> progress, CancellationToken stop)
    {
        Uri address = Address(wanted.Url);
        string part = Path.ChangeExtension(target, ".part");
        var backoff = new Backoff(limits.FirstWait, limits.LongestWait, random);
        if (LengthOf(part) > wanted.Size)
        {
            File.Delete(part);
        }
        bool resumed = File.Exists(part);
        int left = limits.Tries;
        while (true)
        {
            long before = LengthOf(part);
            try
            {
                if (before != wanted.Size)
                {
                    await CopyAsync(address, wanted, part, kilobytesPerSecond, progress, stop);
                }
                await TakeAsync(wanted, part, target, stop);
                return;
            }
            catch (DownloadException e) when (e is { Reason: OtaReason.HashMismatch } && resumed)
            {
                // Pieces of two files, for a server without ETag: once more, in one piece.
                resumed = false;
                warn(e.Message);
            }
            catch (DownloadException e) when (e.Again)
            {
                if (LengthOf(part) > before)
                {
                    left = limits.Tries;
                    backoff.Reset();
                }
                else if (--left == 0)
                {
                    throw;
                }
                resumed = true;
                warn(e.Message);
                await Task.Delay(backoff.Next(), time, stop);
            }
        }
    }

    /// <summary>https, and http only where no line can be listened to.</summary>
    /// <exception cref="DownloadException">Another address.</exception>
    public static Uri Address(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip)))
            ? address
            : throw new DownloadException(OtaReason.Address, again: false, $"{url} is no https address.");

    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>One connection: from where the part ends to the end, or as far as it goes.</summary>
    private async Task CopyAsync(Uri address, OtaArtefact wanted, string part, int? kilobytesPerSecond, Action<long> progress, CancellationToken stop)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            silence.CancelAfter(limits.Silence);
            using HttpResponseMessage response = await AskAsync(address, wanted, part, silence.Token);
            bool goesOn = response.StatusCode == HttpStatusCode.PartialContent;
            await using var file = new FileStream(part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
            if (!goesOn)
            {
                Remember(part, response);
            }
            await using Stream source = await response.Content.ReadAsStreamAsync(silence.Token);
            byte[] chunk = new byte[ChunkBytes];
            long began = time.GetTimestamp(), copied = 0;
            while (true)
            {
                silence.CancelAfter(limits.Silence);
                int read = await ReadAsync(address, source, chunk, silence.Token);
                if (read == 0)
                {
                    break;
                }
                if (file.Position + read > wanted.Size)
                {
                    throw new DownloadException(OtaReason.TooLong, again: false, $"{address} is longer than the {wanted.Size} bytes of its description.");
                }
                await file.WriteAsync(chunk.AsMemory(0, read), stop);
                copied += read;
                progress(file.Position);
                if (kilobytesPerSecond is int most && TimeSpan.FromSeconds(copied / (most * 1000.0)) - time.GetElapsedTime(began) is { } ahead && ahead > TimeSpan.Zero)
                {
                    silence.CancelAfter(Timeout.InfiniteTimeSpan);
                    await Task.Delay(ahead, time, stop);
                }
            }
            file.Flush(flushToDisk: true);
            if (file.Position < wanted.Size)
            {
                throw new DownloadException(OtaReason.Network, again: true, $"{address} broke off after {file.Position} of {wanted.Size} bytes.");
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new DownloadException(OtaReason.Network, again: true, $"{address} sent nothing for {limits.Silence.TotalSeconds} s.");
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException is AuthenticationException
                ? new DownloadException(OtaReason.Certificate, again: true, $"{address}: its certificate is not believed ({e.InnerException.Message.TrimEnd('.')}); put the authority into trust/*.crt.", e)
                : new DownloadException(OtaReason.Network, again: true, $"{address} cannot be reached ({e.Message.TrimEnd('.')}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException(OtaReason.Disk, again: true, $"{part} cannot be written ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>Tells a line that broke from a disk that refuses.</summary>
    private static async Task<int> ReadAsync(Uri address, Stream source, byte[] chunk, CancellationToken stop)
    {
        try
        {
            return await source.ReadAsync(chunk, stop);
        }
        catch (IOException e)
        {
            throw new DownloadException(OtaReason.Network, again: true, $"{address} broke off ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>The answer with the bytes, past redirects that stay on https.</summary>
    private async Task<HttpResponseMessage> AskAsync(Uri address, OtaArtefact wanted, string part, CancellationToken stop)
    {
        for (int hop = 0; ; hop++)
        {
            long from = LengthOf(part);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            // A validator that says "the same bytes" is needed: without a strong one everything is fetched anew (RFC 9110, 13.1.5).
            if (from > 0 && EntityTag(part) is EntityTagHeaderValue tag)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                request.Headers.IfRange = new RangeConditionHeaderValue(tag);
            }
            HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            try
            {
                if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308)
                {
                    address = Next(address, response, hop);
                    response.Dispose();
                    continue;
                }
                Check(address, wanted, part, request, response, from);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    private static Uri Next(Uri address, HttpResponseMessage response, int hop)
    {
        Uri? next = response.Headers.Location is Uri location ? new Uri(address, location) : null;
        if (next is null || hop == MostRedirects || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != address.Scheme))
        {
            throw new DownloadException(OtaReason.Redirect, again: false, $"{address} leads to {next?.ToString() ?? "nowhere"}, which is not followed.");
        }
        return Address(next.ToString());
    }

    private static void Check(Uri address, OtaArtefact wanted, string part, HttpRequestMessage request, HttpResponseMessage response, long from)
    {
        HttpContentHeaders content = response.Content.Headers;
        if (response.StatusCode == HttpStatusCode.PartialContent && request.Headers.Range is not null)
        {
            ContentRangeHeaderValue? range = content.ContentRange;
            bool sameFile = response.Headers.ETag is null || response.Headers.ETag.Equals(request.Headers.IfRange?.EntityTag);
            if (range?.From != from || (range.Length is long whole && whole != wanted.Size) || !sameFile)
            {
                throw new DownloadException(OtaReason.Server, again: false, $"{address} answered another part than the one asked for ({range}).");
            }
            return;
        }
        if (response.StatusCode != HttpStatusCode.OK)
        {
            int code = (int)response.StatusCode;
            if (code == 416)
            {
                // The file there has become shorter than what is here.
                File.Delete(part);
            }
            throw new DownloadException(OtaReason.Server, again: code is 408 or 416 or 429 or >= 500, $"{address} answered {code}.");
        }
        if (content.ContentLength is long length && length != wanted.Size)
        {
            throw new DownloadException(
                length > wanted.Size ? OtaReason.TooLong : OtaReason.TooShort, again: false, $"{address} has {length} bytes, its description says {wanted.Size}.");
        }
    }

    private static void Remember(string part, HttpResponseMessage response)
    {
        string note = Path.ChangeExtension(part, ".etag");
        if (response.Headers.ETag is { IsWeak: false } tag)
        {
            AtomicFile.Replace(note, System.Text.Encoding.ASCII.GetBytes(tag.Tag));
        }
        else
        {
            File.Delete(note);
        }
    }

    private static EntityTagHeaderValue? EntityTag(string part)
    {
        string note = Path.ChangeExtension(part, ".etag");
        return File.Exists(note) && EntityTagHeaderValue.TryParse(File.ReadAllText(note), out EntityTagHeaderValue? tag) ? tag : null;
    }

    /// <summary>The part is complete: it is the file, or it is thrown away.</summary>
    private static async Task TakeAsync(OtaArtefact wanted, string part, string target, CancellationToken stop)
    {
        string hash;
        await using (FileStream file = File.OpenRead(part))
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
        }
        if (hash != wanted.Sha256)
        {
            File.Delete(part);
            File.Delete(Path.ChangeExtension(part, ".etag"));
            throw new DownloadException(OtaReason.HashMismatch, again: false, $"{wanted.Url} has sha256 {hash}, its description says {wanted.Sha256}.");
        }
        File.Move(part, target, overwrite: true);
        File.Delete(Path.ChangeExtension(part, ".etag"));
    }
}
