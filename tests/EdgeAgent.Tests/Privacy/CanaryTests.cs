using System.Diagnostics;
using System.Text;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Tests.Faults;
using EdgeAgent.Tests.MemberRooms;
using EdgeAgent.Torture.Faults;

namespace EdgeAgent.Tests.PrivacyRooms;

/// <summary>
/// A face of no member stands in an opt-in zone for an hour of virtual time, pressing the button each minute. Afterwards neither its picture nor a vector of it
/// is anywhere: not in any block of the disk that the agent could write to, not among its events, not in what it printed.
/// </summary>
public sealed class CanaryTests : IDisposable
{
    private const int Minutes = 60;

    private readonly ConsentDesk _desk = new();
    private readonly TestFolder _folder = new();

    public void Dispose()
    {
        _desk.Dispose();
        _folder.Dispose();
    }

    [DiskAndSharedFact]
    public async Task Nothing_of_a_face_of_no_member_is_on_disk_among_the_events_or_in_the_log_after_an_hour()
    {
        using var disk = new LoopDisk(32);
        byte[] row = Scene(Minutes);
        await EnrolAsync(disk["state"], "009_C.jpg");

        (string events, string said) = await ReplayAsync(disk);

        Assert.DoesNotContain("member.arrived", events, StringComparison.Ordinal);
        Look(disk, events, said, row, found: null);
        // The control: the same look finds the picture, the vector in the clear and the vector in the events.
        File.WriteAllBytes(disk["planted"], row);
        Look(disk, events, said, row, LeakKind.Canary);
        File.WriteAllBytes(disk["planted"], ConsentDesk.Canary().AsBytes().ToArray());
        Look(disk, events, said, [1, 2, 3, 4, 5, 6, 7, 0x55], LeakKind.Vector);
        Assert.Contains(LeakScanner.Scan(Encoding.UTF8.GetBytes(events + Convert.ToBase64String(ConsentDesk.Canary().AsBytes()))), leak => leak.Kind == LeakKind.Vector);
    }

    /// <summary>The control of the scene: the same face is looked at, and recognised when it is a member's.</summary>
    [DiskAndSharedFact]
    public async Task The_same_face_arrives_when_it_is_a_member_s()
    {
        using var disk = new LoopDisk(32);
        Scene(minutes: 1);
        await EnrolAsync(disk["state"], "001_A.jpg");

        Assert.Contains("member.arrived", (await ReplayAsync(disk)).Events, StringComparison.Ordinal);
    }

    private static void Look(LoopDisk disk, string events, string said, byte[] row, LeakKind? found)
    {
        byte[] bgr = [.. row.Chunk(3).SelectMany(pixel => pixel.Reverse())];
        LeakKind[] onDisk = [.. LeakScanner.Scan(disk.Raw(), [row, bgr]).Select(leak => leak.Kind).Distinct()];
        LeakKind[] told = [.. new[] { events, said }.SelectMany(text => LeakScanner.Scan(Encoding.UTF8.GetBytes(text), [row, bgr])).Select(leak => leak.Kind)];

        Assert.Equal(found is LeakKind kind ? [kind] : [], onDisk);
        Assert.Empty(told);
    }

    /// <summary>One face, one picture a second, in a clip that lies not on the agent's disk. Gives 96 bytes of its pixels.</summary>
    private byte[] Scene(int minutes)
    {
        string clip = Path.Combine(_folder.Root, "scene", "clip.mkv");
        Directory.CreateDirectory(Path.GetDirectoryName(clip)!);
        Ffmpeg(
            "-loop", "1", "-r", "1", "-i", Path.Combine(Repo.Shared!, "fixtures/faces/compreface/001_A.jpg"), "-t", $"{minutes * 60}", "-vf", "scale=480:-2", "-c:v", "libx264rgb", "-qp", "0",
            "-preset", "ultrafast", clip);
        Ffmpeg("-i", clip, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", _folder["frame.rgb"]);
        _folder.Write("scene/config.json", Config);
        _folder.Write("scene/gestures.jsonl", string.Join('\n', Enumerable.Range(0, minutes).Select(m => $$"""{"atMs":{{(m * 60_000) + 2_000}},"zone":"greeting","seconds":20}""")));
        byte[] frame = File.ReadAllBytes(_folder["frame.rgb"]);
        return frame[(frame.Length / 2 / 3 * 3)..][..96];
    }

    private async Task EnrolAsync(string state, string photo)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _desk.PutKey(Path.Combine(state, "trust/consent"));
        File.WriteAllBytes(_folder["m-1.json"], _desk.Signed("m-1", now.AddDays(-1), now.AddDays(300)));
        (await EdgeAgentProcess.RunAsync(
            "members", "enroll", "m-1", Path.Combine(Repo.Shared!, "fixtures/faces/compreface", photo), "--consent", _folder["m-1.json"], "--state", state, "--models",
            Path.Combine(Repo.Shared!, "models"))).AssertOk();
    }

    /// <summary>With its temporary files, too, on the disk.</summary>
    private async Task<(string Events, string Said)> ReplayAsync(LoopDisk disk)
    {
        Directory.CreateDirectory(disk["tmp"]);
        using EdgeAgentProcess agent = EdgeAgentProcess.Start(
            new Dictionary<string, string?> { ["TMPDIR"] = disk["tmp"] }, "replay", _folder["scene"], "--models", Path.Combine(Repo.Shared!, "models"), "--state", disk["state"], "--events", disk["events.jsonl"]);
        Ended ended = await agent.EndAsync();
        ended.AssertOk();
        return (await File.ReadAllTextAsync(disk["events.jsonl"]), ended.Out + ended.Error);
    }

    private static void Ffmpeg(params string[] arguments)
    {
        using Process ffmpeg = Process.Start("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]);
        ffmpeg.WaitForExit();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    private const string Config =
        """
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s0001", "box": "b1" },
          "cameras": [ { "id": "desk", "source": "clip:clip.mkv", "fps": 1, "width": 480,
            "zones": [ { "id": "greeting", "area": [[0, 0], [1, 0], [1, 1], [0, 1]], "optIn": true } ] } ],
          "readers": [], "gates": [],
          "checkout": { "currency": "EUR", "priceBook": [] },
          "models": { "people": "person-light-192", "faces": "yunet-2023mar-640", "faceVectors": "face-omz0095" },
          "faces": { "gestureSeconds": 20 }
        }
        """;
}

/// <summary>A test that needs a disk of its own, and models and pictures of the shared folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskAndSharedFactAttribute : FactAttribute
{
    public DiskAndSharedFactAttribute() => Skip = LoopDisk.Missing ?? new SharedFactAttribute().Skip;
}
