using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace EdgeAgent.Tests;

/// <summary>How a finished edge-agent ended.</summary>
internal sealed record Ended(int ExitCode, string Out, string Error)
{
    /// <summary>One clear sentence or list for a person and the documented code: never a stack trace.</summary>
    public void AssertFailed(int exitCode, params string[] words)
    {
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Error, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, Error, StringComparison.Ordinal));
        Assert.Equal(exitCode, ExitCode);
    }

    public void AssertOk() => Assert.True(ExitCode == 0, $"Exit code {ExitCode}. {Error}{Out}");
}

/// <summary>The built edge-agent as a child process, as a store has it.</summary>
internal sealed class EdgeAgentProcess : IDisposable
{
    private readonly Process _process;
    private readonly TestFolder _temporary = new();
    private readonly bool _runs;
    private readonly bool _printsVectors;
    private readonly StringBuilder _error = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _out;
    private readonly Task _errorRead;

    private EdgeAgentProcess(IReadOnlyDictionary<string, string?> environment, string? workingFolder, string[] args, int openFiles = 0, string[]? under = null)
    {
        string[] program = [.. under ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "edge-agent.dll"), .. args];
        // exec: the shell becomes the agent, so that its number is the one that was started.
        var start = new ProcessStartInfo(openFiles == 0 ? program[0] : "/bin/sh", openFiles == 0 ? program[1..] : ["-c", $"ulimit -n {openFiles} && exec \"$@\"", "sh", .. program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? AppContext.BaseDirectory,
        };
        _runs = args is ["run", ..];
        _printsVectors = args is ["models", "golden", ..]; // of made pictures: that is what it is for
        start.Environment["TMPDIR"] = _temporary.Root;
        start.Environment["EDGE_SHARED"] = Repo.Shared;
        start.Environment.Remove("EDGE_MODELS");
        start.Environment.Remove("NOTIFY_SOCKET");
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _out = ReadOutAsync();
        _errorRead = ReadErrorAsync();
    }

    public static EdgeAgentProcess Start(params string[] args) => new(new Dictionary<string, string?>(), null, args);

    public static EdgeAgentProcess Start(IReadOnlyDictionary<string, string?> environment, params string[] args) => new(environment, null, args);

    /// <param name="under">A program and its arguments that becomes the agent, for example unshare.</param>
    public static EdgeAgentProcess StartUnder(string[] under, IReadOnlyDictionary<string, string?> environment, params string[] args) => new(environment, null, args, under: under);

    /// <param name="openFiles">How many files and sockets it may have open; 0 for as many as the system gives.</param>
    public static EdgeAgentProcess Start(int openFiles, IReadOnlyDictionary<string, string?> environment, params string[] args) => new(environment, null, args, openFiles);

    public static async Task<Ended> RunAsync(params string[] args)
    {
        using EdgeAgentProcess agent = Start(args);
        return await agent.EndAsync();
    }

    public static async Task<Ended> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        using EdgeAgentProcess agent = Start(environment, args);
        return await agent.EndAsync();
    }

    /// <summary>kill -15, as a service manager stops a service.</summary>
    public void Terminate() => Assert.Equal(0, SendSignal(_process.Id, 15));

    /// <summary>Files and sockets that it has open now.</summary>
    public int OpenFiles() => Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd").Count();

    /// <summary>The inodes of its sockets.</summary>
    public IEnumerable<string> Sockets() => Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd")
        .Select(file => new FileInfo(file).LinkTarget ?? "").Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1]);

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    public async Task<Ended> EndAsync()
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        await _errorRead;
        return new Ended(_process.ExitCode, await _out, _error.ToString());
    }

    /// <summary>Waits for a line of standard output, the log of `run`, that holds these words.</summary>
    public async Task<string> LineAsync(string words)
    {
        using var patience = new CancellationTokenSource(Wait.Patience, TimeProvider.System);
        await foreach (string line in _lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line;
            }
        }
        throw new InvalidOperationException($"edge-agent ended without saying \"{words}\". {_error}{await _out}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        try
        {
            // A child of its own may hold the pipes for longer: what it says then is not the agent's.
            if (Task.WaitAll([_out, _errorRead], TimeSpan.FromSeconds(5)) && !_printsVectors)
            {
                OutputScan.Text("what edge-agent printed", _out.Result + _error, epcs: _runs);
            }
        }
        finally
        {
            _temporary.Dispose();
        }
    }

    private async Task<string> ReadOutAsync()
    {
        var text = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync() is string line)
        {
            text.Append(line).Append('\n');
            _lines.Writer.TryWrite(line); // unbounded
        }
        _lines.Writer.Complete();
        return text.ToString();
    }

    private async Task ReadErrorAsync() => _error.Append(await _process.StandardError.ReadToEndAsync());

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
