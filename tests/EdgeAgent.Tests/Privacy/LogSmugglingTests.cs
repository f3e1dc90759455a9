using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EdgeAgent.Cli;
using EdgeAgent.Core.Commands;
using EdgeAgent.Vision.Faces;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.PrivacyRooms;

/// <summary>Every log call of the agent is made, through a real logger, with everything forbidden in each text that it takes: what may not be written is not, and is counted.</summary>
public sealed partial class LogSmugglingTests
{
    /// <summary>Of a right kind for its place: written whole.</summary>
    private static readonly Dictionary<string, string> s_right = new()
    {
        ["Version"] = AgentVersion.Text, ["Command"] = CommandKind.All[0].Name, ["Event"] = "ExitSettled", ["Protocol"] = "5", ["Topic"] = "evt/exit/settled", ["Filter"] = "sst/v1/acme/s1/b1/cmd/+",
        ["Id"] = "front-door", ["ClientId"] = "b1", ["Host"] = "mqtt.example.com", ["File"] = "/var/lib/edge-agent/outbox.db", ["Path"] = "/var/lib/edge-agent/evidence.db", ["Address"] = "http://127.0.0.1:8080/",
        ["Name"] = "person-light-192", ["Models"] = "person-light-192, face-omz0095", ["Role"] = "people",
        ["Why"] = Sentence, ["Reason"] = Sentence, ["Sentence"] = Sentence, ["Trouble"] = Sentence, ["Warning"] = Sentence,
    };

    private const string Sentence = "The disk /var/lib/edge-agent refuses 3.5 MiB: no space left on device (MQTT 5, TLS 1.3).";

    private static readonly (string Kind, string Text)[] s_forbidden =
    [
        ("image", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="), ("image", "/9j/4AAQSkZJRgABAQAAAQABAAD"), ("vector", string.Join(',', Enumerable.Range(0, 128).Select(i => $"0.{i:000}"))),
        ("base64", "P4AAAD8AAAA+gAAAPkzMzT7MzM0/AAAAP4AAAD8AAAA+gAAA"), ("epc", "3034257BF7194E4000001A85"), ("epc", "urn:epc:id:sgtin:0614141.812345.6789"),
        ("plate", "B-AB 1234"), ("plate", "AB-123-CD"), ("plate", "AB12 CDE"), ("plate", "京A·12345"), ("member", "m-4711"), ("name", "Eva Muster"), ("name", "eva-muster"), ("text", "She took two and looked at the camera."), ("text", "Ärger"),
    ];

    // What cannot be told from a right text there, and why. All with a look of its own is held back there too.
    private static readonly Dictionary<string, string> s_excused = new()
    {
        ["Why"] = "a sentence of the agent or of the system: made by code, or of a document that a trusted key signed", ["Reason"] = "likewise", ["Sentence"] = "likewise", ["Trouble"] = "likewise", ["Warning"] = "likewise",
        ["Name"] = "of a model or a price list: whoever holds a trusted key wrote it", ["Models"] = "likewise", ["Role"] = "likewise",
    };

    public static IReadOnlyList<MethodInfo> Calls { get; } =
    [
        .. new[] { typeof(Agent).Assembly, typeof(FaceTemplate).Assembly, typeof(Rfid.ReaderRunner).Assembly }.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttribute<LoggerMessageAttribute>() is not null),
    ];

    private readonly LogFirewall _wall = new("/var/lib/edge-agent") { IsName = word => word is "front-door" or "b1" or "acme" or "s1" or "mqtt.example.com", IsMember = word => word == "m-4711" };

    [Fact]
    public void A_log_call_takes_no_object_that_could_hold_a_picture_or_a_vector()
    {
        Type[] types = [.. Calls.SelectMany(m => m.GetParameters()).Select(p => Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType).Distinct()];

        Assert.True(Calls.Count > 60, $"{Calls.Count} calls.");
        Assert.All(types, type => Assert.True(
            type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(Guid) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan)
                || typeof(Exception).IsAssignableFrom(type) || typeof(ILogger).IsAssignableFrom(type), $"a log call takes a {type.Name}."));
    }

    [Fact]
    public void The_control_a_right_text_at_each_place_is_written_whole()
    {
        foreach ((MethodInfo call, string place) in Places())
        {
            Assert.True(s_right.TryGetValue(place, out string? right), $"{call.DeclaringType!.Name}.{call.Name} takes a text {place}: say in LogFirewall what may stand there, and here.");
            Assert.Contains(right, Written(call, place, right), StringComparison.Ordinal);
        }
        Assert.Equal(0, _wall.Count);
    }

    [Fact]
    public void Nothing_forbidden_is_written_by_any_log_call_and_each_try_is_counted()
    {
        int tries = 0;
        var through = new List<(string Place, string Kind)>();
        foreach ((MethodInfo call, string place) in Places())
        {
            foreach ((string kind, string text) in s_forbidden)
            {
                long before = _wall.Count;
                string written = Written(call, place, text);
                tries++;
                if (written.Contains(text, StringComparison.Ordinal))
                {
                    through.Add((place, kind));
                    continue;
                }
                Assert.Contains("[withheld]", written, StringComparison.Ordinal);
                Assert.True(_wall.Count > before, $"{place}: {kind} was not counted.");
            }
        }
        Assert.True(tries > 500, $"{tries} tries.");
        Assert.All(through, found => Assert.Contains(found.Place, s_excused.Keys));
        Assert.All(through.Where(found => found.Kind is not ("name" or "text")), found => Assert.True(found.Kind is "member" or "plate" && found.Place is "Name" or "Models" or "Role", $"{found}"));
    }

    [Fact]
    public void Nothing_with_a_look_of_its_own_is_written_with_an_exception_or_by_a_library()
    {
        MethodInfo call = Calls.Single(m => m.Name == "LogBroken" && m.DeclaringType == typeof(AgentService));
        foreach ((string kind, string text) in s_forbidden.Where(f => f.Kind is not ("name" or "text")))
        {
            string written = Written(call, "", "", new IOException("outer", new InvalidDataException($"read {text} there")));
            Assert.DoesNotContain(text, written, StringComparison.Ordinal);
            Assert.Contains("[withheld]", written, StringComparison.Ordinal);
            var lines = new Recorder(_wall);
            LogOfLibrary(lines.CreateLogger("Microsoft.AspNetCore"), text);
            Assert.DoesNotContain(text, lines.Text, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(kind));
        }
    }

    [Fact]
    public void A_place_that_is_not_known_holds_no_text_and_the_rest_of_the_line_stays()
    {
        var lines = new Recorder(_wall);
        LogCame(lines.CreateLogger("EdgeAgent.Room"), "Eva", 3, 2.25, "front-door");

        Assert.EndsWith("warn  Room: [withheld] came 3 times in 2.3 s through front-door.\n", lines.Text, StringComparison.Ordinal);
        Assert.Equal(1, _wall.Count);
    }

    [Theory]
    [InlineData("Models in use: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.")]
    [InlineData("The disk refuses /var/lib/edge-agent/models/person-light-192/person-light-192-fp16.onnx for event 019b8d9e-1111-7222-8333-444455556666.")]
    [InlineData("Broker mqtt.example.com:8883 did not answer for 12.5 s, 3.25 s, 1.5 s.")]
    public void What_an_agent_says_of_itself_is_written_whole(string sentence)
    {
        var lines = new Recorder(_wall);
        LogSaid(lines.CreateLogger("EdgeAgent.Room"), sentence);

        Assert.Contains(sentence, lines.Text, StringComparison.Ordinal);
    }

    /// <summary>Each text of each call, by the name of its place in the message.</summary>
    private static IEnumerable<(MethodInfo Call, string Place)> Places() =>
        from call in Calls
        from text in call.GetParameters()
        where text.ParameterType == typeof(string)
        select (call, InBraces().Matches(call.GetCustomAttribute<LoggerMessageAttribute>()!.Message).Select(m => m.Groups[1].Value).Single(place => place.Equals(text.Name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The line that a call writes, with the text at that place and right texts at the others.</summary>
    private string Written(MethodInfo call, string place, string text, Exception? exception = null)
    {
        var lines = new Recorder(_wall);
        using ILoggerFactory logs = LoggerFactory.Create(builder => builder.AddProvider(lines).SetMinimumLevel(LogLevel.Trace));
        object?[] arguments = [.. call.GetParameters().Select(Argument)];
        object? owner = null;
        if (!call.IsStatic)
        {
            owner = RuntimeHelpers.GetUninitializedObject(call.DeclaringType!);
            foreach (FieldInfo field in call.DeclaringType!.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(f => typeof(ILogger).IsAssignableFrom(f.FieldType)))
            {
                field.SetValue(owner, LoggerOf(field.FieldType));
            }
        }
        call.Invoke(owner, arguments);
        Assert.NotEqual("", lines.Text);
        return lines.Text;

        object? Argument(ParameterInfo parameter) =>
            typeof(ILogger).IsAssignableFrom(parameter.ParameterType) ? LoggerOf(parameter.ParameterType)
            : typeof(Exception).IsAssignableFrom(parameter.ParameterType) ? exception ?? new IOException("The disk refuses.")
            : parameter.ParameterType == typeof(string) ? (parameter.Name!.Equals(place, StringComparison.OrdinalIgnoreCase) ? text : s_right[char.ToUpperInvariant(parameter.Name![0]) + parameter.Name![1..]])
            : Activator.CreateInstance(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType);

        object LoggerOf(Type type) =>
            type.IsGenericType ? Activator.CreateInstance(typeof(Logger<>).MakeGenericType(type.GenericTypeArguments), logs)! : logs.CreateLogger(call.DeclaringType!.FullName!);
    }

    [GeneratedRegex(@"\{@?(\w+)[^}]*\}")]
    private static partial Regex InBraces();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Id} ended.")]
    private static partial void LogOfLibrary(ILogger log, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Visitor} came {Times} times in {Seconds:0.0} s through {Id}.")]
    private static partial void LogCame(ILogger log, string visitor, int times, double seconds, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Why}")]
    private static partial void LogSaid(ILogger log, string why);

    /// <summary>In the console's place: hands each entry to the formatter of `run`.</summary>
    private sealed class Recorder(LogFirewall wall) : ILoggerProvider
    {
        private readonly StringWriter _text = new() { NewLine = "\n" };
        private readonly LogLines _lines = new(TimeProvider.System, wall);

        public string Text => _text.ToString();

        public ILogger CreateLogger(string categoryName) => new Entry(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Entry(Recorder owner, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                owner._lines.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), null, owner._text);
        }
    }
}
