using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Config;
using EdgeAgent.Mqtt;
using EdgeAgent.Simulators.Brokers;
using EdgeAgent.Tests.Mqtt;

namespace EdgeAgent.Tests.Commands;

/// <summary>What came back for a command.</summary>
internal sealed record Reply(string RequestId, int Status, string Message, JsonElement Data, string Text, byte[]? Correlation)
{
    /// <summary>The word at the head of the sentence.</summary>
    public string Word => Message[..Message.IndexOf(':', StringComparison.Ordinal)];
}

/// <summary>Somebody at the broker who sends commands to a box and listens for its answers.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private readonly Line _line;
    private readonly string _root;
    private readonly string _name;
    private readonly Lock _turn = new();
    private readonly List<Reply> _replies = [];
    private TaskCompletionSource _next = NewSignal();
    private int _numbers;

    private Caller(BrokerConfig broker, string root, string name)
    {
        (_root, _name) = (root, name);
        _line = new Line(broker, name);
        _line.Link.Subscribe($"{root}/rsp/{name}", (message, _) =>
        {
            Take(message);
            return ValueTask.CompletedTask;
        });
    }

    public string ReplyTo => $"{_root}/rsp/{_name}";

    public IReadOnlyList<Reply> Replies
    {
        get
        {
            lock (_turn)
            {
                return [.. _replies];
            }
        }
    }

    public static async Task<Caller> StartAsync(MosquittoBroker broker, StoreConfig store, string name = "office")
    {
        var caller = new Caller(Line.To(broker), new Topics(store).Root, name);
        await caller._line.UpAsync();
        return caller;
    }

    /// <summary>Sends on MQTT 5 with properties, and waits for the answer to this very request.</summary>
    public async Task<Reply> AskAsync(string command, string body = "{}", string? id = null, uint? expirySeconds = 60)
    {
        id ??= "r" + Interlocked.Increment(ref _numbers).ToString(CultureInfo.InvariantCulture);
        int before = Replies.Count;
        await SendAsync(command, body, id, expirySeconds);
        return await ReplyAsync(reply => reply.RequestId == id, before);
    }

    public Task SendAsync(string command, string body = "{}", string? id = null, uint? expirySeconds = 60, string? replyTo = null, bool retain = false, string? contentType = null) =>
        PublishAsync(command, Encoding.UTF8.GetBytes(body), retain, new MqttProperties(id is null ? null : Encoding.UTF8.GetBytes(id), expirySeconds, contentType, replyTo ?? ReplyTo));

    /// <summary>As from a client of MQTT 3.1.1: nothing but the payload.</summary>
    public Task SendPlainAsync(string command, string body, bool retain = false) => PublishAsync(command, Encoding.UTF8.GetBytes(body), retain, null);

    public async Task PublishAsync(string command, byte[] body, bool retain, MqttProperties? properties) =>
        Assert.True((await _line.Link.PublishAsync($"{_root}/cmd/{command}", body, 1, retain, properties, CancellationToken.None)).IsSuccess());

    /// <summary>The first answer from number <paramref name="from"/> on that satisfies the condition.</summary>
    public async Task<Reply> ReplyAsync(Func<Reply, bool> condition, int from = 0)
    {
        while (true)
        {
            Task next;
            lock (_turn)
            {
                if (_replies.Skip(from).FirstOrDefault(condition) is Reply found)
                {
                    return found;
                }
                next = _next.Task;
            }
            await next.WaitAsync(Wait.Patience);
        }
    }

    public async Task<IReadOnlyList<Reply>> RepliesAsync(int count)
    {
        await ReplyAsync(_ => true, count - 1);
        return Replies;
    }

    public async ValueTask DisposeAsync()
    {
        await _line.Link.DisconnectAsync();
        await _line.DisposeAsync();
        OutputScan.Line(Replies.Select(reply => (ReplyTo, reply.Text)));
    }

    private void Take(Inbound message)
    {
        string text = Encoding.UTF8.GetString(message.Payload.Span);
        JsonElement answer = JsonElement.Parse(text);
        Assert.Equal(["requestId", "status", "message", "data"], answer.EnumerateObject().Select(member => member.Name));
        TaskCompletionSource heard;
        lock (_turn)
        {
            _replies.Add(new Reply(
                answer.GetProperty("requestId").GetString()!, answer.GetProperty("status").GetInt32(), answer.GetProperty("message").GetString()!,
                answer.GetProperty("data"), text, message.CorrelationData));
            (heard, _next) = (_next, NewSignal());
        }
        heard.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
