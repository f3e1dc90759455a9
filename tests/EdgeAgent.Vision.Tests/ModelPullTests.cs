using System.Net;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Vision.Tests;

public class ModelPullTests
{
    private const string Name = "person-reid-0288";

    [SharedFact]
    public async Task Pull_from_a_directory_brings_the_file_and_tells_its_progress()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var reports = new List<PullProgress>();
        await Shared.Catalog().PullAsync(folder.Path, Shared.Models, [Name], http, reports.Add, CancellationToken.None);
        Assert.Null(Assert.Single(Shared.Catalog().Verify(folder.Path, [Name])).Problem);
        Assert.True(reports.Count > 2 && reports[^1].Done && reports[^1].Bytes == reports[^1].Total);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [SharedFact]
    public async Task Pull_from_a_web_address_brings_the_file()
    {
        using var folder = new TempFolder();
        using var web = new LocalWeb(async (path, client) => await LocalWeb.AnswerAsync(
            client, HttpStatusCode.OK, "application/octet-stream", await File.ReadAllBytesAsync(Shared.Models + path)));
        using var http = new HttpClient();
        await Shared.Catalog().PullAsync(folder.Path, web.Address, [Name], http, null, CancellationToken.None);
        Assert.Null(Assert.Single(Shared.Catalog().Verify(folder.Path, [Name])).Problem);
    }

    [Fact]
    public async Task A_file_with_another_hash_is_refused_by_name_and_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        using var from = new TempFolder();
        from.Write("person_reid_omz0288.onnx", new byte[1000]);
        using var http = new HttpClient();
        ModelException error = await Assert.ThrowsAsync<ModelException>(
            () => Shared.Catalog().PullAsync(folder.Path, from.Path, [Name], http, null, CancellationToken.None));
        Assert.Contains($"'{Name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("sha256", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_missing_file_a_missing_page_and_an_endless_answer_are_one_sentence_each()
    {
        using var folder = new TempFolder();
        using var web = new LocalWeb((path, client) => path.StartsWith("/long", StringComparison.Ordinal)
            ? LocalWeb.AnswerAsync(client, HttpStatusCode.OK, "application/octet-stream", new byte[600_000])
            : LocalWeb.AnswerAsync(client, HttpStatusCode.NotFound, "text/plain", []));
        using var http = new HttpClient();
        foreach ((string from, string says) in new[]
        {
            ("/nowhere", "could not be fetched"), (web.Address + "/none", "404"), (web.Address + "/long", "longer than"),
        })
        {
            ModelException error = await Assert.ThrowsAsync<ModelException>(
                () => Shared.Catalog().PullAsync(folder.Path, from, [Name], http, null, CancellationToken.None));
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
        ModelException none = await Assert.ThrowsAsync<ModelException>(
            () => Shared.Catalog().PullAsync(folder.Path, null, [Name], http, null, CancellationToken.None));
        Assert.Contains("no address of its own", none.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_one_sentence()
    {
        using var folder = new TempFolder();
        string notAFolder = folder.Write("file", [1]);
        using var http = new HttpClient();
        foreach (string directory in new[] { notAFolder, Path.Combine(notAFolder, "models") })
        {
            ModelException error = await Assert.ThrowsAsync<ModelException>(
                () => Shared.Catalog().PullAsync(directory, folder.Path, [Name], http, null, CancellationToken.None));
            Assert.Contains("could not be fetched into " + directory, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("http://[x/")]
    [InlineData("http://host:99999")]
    public async Task An_address_that_is_none_is_one_sentence(string from)
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        ModelException error = await Assert.ThrowsAsync<ModelException>(
            () => Shared.Catalog().PullAsync(folder.Path, from, [Name], http, null, CancellationToken.None));
        Assert.Contains("is no address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_stops_in_the_middle_is_given_up()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        using var web = new LocalWeb(async (_, client) =>
        {
            await client.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 498542\r\n\r\nfirst bytes"u8.ToArray());
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        });
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        ModelException error = await Assert.ThrowsAsync<ModelException>(
            () => Shared.Catalog().PullAsync(folder.Path, web.Address, [Name], http, null, CancellationToken.None))
            .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Contains("did not answer in time", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
        await stop.CancelAsync();
    }
}
