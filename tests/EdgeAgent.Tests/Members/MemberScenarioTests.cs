using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Replay;

namespace EdgeAgent.Tests.MemberRooms;

public sealed class MemberScenarioTests : IDisposable
{
    [SharedFact]
    public async Task Enrolled_members_arrive_after_a_gesture_the_same_in_every_replay_and_an_erased_one_no_more()
    {
        using var folder = new TestFolder();
        folder.Write("scene/config.json", Config);
        folder.Write("scene/gestures.jsonl", """{"atMs":500,"zone":"greeting"}""");
        (await EnrolAsync(folder, "woman", Frames(folder, "female", 10, 14, 18, 20))).AssertOk();
        (await EnrolAsync(folder, "man", Frames(folder, "male", 5, 20, 40))).AssertOk();

        string first = await EventsAsync(folder);
        Assert.Equal(["man", "woman"], Arrived(first));
        Assert.Equal(first, await EventsAsync(folder));

        (await EdgeAgentProcess.RunAsync("members", "erase", "woman", "--state", folder["state"])).AssertOk();
        Assert.Equal(["man"], Arrived(await EventsAsync(folder)));

        File.Delete(folder["scene/gestures.jsonl"]);
        Assert.Empty(Arrived(await EventsAsync(folder)));
    }

    [SharedFact]
    public async Task Each_refused_picture_is_named_and_a_name_or_a_past_consent_is_no_enrolment()
    {
        using var folder = new TestFolder();
        string empty = Photo("017_0.jpg"), two = Photo("010_2.jpg");
        (await EnrolAsync(folder, "m-1", [empty, two])).AssertFailed(ExitCode.Member, "017_0.jpg shows no face", "010_2.jpg shows 2 faces", "nobody is enrolled");
        (await EnrolAsync(folder, "Eva Muster", [Photo("009_C.jpg")])).AssertFailed(ExitCode.Member, "never a name");
        (await EnrolAsync(folder, "m-1", [Photo("009_C.jpg")], ended: true)).AssertFailed(ExitCode.Member, "past");
        (await EnrolAsync(folder, "m-1", [Photo("009_C.jpg")], of: "m-2")).AssertFailed(ExitCode.Member, "the consent of m-2");
        using (var stranger = new ConsentDesk())
        {
            (await EnrolAsync(folder, "m-1", [Photo("009_C.jpg")], desk: stranger)).AssertFailed(ExitCode.Member, "not in the trust folder");
        }
        (await EnrolAsync(folder, "m-1", [Photo("007_B.jpg"), Photo("009_C.jpg")])).AssertFailed(ExitCode.Member, "different persons");
        Assert.False(Directory.Exists(folder["state/members"]));

        (await EnrolAsync(folder, "m-1", [Photo("007_B.jpg")])).AssertOk();
        Ended twin = await EnrolAsync(folder, "m-2", [Photo("008_B.jpg")]);
        twin.AssertOk();
        Assert.Contains("m-2 resembles m-1", twin.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"atMs":1,"zone":"aisle"}""", "no zone with \"optIn\"")]
    [InlineData("""{"atMs":1,"zone":"greeting","who":"eva"}""", "the key who is not known")]
    [InlineData("""{"atMs":-1,"zone":"greeting"}""", "atMs is 0 or more")]
    [InlineData("""{"atMs":9,"zone":"greeting"}X{"atMs":1,"zone":"greeting"}""", "line 2: gestures lie in the order of time")]
    [InlineData("gesture", "line 1: it is not")]
    public void A_wrong_gesture_is_named_with_file_and_line(string lines, string words)
    {
        using var folder = new TestFolder();
        folder.Write("scene/config.json", Config);
        folder.Write("scene/gestures.jsonl", lines.Replace('X', '\n'));
        Scenario scenario = Scenario.Open(folder["scene"]);

        Assert.Contains(words, Assert.Throws<ScenarioException>(() => GestureFile.Read(scenario.Folder, scenario.Config, Replayer.Start)).Message, StringComparison.Ordinal);
    }

    private const string Config =
        """
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s0001", "box": "b1" },
          "cameras": [ { "id": "desk", "source": "clip:${EDGE_SHARED}/fixtures/video/preview-head-pose-face-detection-female-and-male.gif", "fps": 12, "width": 480,
            "zones": [ { "id": "greeting", "area": [[0, 0], [1, 0], [1, 1], [0, 1]], "optIn": true }, { "id": "aisle", "area": [[0, 0], [1, 0], [1, 1]] } ] } ],
          "readers": [], "gates": [],
          "checkout": { "currency": "EUR", "priceBook": [] },
          "models": { "people": "person-light-192", "faces": "yunet-2023mar-640", "faceVectors": "face-omz0095" },
          "faces": {}
        }
        """;

    private static string Photo(string name) => Path.Combine(Repo.Shared!, "fixtures/faces/compreface", name);

    private readonly ConsentDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    private Task<Ended> EnrolAsync(TestFolder folder, string reference, string[] pictures, bool ended = false, string? of = null, ConsentDesk? desk = null)
    {
        _desk.PutKey(folder["state/trust/consent"]);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string member = of ?? (Core.Members.MemberRef.IsValid(reference) ? reference : "m-0");
        string consent = folder[$"{member}.json"];
        File.WriteAllBytes(consent, (desk ?? _desk).Signed(member, now.AddDays(-9), now.AddDays(ended ? -1 : 700)));
        return EdgeAgentProcess.RunAsync(
            ["members", "enroll", reference, .. pictures, "--consent", consent, "--state", folder["state"], "--models", Path.Combine(Repo.Shared!, "models")]);
    }

    private static string[] Frames(TestFolder folder, string clip, params int[] numbers) => [.. numbers.Select(number =>
    {
        string file = folder[$"{clip}-{number}.png"];
        Process.Start("ffmpeg", [
            "-nostdin", "-v", "error", "-i", Path.Combine(Repo.Shared!, $"fixtures/video/preview-head-pose-face-detection-{clip}.gif"),
            "-vf", $"select=eq(n\\,{number})", "-frames:v", "1", file]).WaitForExit();
        return file;
    })];

    private static async Task<string> EventsAsync(TestFolder folder)
    {
        Ended ended = await EdgeAgentProcess.RunAsync(
            "replay", folder["scene"], "--models", Path.Combine(Repo.Shared!, "models"), "--state", folder["state"], "--events", folder["events.jsonl"]);
        ended.AssertOk();
        return await File.ReadAllTextAsync(folder["events.jsonl"], Encoding.UTF8);
    }

    private static string[] Arrived(string events) =>
        [.. events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(e => e.GetProperty("type").GetString() == "sst.member.arrived.v1").Select(e => e.GetProperty("data").GetProperty("member").GetString()!)
            .Order(StringComparer.Ordinal)];
}
