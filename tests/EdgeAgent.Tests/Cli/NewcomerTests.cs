using EdgeAgent.Simulators.Cameras;

namespace EdgeAgent.Tests.Commands;

/// <summary>README's "A running store without hardware", step by step, with the built program.</summary>
public sealed class NewcomerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrokerAndFfmpegFact]
    public async Task A_newcomer_has_a_running_store()
    {
        string[] store = [_folder["store.json"], "--state", _folder["state"], "--allow-synthetic-models"];
        using EdgeAgentProcess simulated = EdgeAgentProcess.Start("simulate", "store", "--out", _folder.Root);
        await simulated.LineAsync("Start the agent in another terminal:");
        string told = await simulated.LineAsync("edge-agent run ");
        Assert.Equal(["edge-agent", "run", .. store], told.Trim().Split(' '));

        (await EdgeAgentProcess.RunAsync("config", "check", _folder["store.json"])).AssertOk();
        Ended doctor = await EdgeAgentProcess.RunAsync(["doctor", .. store]);
        Assert.Matches("camera +front +ok", doctor.Out);
        Assert.Matches("reader +exit-reader +ok", doctor.Out);
        using EdgeAgentProcess agent = EdgeAgentProcess.Start(["run", .. store]);
        await agent.LineAsync("Camera front is online.");

        await simulated.LineAsync("somebody came in by entrance");
        await simulated.LineAsync("passed gate-1");
        agent.Terminate();
        (await agent.EndAsync()).AssertOk();
        Ended outbox = await EdgeAgentProcess.RunAsync("outbox", "status", _folder["state"]);
        outbox.AssertOk();
        // Told to end, it takes its broker and its camera with it.
        simulated.Terminate();
        await simulated.EndAsync();
    }

    [FfmpegFact]
    public async Task A_clip_is_a_camera()
    {
        string clip = _folder["clip.mp4"];
        await ShortClip.WriteAsync(clip, seconds: 2, indexFirst: true);
        using EdgeAgentProcess camera = EdgeAgentProcess.Start("simulate", "camera", clip, "--port", "0");
        string line = await camera.LineAsync("The camera is at rtsp://");
        string address = line.Split(' ')[4].TrimEnd('.');

        using var ffmpeg = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-rtsp_transport", "tcp", "-i", address, "-frames:v", "25", "-f", "null", "-"]) { RedirectStandardError = true })!;
        string complaints = await ffmpeg.StandardError.ReadToEndAsync();
        await ffmpeg.WaitForExitAsync();
        camera.Terminate();
        await camera.EndAsync();

        Assert.Equal((0, ""), (ffmpeg.ExitCode, complaints)); // from a key picture on, over the seam of the clip
    }

    [Theory]
    [InlineData("65", true)] // alone
    [InlineData("41", false)]
    [InlineData("7C85", true)] // the first fragment
    [InlineData("7C05", false)] // a later one
    [InlineData("7C81", false)]
    [InlineData("7800020605000265AA", true)] // an aggregate of SEI and key picture
    [InlineData("78000206050002 41AA", false)]
    public void A_client_begins_with_a_key_picture(string payload, bool begins) =>
        Assert.Equal(begins, RtspSession.StartsKeyPicture([.. new byte[12], .. Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal)), 0]));
}
