using System.Net;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Dashboard;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Dashboard;

/// <summary>The page's answers over real HTTP: who gets one, and what may be in it.</summary>
public class PageServerTests
{
    private const string Line = """{"lines":[{"id":"aisle","from":[0.5,0],"to":[0.5,1]}],"zones":[]}""";

    [Fact]
    public async Task Without_the_token_there_is_nothing_of_the_shop()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        string[] paths = ["/", "/api/now", "/api/live", "/api/cameras/front/view", "/api/cameras/front/plan", "/metrics", "/index.html", "/nothing", "/?token=wrong"];
        foreach (string path in paths)
        {
            using HttpResponseMessage answer = await page.Client.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode}");
            string body = await answer.Content.ReadAsStringAsync();
            Assert.Contains("Token needed", body, StringComparison.Ordinal);
            Assert.DoesNotContain(page.Config.Store.Store, body, StringComparison.Ordinal);
        }
        using HttpResponseMessage post = await page.Client.PostAsync("/api/cameras/front/try", new StringContent(Line));
        Assert.Equal(HttpStatusCode.Unauthorized, post.StatusCode);
    }

    [Fact]
    public async Task The_token_is_taken_once_and_then_a_cookie_that_no_script_and_no_other_page_gets()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        using HttpResponseMessage entered = await page.Client.GetAsync("/?token=" + OpenPage.Token);

        Assert.Equal((HttpStatusCode.SeeOther, "/"), (entered.StatusCode, entered.Headers.Location!.OriginalString));
        string cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(OpenPage.Token, cookie, StringComparison.Ordinal);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.Add("Cookie", cookie.Split(';')[0]);
        using HttpResponseMessage let = await page.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.OK, let.StatusCode);

        using HttpResponseMessage form = await page.Client.PostAsync("/enter", new FormUrlEncodedContent([new("token", OpenPage.Token)]));
        Assert.Equal(HttpStatusCode.SeeOther, form.StatusCode);
    }

    [Fact]
    public async Task Whoever_guesses_is_shut_out_for_a_minute()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        for (int n = 0; n < PageAccess.MostTries; n++)
        {
            using HttpResponseMessage wrong = await page.Client.GetAsync("/?token=guess" + n);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using HttpResponseMessage right = await page.Client.GetAsync("/?token=" + OpenPage.Token);
        using HttpResponseMessage bearer = await page.GetAsync("/metrics");

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (right.StatusCode, bearer.StatusCode));
        Assert.Equal("60", Assert.Single(right.Headers.GetValues("Retry-After")));
    }

    [Fact]
    public async Task A_name_in_the_host_header_and_another_origin_are_turned_away()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        rebound.Headers.Host = $"shop.example.com:{page.Port}";
        using HttpResponseMessage misdirected = await page.Client.SendAsync(rebound);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, misdirected.StatusCode);

        using HttpResponseMessage foreign = await page.PostAsync("/api/cameras/front/save", Line, "http://shop.example.com");
        using HttpResponseMessage blank = await page.PostAsync("/api/cameras/front/save", Line, "null");
        using HttpResponseMessage own = await page.PostAsync("/api/cameras/front/try", Line, page.Origin);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (foreign.StatusCode, blank.StatusCode, own.StatusCode));
        Assert.False(Directory.Exists(page.Drafts));
    }

    [Fact]
    public async Task Every_answer_forbids_foreign_content_and_frames()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        foreach (string path in (string[])["/", "/page.css", "/app.js", "/api/now", "/nothing", "/healthz"])
        {
            using HttpResponseMessage answer = await page.GetAsync(path);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'self'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.False(answer.Headers.Contains("Server"));
        }
        foreach (string file in Repo.Files("src/EdgeAgent/Dashboard/wwwroot", "*"))
        {
            string text = File.ReadAllText(Repo.File(file)).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotMatch("https?://|innerHTML|eval\\(|<[a-z]+[^>]* style=|<script>", text);
            Assert.InRange(text.Split('\n').Length, 1, 400);
        }
    }

    [Fact]
    public async Task Metrics_are_read_without_the_token_only_where_the_configuration_says_so()
    {
        await using OpenPage page = await OpenPage.StartAsync(new DashboardConfig(Port: 0, OpenMetrics: true));

        string metrics = await page.Client.GetStringAsync("/metrics");
        using HttpResponseMessage now = await page.Client.GetAsync("/api/now");

        Assert.Contains("edge_agent_visits_today_total 2\n", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
    }

    [Fact]
    public async Task Live_looks_follow_each_other_and_no_more_than_eight_streams_are_served()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        var streams = new List<StreamReader>();
        var answers = new List<HttpResponseMessage>();
        for (int n = 0; n < 8; n++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/live");
            request.Headers.Authorization = new("Bearer", OpenPage.Token);
            answers.Add(await page.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
            streams.Add(new StreamReader(await answers[^1].Content.ReadAsStreamAsync()));
        }
        for (int look = 0; look < 2; look++)
        {
            string? data = await streams[0].ReadLineAsync();
            Assert.Equal(2, JsonElement.Parse(data!["data: ".Length..]).GetProperty("day").GetProperty("visits").GetInt32());
            Assert.Equal("", await streams[0].ReadLineAsync());
        }

        using HttpResponseMessage ninth = await page.GetAsync("/api/live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ninth.StatusCode);
        streams.ForEach(s => s.Dispose());
        answers.ForEach(a => a.Dispose());
    }

    [Fact]
    public async Task A_drawing_is_tried_by_the_shop_itself_and_changes_nothing()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        string camera = page.Config.Cameras[0].Id;
        string before = ConfigSections.Text(page.Config);

        JsonElement plan = await JsonAsync(await page.GetAsync($"/api/cameras/{camera}/plan"));
        JsonElement tried = await JsonAsync(await page.PostAsync($"/api/cameras/{camera}/try", Line));
        JsonElement away = await JsonAsync(await page.PostAsync($"/api/cameras/{camera}/try", """{"lines":[{"id":"aisle","from":[0.01,0],"to":[0.02,0.05]}]}"""));

        Assert.NotEmpty(plan.GetProperty("tried").GetProperty("ways").EnumerateArray());
        Assert.Equal(2, Counted(tried, "aisle"));
        Assert.Equal(0, Counted(away, "aisle"));
        Assert.Contains(tried.GetProperty("ways").EnumerateArray(), way => way.GetProperty("counted").EnumerateArray().Any(c => c.GetString()!.StartsWith("aisle ", StringComparison.Ordinal)));
        Assert.Equal(before, ConfigSections.Text(page.Config));
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    [InlineData("""{"masks":[]}""", "$")]
    [InlineData("""{"lines":[],"lines":[]}""", "$")]
    [InlineData("""{"lines":[{"id":"A b","from":[0,0],"to":[1,1]}]}""", "$.cameras[0].lines[0].id")]
    [InlineData("""{"lines":[{"id":"a","from":[0,0],"to":[2,1]}]}""", "$.cameras[0].lines[0].to")]
    [InlineData("""{"zones":[{"id":"a","area":[[0,0],[1,1]]}]}""", "$.cameras[0].zones[0].area")]
    public async Task A_drawing_that_is_no_configuration_is_refused_with_its_place(string drawing, string path)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        string camera = page.Config.Cameras[0].Id;

        using HttpResponseMessage answer = await page.PostAsync($"/api/cameras/{camera}/save", drawing);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(path, (await JsonAsync(answer)).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("path").GetString()));
        Assert.False(Directory.Exists(page.Drafts));
    }

    [Fact]
    public async Task A_saved_drawing_is_a_whole_configuration_for_its_owner_alone()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        string camera = page.Config.Cameras[0].Id;

        JsonElement saved = await JsonAsync(await page.PostAsync($"/api/cameras/{camera}/save", Line));

        string file = saved.GetProperty("file").GetString()!;
        DeviceConfig config = ConfigFile.Load(file);
        Assert.Equal((page.Config.Version + 1, "aisle"), (config.Version, Assert.Single(config.Cameras[0].Lines).Id));
        Assert.Equal(ConfigSections.Text(page.Config.Gates), ConfigSections.Text(config.Gates));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        for (int n = 0; n < 30; n++)
        {
            File.WriteAllText(Path.Combine(page.Drafts, $"20250101T0000{n:00}Z-old.json"), "{}");
        }
        await page.PostAsync($"/api/cameras/{camera}/save", Line);
        Assert.InRange(Directory.GetFiles(page.Drafts).Length, 1, 20);
    }

    [Fact]
    public async Task What_is_too_large_or_of_another_method_is_refused()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        using HttpResponseMessage large = await page.PostAsync("/api/cameras/front/try", new string(' ', 100_000));
        using HttpResponseMessage put = await page.Client.PutAsync("/api/now", new StringContent(""));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.MethodNotAllowed), (large.StatusCode, put.StatusCode));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        IOException taken = await Assert.ThrowsAsync<IOException>(() => PageServer.StartAsync(
            new DashboardConfig(Port: page.Port), new PageSources { Board = page.Board, Config = () => page.Config }, OpenPage.Token, TimeProvider.System, NullLogger.Instance));

        Assert.Contains($"127.0.0.1:{page.Port}", taken.Message, StringComparison.Ordinal);
        Assert.Contains("dashboard.port", taken.Message, StringComparison.Ordinal);
    }

    private static int Counted(JsonElement tried, string line)
    {
        JsonElement counts = tried.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("id").GetString() == line);
        return counts.GetProperty("in").GetInt32() + counts.GetProperty("out").GetInt32();
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        }
    }
}
