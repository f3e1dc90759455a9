using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Overlay;

namespace EdgeAgent.Dashboard;

/// <summary>Answers the page's requests: first who may ask at all, then what.</summary>
/// <param name="port">Where the page listens; known once it does.</param>
/// <param name="stop">Ends the live streams.</param>
internal sealed partial class PageDesk(
    PageSources sources, DashboardConfig config, string token, Func<int> port, TimeProvider time, ILogger log, CancellationToken stop)
{
    private const int MostStreams = 8;

    private static readonly TimeSpan s_liveEvery = TimeSpan.FromSeconds(0.5);

    private readonly PageAccess _access = new(token, time);
    private readonly ZoneDesk _zones = new(sources, time);
    private int _streams;

    // Cookies know no port: a replay's page beside an agent's must not throw its reader out.
    private string CookieName => $"edge-agent-{port()}";

    public async Task AnswerAsync(HttpContext http)
    {
        try
        {
            Guard(http.Response.Headers);
            await RouteAsync(http);
        }
        catch (OperationCanceledException)
        {
            // The reader left, or the agent stops.
        }
        catch (BadHttpRequestException bad)
        {
            await TextAsync(http, bad.StatusCode, "The request cannot be read.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDiskRefuses(log, e.Message);
            await TextAsync(http, StatusCodes.Status507InsufficientStorage, "The disk refuses: " + e.Message);
        }
        catch (Exception bug)
        {
            // A broken page stops no shop, but somebody must hear of it.
            LogBroken(log, bug);
            await TextAsync(http, StatusCodes.Status500InternalServerError, "This is a bug in the page; the agent's log says more.");
        }
    }

    private async Task RouteAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        string path = request.Path.Value ?? "/";
        bool isPost = HttpMethods.IsPost(request.Method);
        if (!PageAccess.IsOwnHost(request.Host.Host))
        {
            await TextAsync(http, StatusCodes.Status421MisdirectedRequest, "This box is called by its address or as localhost, not by a name.");
        }
        else if (!isPost && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            await TextAsync(http, StatusCodes.Status405MethodNotAllowed, "The page is read; only drawings are sent to it.");
        }
        else if (isPost && request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{request.Host}")
        {
            await TextAsync(http, StatusCodes.Status403Forbidden, "Another page asked for this.");
        }
        else if (path == "/healthz")
        {
            PageHealth health = PageHealth.Of(sources, sources.Board.View(sources.Config()), time.GetUtcNow());
            await JsonAsync(http, health, PageJson.Default.PageHealth, health.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }
        else if (PageFiles.Find(path) is PageFile file && !file.NeedsToken)
        {
            await BytesAsync(http, file.ContentType, file.Bytes);
        }
        else if (path == "/enter" && isPost)
        {
            await EnterAsync(http, (await request.ReadFormAsync(stop))["token"]);
        }
        else if (path == "/" && request.Query["token"].ToString() is { Length: > 0 } offered)
        {
            await EnterAsync(http, offered);
        }
        else if (IsKnown(http) || (path == "/metrics" && config.OpenMetrics))
        {
            await ServeAsync(http, path, isPost);
        }
        else
        {
            // A browser gets the place to put the token; a program's wrong token counts as a try.
            Entry entry = Bearer(request) is string bearer ? _access.Try(bearer) : Entry.Refused;
            if (entry == Entry.Let)
            {
                await ServeAsync(http, path, isPost);
            }
            else
            {
                await RefuseAsync(http, entry, wasWrong: Bearer(request) is not null);
            }
        }
    }

    private async Task ServeAsync(HttpContext http, string path, bool isPost)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch ((isPost, parts))
        {
            case (false, []):
                PageFile page = PageFiles.Index;
                await BytesAsync(http, page.ContentType, page.Bytes);
                break;
            case (false, ["metrics"]):
                await BytesAsync(http, PrometheusText.ContentType, Encoding.UTF8.GetBytes(PrometheusText.Write(Metrics.Collect(sources, time.GetUtcNow()))));
                break;
            case (false, ["api", "now"]):
                await JsonAsync(http, PageReport.Make(sources, time.GetUtcNow()), PageJson.Default.PageView);
                break;
            case (false, ["api", "live"]):
                await StreamAsync(http);
                break;
            case (false, ["api", "cameras", string camera, "view"]) when sources.Config().Cameras.Any(c => c.Id == camera):
                await ViewAsync(http, sources.View(camera));
                break;
            case (false, ["api", "cameras", string camera, "plan"]) when _zones.Plan(camera) is PlanView plan:
                await JsonAsync(http, plan, PageJson.Default.PlanView);
                break;
            case (true, ["api", "cameras", string camera, "try"]):
                TriedView tried = _zones.Try(camera, await BodyAsync(http));
                await JsonAsync(http, tried, PageJson.Default.TriedView, StatusOf(tried.Errors));
                break;
            case (true, ["api", "cameras", string camera, "save"]) when sources.DraftFolder is not null:
                SavedView saved = _zones.Save(camera, await BodyAsync(http));
                await JsonAsync(http, saved, PageJson.Default.SavedView, StatusOf(saved.Errors));
                break;
            default:
                await TextAsync(http, StatusCodes.Status404NotFound, "There is nothing here.");
                break;
        }
    }

    private async Task EnterAsync(HttpContext http, string? offered)
    {
        Entry entry = _access.Try(offered);
        if (entry != Entry.Let)
        {
            await RefuseAsync(http, entry, wasWrong: true);
            return;
        }
        http.Response.Cookies.Append(CookieName, _access.Cookie, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        // The token does not stay in the address bar.
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = "/";
    }

    private async Task RefuseAsync(HttpContext http, Entry entry, bool wasWrong)
    {
        if (wasWrong)
        {
            LogRefused(log, http.Connection.RemoteIpAddress?.ToString() ?? "?");
        }
        http.Response.StatusCode = entry == Entry.TooOften ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized;
        if (entry == Entry.TooOften)
        {
            http.Response.Headers.RetryAfter = "60";
        }
        await BytesAsync(http, PageFiles.Enter.ContentType, PageFiles.Enter.Bytes);
    }

    /// <summary>Server-sent events: one look at the shop twice a second, for as long as somebody reads.</summary>
    private async Task StreamAsync(HttpContext http)
    {
        if (Interlocked.Increment(ref _streams) > MostStreams)
        {
            Interlocked.Decrement(ref _streams);
            await TextAsync(http, StatusCodes.Status503ServiceUnavailable, "Too many pages are open; close one.");
            return;
        }
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stop);
            http.Response.ContentType = "text/event-stream";
            while (true)
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(PageReport.Make(sources, time.GetUtcNow()), PageJson.Default.PageView);
                await http.Response.Body.WriteAsync((byte[])[.. "data: "u8, .. json, .. "\n\n"u8], either.Token);
                await http.Response.Body.FlushAsync(either.Token);
                await Task.Delay(s_liveEvery, time, either.Token);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private static async Task ViewAsync(HttpContext http, VeiledPicture? view)
    {
        if (view is null)
        {
            // The first one is being made.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        await BytesAsync(http, "image/bmp", view.ToBmp());
    }

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }

    private bool IsKnown(HttpContext http) => _access.IsKnown(http.Request.Cookies[CookieName]);

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is string header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : null;

    private static int StatusOf(IReadOnlyList<ConfigError> errors) => errors.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;

    private static void Guard(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: forms would then come from the origin "null".
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    private static async Task JsonAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        await BytesAsync(http, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(value, type));
    }

    private static async Task TextAsync(HttpContext http, int status, string text)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.StatusCode = status;
            await BytesAsync(http, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"));
        }
    }

    private static async Task BytesAsync(HttpContext http, string contentType, byte[] bytes)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody at {Address} offered a wrong token to the local page. If it was nobody of yours, find out who can reach this address.")]
    private static partial void LogRefused(ILogger log, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A drawn configuration cannot be saved: {Why} Free space or correct the rights of the state folder.")]
    private static partial void LogDiskRefuses(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The local page broke while it answered; the shop goes on. Please report it.")]
    private static partial void LogBroken(ILogger log, Exception bug);
}
