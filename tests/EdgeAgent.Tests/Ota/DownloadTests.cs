using System.Security.Cryptography;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Ota;
using EdgeAgent.Signing;

namespace EdgeAgent.Tests.Ota;

/// <summary>The download against a real TLS server that cuts, changes, lies and keeps silent.</summary>
public sealed class DownloadTests : IDisposable
{
    private static readonly DownloadLimits s_limits = new(3, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5));

    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new("Test Authority");
    private readonly TlsFileServer _server;
    private readonly List<string> _warnings = [];
    private readonly byte[] _file = Bytes(seed: 1, 300_000);

    public DownloadTests()
    {
        _server = new TlsFileServer(_authority);
        _folder.Write("trust/store.crt", _authority.RootPem);
        _server.Files["/m"] = _file;
    }

    private string Target => _folder["incoming.onnx"];

    [Fact]
    public async Task A_file_comes_whole_and_says_how_far_it_is()
    {
        var progress = new List<long>();
        await FetchAsync(Wanted(), progress: progress.Add);

        Assert.Equal(_file, await File.ReadAllBytesAsync(Target));
        Assert.Equal(_file.Length, progress[^1]);
        Assert.Equal(["incoming.onnx"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_line_cut_three_times_is_taken_up_where_it_broke()
    {
        _server.Cuts.Enqueue(70_000);
        _server.Cuts.Enqueue(1);
        _server.Cuts.Enqueue(100_000);
        await FetchAsync(Wanted());

        Assert.Equal(_file, await File.ReadAllBytesAsync(Target));
        Asked[] asked = [.. _server.Requests];
        Assert.Equal(4, asked.Length);
        Assert.Null(asked[0].Range);
        Assert.All(asked[1..], again => Assert.NotNull(again.IfRange));
        Assert.Equal([null, "bytes=70000-", "bytes=70001-", "bytes=170001-"], asked.Select(a => a.Range));
    }

    [Fact]
    public async Task A_download_goes_on_after_a_restart_of_the_agent()
    {
        _server.Cuts.Enqueue(50_000);
        _server.Status = null;
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FetchAsync(Wanted(), warn: _ => stop.Cancel(), stop: stop.Token));
        await FetchAsync(Wanted());

        Assert.Equal(_file, await File.ReadAllBytesAsync(Target));
        Assert.Equal("bytes=50000-", _server.Requests.Last().Range);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_is_fetched_anew_and_not_patched_together()
    {
        byte[] newer = Bytes(seed: 2, _file.Length);
        _server.Cuts.Enqueue(80_000);
        await FetchAsync(Wanted(newer), warn: _ => _server.Files["/m"] = newer);

        Assert.Equal(newer, await File.ReadAllBytesAsync(Target));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task Without_entity_tags_a_broken_download_begins_anew()
    {
        _server.HasEntityTags = false;
        _server.Cuts.Enqueue(80_000);
        await FetchAsync(Wanted());

        Assert.Equal(_file, await File.ReadAllBytesAsync(Target));
        Assert.All(_server.Requests, asked => Assert.Null(asked.Range));
    }

    [Fact]
    public async Task A_wrong_hash_is_refused_and_leaves_nothing()
    {
        OtaArtefact wanted = Wanted() with { Sha256 = new string('0', 64) };

        Assert.Equal(OtaReason.HashMismatch, (await FailsAsync(wanted)).Reason);
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public async Task More_bytes_than_described_are_refused_whether_the_server_says_so_or_not()
    {
        OtaArtefact wanted = Wanted() with { Size = 100_000 };
        Assert.Equal(OtaReason.TooLong, (await FailsAsync(wanted)).Reason);
        _server.HidesLength = true;
        Assert.Equal(OtaReason.TooLong, (await FailsAsync(wanted)).Reason);
        Assert.True(new FileInfo(_folder["incoming.part"]).Length <= 100_000);
    }

    [Fact]
    public async Task A_file_shorter_than_described_is_refused() =>
        Assert.Equal(OtaReason.TooShort, (await FailsAsync(Wanted() with { Size = _file.Length + 1 })).Reason);

    [Fact]
    public async Task A_redirect_to_plain_http_is_not_followed()
    {
        _server.Redirect = "http://127.0.0.1:1/m";
        Assert.Equal(OtaReason.Redirect, (await FailsAsync(Wanted())).Reason);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_redirect_without_end_is_left()
    {
        _server.Redirect = _server.Url("/m");
        Assert.Equal(OtaReason.Redirect, (await FailsAsync(Wanted())).Reason);
        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_another_authority_vouches_for_is_not_asked()
    {
        using var stranger = new TestAuthority("Somebody Else");
        _folder.Write("trust/store.crt", stranger.RootPem);

        Assert.Equal(OtaReason.Certificate, (await FailsAsync(Wanted())).Reason);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_missing_file_is_not_asked_for_again_and_a_busy_server_is()
    {
        _server.Status = 404;
        Assert.Equal(OtaReason.Server, (await FailsAsync(Wanted())).Reason);
        Assert.Single(_server.Requests);
        _server.Status = 503;
        Assert.Equal(OtaReason.Server, (await FailsAsync(Wanted())).Reason);
        Assert.Equal(1 + s_limits.Tries, _server.Requests.Count);
    }

    [Fact]
    public async Task The_shops_line_is_taken_no_faster_than_the_description_allows()
    {
        long began = TimeProvider.System.GetTimestamp();
        await FetchAsync(Wanted(), kilobytesPerSecond: 1000);

        // 300 kB at 1,000 kB a second; the last piece is not waited for.
        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(0.2));
        Assert.Equal(_file, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_server_that_keeps_silent_is_left()
    {
        _server.IsSilent = true;
        DownloadException left = await FailsAsync(Wanted(), s_limits with { Tries = 2, Silence = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(OtaReason.Network, left.Reason);
        Assert.Contains("sent nothing", left.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_file_that_holds_none_is_a_sentence()
    {
        _folder.Write("trust/store.crt", "nonsense");
        SigningException wrong = await Assert.ThrowsAsync<SigningException>(() => FetchAsync(Wanted()));
        Assert.Contains("store.crt", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://models.example/m")]
    [InlineData("http://localhost/m")]
    [InlineData("ftp://127.0.0.1/m")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret@models.example/m")]
    [InlineData("m.onnx")]
    public void Only_https_is_an_address(string url) => Assert.Equal(OtaReason.Address, Assert.Throws<DownloadException>(() => Download.Address(url)).Reason);

    public void Dispose()
    {
        _server.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    internal static byte[] Bytes(ulong seed, int count)
    {
        byte[] bytes = new byte[count];
        Randomness.Seeded(seed)(bytes);
        return bytes;
    }

    private OtaArtefact Wanted(byte[]? content = null) =>
        new("model", "people-2", _server.Url("/m"), (content ?? _file).Length, Convert.ToHexStringLower(SHA256.HashData(content ?? _file)));

    private async Task<DownloadException> FailsAsync(OtaArtefact wanted, DownloadLimits? limits = null) =>
        await Assert.ThrowsAsync<DownloadException>(() => FetchAsync(wanted, limits));

    private async Task FetchAsync(
        OtaArtefact wanted, DownloadLimits? limits = null, Action<string>? warn = null, Action<long>? progress = null, int? kilobytesPerSecond = null, CancellationToken stop = default)
    {
        using HttpClient http = DownloadClient.Create(_folder["trust"]);
        var download = new Download(http, limits ?? s_limits, Randomness.Seeded(1), TimeProvider.System, warn ?? _warnings.Add);
        await download.FetchAsync(wanted, Target, kilobytesPerSecond, progress ?? (_ => { }), stop);
    }
}
