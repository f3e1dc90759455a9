using System.Diagnostics;
using System.Text.Json;
using EdgeAgent.Simulators.Peers;
using EdgeAgent.Simulators.Stores;

namespace EdgeAgent.Tests.Dashboard;

/// <summary>A test with a real browser; skipped with a sentence where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Missing.Ffmpeg ?? (PageBrowserTests.Chromium is null ? "Chromium is not installed: apt-get install chromium." : PageBrowserTests.Driver.Missing);
}

/// <summary>The page in Chromium while a drawn shop is replayed four times faster than it was. The npm package playwright-core drives it; nothing of it ships.</summary>
public class PageBrowserTests
{
    internal static string? Chromium { get; } = ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser"]).FirstOrDefault(File.Exists);

    internal static NpmFolder Driver { get; } = new(Repo.File("tests/EdgeAgent.Tests/Dashboard/Browser"), "playwright-core");

    /// <remarks>Set EDGE_PAGE_SHOTS to a folder to look at the page yourself, at 1280 and at 390 pixels.</remarks>
    [BrowserFact]
    public async Task Counts_move_lines_count_wrong_tokens_are_refused_and_no_request_leaves_the_machine()
    {
        using var folder = new TestFolder();
        await ScenarioFolder.WriteDemoAsync(folder["demo"], CancellationToken.None);
        string? shots = Environment.GetEnvironmentVariable("EDGE_PAGE_SHOTS");
        using Process node = Driver.Run("node", ["drive.js", Chromium!, "7", .. shots is null ? [] : new[] { shots }]);
        Task<string> error = node.StandardError.ReadToEndAsync();
        Assert.Equal("ready", await node.StandardOutput.ReadLineAsync());
        using Process agent = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-agent.dll"), "replay", folder["demo"], "--dashboard", "0", "--speed", "4"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        try
        {
            Task<string> output = agent.StandardOutput.ReadToEndAsync();
            string said = await agent.StandardError.ReadLineAsync() ?? "";
            Task<string> rest = agent.StandardError.ReadToEndAsync();
            var address = new Uri(said[said.IndexOf("http", StringComparison.Ordinal)..]);
            string origin = address.GetLeftPart(UriPartial.Authority);

            await node.StandardInput.WriteLineAsync($"{origin} {address.Query["?token=".Length..]}");
            string found = await node.StandardOutput.ReadToEndAsync();
            await node.WaitForExitAsync();
            Assert.True(node.ExitCode == 0, await error + found);
            JsonElement seen = JsonElement.Parse(found);

            Assert.Equal([origin], Texts(seen, "hosts"));
            Assert.Empty(Texts(seen, "problems"));
            Assert.Equal(401, seen.GetProperty("wrong").GetProperty("status").GetInt32());
            Assert.Contains("Token needed", seen.GetProperty("wrong").GetProperty("text").GetString(), StringComparison.Ordinal);
            Assert.Equal(origin + "/", seen.GetProperty("address").GetString());
            Assert.Equal("Strict", seen.GetProperty("cookie").GetProperty("sameSite").GetString());
            Assert.True(seen.GetProperty("cookie").GetProperty("httpOnly").GetBoolean());

            int[] visits = Numbers(seen, "visits");
            Assert.True(visits.Length >= 3, $"The visits moved over {string.Join(", ", visits)}.");
            Assert.Equal(visits.Order(), visits);
            Assert.Equal(7, visits[^1]);
            Assert.True(Numbers(seen, "inside").Max() >= 2 && Numbers(seen, "inside")[^1] == 0, $"Inside were {string.Join(", ", Numbers(seen, "inside"))}.");
            Assert.Contains("ambiguous shopper", seen.GetProperty("bag").GetString(), StringComparison.Ordinal);

            JsonElement line = seen.GetProperty("line");
            (int In, int Out) across = Counted(line, "across");
            Assert.True(across.In + across.Out >= 7, $"A line across the shop counted {across}.");
            Assert.Equal((across.Out, across.In), Counted(line, "round"));
            Assert.Equal((0, 0), Counted(line, "away"));
            Assert.InRange(line.GetProperty("counted").GetInt32(), 7, seen.GetProperty("before").GetProperty("ways").GetInt32());
            Assert.True(int.Parse(seen.GetProperty("zone").GetString()!["came in ".Length..], System.Globalization.CultureInfo.InvariantCulture) >= 5);
            Assert.Contains("$.cameras[0].lines[0].id", seen.GetProperty("error").GetString(), StringComparison.Ordinal);
            JsonElement copied = JsonElement.Parse(seen.GetProperty("copied").GetString()!);
            Assert.Equal(("aisle", 4), (copied.GetProperty("lines")[0].GetProperty("id").GetString(), copied.GetProperty("zones")[0].GetProperty("area").GetArrayLength()));

            Assert.Equal("front-drawing.json", seen.GetProperty("download").GetString());
            Assert.Equal((1280, 390, 390), (seen.GetProperty("wide").GetInt32(), seen.GetProperty("narrow").GetInt32(), seen.GetProperty("narrowEditor").GetInt32()));
            agent.Kill();
            await output;
            Assert.Contains("The replay is over", await rest, StringComparison.Ordinal);
        }
        finally
        {
            foreach (Process child in (Process[])[agent, node])
            {
                if (!child.HasExited)
                {
                    child.Kill(entireProcessTree: true);
                }
            }
        }
    }

    private static (int In, int Out) Counted(JsonElement line, string name)
    {
        string[] words = line.GetProperty(name).GetString()!.Split(' ', ',');
        return (int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), int.Parse(words[^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string[] Texts(JsonElement seen, string name) => [.. seen.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    private static int[] Numbers(JsonElement seen, string name) => [.. seen.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
