using System.Security.Cryptography;
using EdgeAgent.Core.Config;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.MemberRooms;

/// <summary>A whole agent with face models at a real broker: a consent comes, a template is made under it, a later one takes its place, and the revocation destroys it all.</summary>
public sealed class ConsentRunTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ConsentDesk _desk = new();

    public void Dispose()
    {
        _desk.Dispose();
        _folder.Dispose();
    }

    [BrokerAndSharedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_consent_is_granted_used_renewed_and_revoked_by_command(bool serviceManagerGivesKey)
    {
        Dictionary<string, string?> environment = new() { ["CREDENTIALS_DIRECTORY"] = serviceManagerGivesKey ? Credentials() : null };
        string state = _folder["state"], face = Path.Combine(Repo.Shared!, "fixtures/faces/compreface/001_A.jpg");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        byte[] first = _desk.Signed("m-4711", now.AddDays(-2), now.AddDays(30)), second = _desk.Signed("m-4711", now.AddDays(-1), now.AddDays(60));
        _desk.PutKey(Path.Combine(state, "trust/consent"));
        using var broker = new MosquittoBroker();
        broker.Start();
        await using Subscriber line = await Subscriber.StartAsync(broker);
        await using Caller caller = await Caller.StartAsync(broker, new StoreConfig("acme", "s0001", "b1"));
        using EdgeAgentProcess agent = EdgeAgentProcess.Start(
            environment, "run", _folder.Write("store.json", Config(broker.Port)), "--state", state, "--models", Path.Combine(Repo.Shared!, "models"));
        await line.DocumentAsync("/state", s => s.GetProperty("state").GetString() == "ready");

        Assert.Equal((200, 0), Of(await GrantAsync(caller, first), "templates"));
        Assert.Contains("agreed, not enrolled", await MembersAsync("list"), StringComparison.Ordinal);
        await MembersAsync("enroll", "m-4711", face);
        Assert.Matches("m-4711 .* good", await MembersAsync("list"));
        Assert.Equal((200, 1), Of(await GrantAsync(caller, second), "templates"));
        Assert.Contains($"{now.AddDays(60):yyyy-MM-dd}", await MembersAsync("list"), StringComparison.Ordinal);
        Assert.Equal((403, "older"), Fault(await GrantAsync(caller, first)));
        Assert.Equal(!serviceManagerGivesKey, File.Exists(Path.Combine(state, "members.key")));
        // Only under the consent: with another one in its place the template does not open.
        string file = Path.Combine(state, "members/m-4711.member");
        byte[] whole = File.ReadAllBytes(file), forged = [.. whole];
        int at = forged.AsSpan().IndexOf("recognition"u8);
        Assert.True(at > 0);
        forged[at]++;
        File.WriteAllBytes(file, forged);
        Assert.DoesNotContain("good", await MembersAsync("list"), StringComparison.Ordinal);
        File.WriteAllBytes(file, whole);

        Reply revoked = await caller.AskAsync("consent.revoke", """{"member":"m-4711"}""");
        Assert.Equal((200, 1), Of(revoked, "templates"));
        Assert.Equal((1, 1), (revoked.Data.GetProperty("keys").GetInt32(), revoked.Data.GetProperty("consents").GetInt32()));
        Assert.Equal(["revoked"], Directory.GetFiles(Path.Combine(state, "members")).Select(Path.GetFileName));
        Assert.Equal((403, "revoked"), Fault(await GrantAsync(caller, second)));
        Assert.DoesNotContain("m-4711", await MembersAsync("list"), StringComparison.Ordinal);
        agent.Terminate();
        Ended ended = await agent.EndAsync();
        ended.AssertOk();
        Assert.DoesNotContain("m-4711", ended.Out + ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(line.Heard, m => !m.Topic.Contains("/cmd/", StringComparison.Ordinal) && m.Payload.Contains("m-4711", StringComparison.Ordinal));

        async Task<string> MembersAsync(string command, params string[] arguments)
        {
            using EdgeAgentProcess tool = EdgeAgentProcess.Start(environment, ["members", command, .. arguments, "--state", state, "--models", Path.Combine(Repo.Shared!, "models")]);
            Ended said = await tool.EndAsync();
            said.AssertOk();
            return said.Out;
        }
    }

    private static Task<Reply> GrantAsync(Caller caller, byte[] consent) => caller.AskAsync("consent.grant", $$"""{"consent":{{System.Text.Encoding.UTF8.GetString(consent)}}}""");

    private static (int Status, int Number) Of(Reply reply, string number) => (reply.Status, reply.Data.GetProperty(number).GetInt32());

    private static (int Status, string? Fault) Fault(Reply reply) => (reply.Status, reply.Data.GetProperty("fault").GetString());

    /// <summary>As a service manager gives it: a folder of the service's own, the file readable by owner and, as an access list shows, by the group.</summary>
    private string Credentials()
    {
        Directory.CreateDirectory(_folder["credentials"]);
        File.WriteAllBytes(_folder["credentials/members.key"], RandomNumberGenerator.GetBytes(32));
        File.SetUnixFileMode(_folder["credentials/members.key"], UnixFileMode.UserRead | UnixFileMode.GroupRead);
        return _folder["credentials"];
    }

    private static string Config(int port) =>
        $$"""
        {
          "version": 1,
          "store": { "tenant": "acme", "store": "s0001", "box": "b1" },
          "cameras": [ { "id": "desk", "source": "rtsp://127.0.0.1:9/desk", "zones": [ { "id": "greeting", "area": [[0, 0], [1, 0], [1, 1], [0, 1]], "optIn": true } ] } ],
          "readers": [], "gates": [],
          "broker": { "host": "127.0.0.1", "port": {{port}} },
          "checkout": { "currency": "EUR", "priceBook": [] },
          "models": { "people": "person-light-192", "faces": "yunet-2023mar-640", "faceVectors": "face-omz0095" },
          "faces": { "gestureSeconds": 20 }
        }
        """;
}

/// <summary>A test that needs a broker, and models and pictures of the shared folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrokerAndSharedTheoryAttribute : TheoryAttribute
{
    public BrokerAndSharedTheoryAttribute() => Skip = new SharedFactAttribute().Skip ?? Missing.Mosquitto;
}
