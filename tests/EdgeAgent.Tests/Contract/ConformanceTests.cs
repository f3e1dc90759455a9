using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Simulators.Readers;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Tests.Mqtt;
using EdgeAgent.Tests.Running;

namespace EdgeAgent.Tests.Contract;

/// <summary>The conformance cases of device-config/contract/cases, all of them against one running agent.</summary>
public class ConformanceTests
{
    [MosquittoFact]
    public async Task The_agent_does_what_the_cases_say()
    {
        using var broker = new MosquittoBroker();
        broker.Start();
        await using LlrpReaderSimulator reader = RunningStore.QuietReader();
        await using var store = new CommandedStore(broker);
        await using Caller caller = await Caller.StartAsync(broker, CommandedStore.Store, "cases");
        await using Subscriber subscriber = await Subscriber.StartAsync(broker);
        await store.StartAsync(reader);
        string[] files = [.. Directory.GetFiles(Repo.File("device-config/contract/cases"), "*.json").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);

        for (int i = 0; i < files.Length; i++)
        {
            await RunAsync(files[i], i, caller, subscriber);
        }
    }

    private static async Task RunAsync(string file, int number, Caller caller, Subscriber subscriber)
    {
        // Each case names its request anew, for the box remembers names.
        string text = Fill(await File.ReadAllTextAsync(file)).Replace("case-1", FormattableString.Invariant($"case-{number}"), StringComparison.Ordinal);
        JsonElement send = JsonElement.Parse(text).GetProperty("send");
        JsonElement expect = JsonElement.Parse(text).GetProperty("expect");
        string command = Text(send, "topic")!["cmd/".Length..];
        byte[] payload = Encoding.UTF8.GetBytes(Text(send, "payloadText") ?? send.GetProperty("payload").GetRawText());
        MqttProperties? properties = Text(send, "responseTopic") is not string response
            ? null
            : new MqttProperties(
                Text(send, "correlationData") is string data ? Encoding.UTF8.GetBytes(data) : null,
                send.TryGetProperty("messageExpirySeconds", out JsonElement seconds) ? seconds.GetUInt32() : null, Text(send, "contentType"), $"{Root}/{response}");
        int before = caller.Replies.Count;
        int heard = subscriber.Heard.Count;

        await caller.PublishAsync(command, payload, send.TryGetProperty("retain", out JsonElement retain) && retain.GetBoolean(), properties);

        if (expect.ValueKind == JsonValueKind.Null)
        {
            // What is asked next is answered behind whatever this one did.
            await caller.AskAsync("time.check", id: FormattableString.Invariant($"behind-{number}"));
            Assert.Equal(before + 1, caller.Replies.Count);
            Assert.DoesNotContain(subscriber.Heard.Skip(heard), message => message.Topic.EndsWith("/evt/exit/settled", StringComparison.Ordinal) || message.Topic.EndsWith("/state", StringComparison.Ordinal));
            return;
        }
        Reply reply = await caller.ReplyAsync(_ => true, before);
        Assert.True((reply.Status, reply.Word) == (expect.GetProperty("status").GetInt32(), Text(expect, "word")), $"{Path.GetFileName(file)}: {reply.Text}");
        if (send.TryGetProperty("retain", out _))
        {
            await caller.PublishAsync(command, [], true, null); // clears it
        }
    }

    private static string Root { get; } = new Topics(CommandedStore.Store).Root;

    private static string Fill(string text)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return text.Replace("{root}", Root, StringComparison.Ordinal).Replace("{now+60s}", At(now.AddSeconds(60)), StringComparison.Ordinal).Replace("{now-60s}", At(now.AddSeconds(-60)), StringComparison.Ordinal);
    }

    private static string At(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
