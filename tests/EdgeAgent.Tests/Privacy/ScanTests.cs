using System.Text;
using EdgeAgent.Cli;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Simulators.Stores;
using EdgeAgent.Tests.MemberRooms;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.PrivacyRooms;

/// <summary>All that a running agent writes, says and logs, looked through for what must not be there; each kind planted in the same places is found.</summary>
public sealed class ScanTests
{
    [MosquittoFact]
    public async Task An_agent_s_disk_line_and_log_hold_no_picture_vector_or_canary_and_its_line_no_epc()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        using var recorded = new TestFolder { HoldsPlants = true };
        await using LlrpReaderSimulator reader = RunningStore.ReaderWithBag();
        using var store = new RunningStore(broker, reader);
        using (EdgeAgentProcess agent = store.Start())
        {
            await using Subscriber line = await Subscriber.StartAsync(broker);
            await line.DocumentAsync("/evt/exit/held");
            agent.Terminate();
            await line.DocumentAsync("/evt/privacy/rotated");
            await line.DocumentAsync("/state", d => d.GetProperty("state").GetString() == "stopped");
            recorded.Write("line.jsonl", string.Join('\n', line.Heard.Select(m => $"{m.Topic} {m.Payload}")));
            Ended ended = await agent.EndAsync();
            recorded.Write("agent.log", ended.Out + ended.Error);
        }
        byte[] epc = Convert.FromHexString(Goods.Cola.Tag(1).ToHex());

        Assert.Empty(PrivacyCommand.Find([store.State], [], epcs: false));
        Assert.Empty(PrivacyCommand.Find([recorded.Root], [epc], epcs: true));
        foreach (string file in new[] { "outbox.db", "evidence.db" })
        {
            File.Copy(Path.Combine(store.State, file), recorded[file]);
        }
        Plant(recorded["outbox.db"], [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8]);
        Plant(recorded["evidence.db"], ConsentDesk.Canary().AsBytes().ToArray());
        Plant(recorded["line.jsonl"], Encoding.ASCII.GetBytes($"\"{Convert.ToBase64String(ConsentDesk.Canary().AsBytes())}\""));
        Plant(recorded["agent.log"], Encoding.ASCII.GetBytes("Tag 3034257BF7194E4000001A85 left."));
        Assert.Equal(
            ["Image", "Vector", "Vector", "Epc"],
            PrivacyCommand.Find([recorded["outbox.db"], recorded["evidence.db"], recorded["line.jsonl"], recorded["agent.log"]], [], epcs: true)
                .Where(found => !found.File.EndsWith(".db", StringComparison.Ordinal) || found.Leak.Kind != LeakKind.Epc).Select(found => found.Leak.Kind.ToString()));
    }

    [Fact]
    public async Task The_command_names_file_and_kind_and_ends_with_seven_and_says_what_is_wrong_with_its_arguments()
    {
        using var folder = new TestFolder { HoldsPlants = true };
        folder.Write("a/clean.txt", "Nothing to see here.");
        (await EdgeAgentProcess.RunAsync("privacy", "scan", folder["a"])).AssertOk();
        folder.Write("a/b/picture.txt", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==");
        File.WriteAllBytes(folder["canary"], [1, 2, 3, 4, 5, 6, 7, 8]);
        File.WriteAllBytes(folder["a/canary"], [0, 1, 2, 3, 4, 5, 6, 7, 8]);

        Ended found = await EdgeAgentProcess.RunAsync("privacy", "scan", folder["a"], "--canary", folder["canary"]);

        Assert.Equal(ExitCode.Different, found.ExitCode);
        Assert.Matches(@"picture\.txt\s+image\s+0", found.Out);
        Assert.Matches(@"canary\s+canary\s+1", found.Out);
        (await EdgeAgentProcess.RunAsync("privacy", "scan", folder["none"])).AssertFailed(ExitCode.File, "There is no file or folder");
        (await EdgeAgentProcess.RunAsync("privacy", "scan", folder["a"], "--canary", folder["a/clean.txt"] + "x")).AssertFailed(ExitCode.File);
    }

    private static void Plant(string file, byte[] bytes)
    {
        using FileStream end = new(file, FileMode.Append, FileAccess.Write);
        end.Write(bytes);
    }
}
