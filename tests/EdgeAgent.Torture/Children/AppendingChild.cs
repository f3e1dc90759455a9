using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Torture.Faults;

namespace EdgeAgent.Torture.Children;

/// <summary>This program as a child that appends, see <see cref="ChildProgram"/>. Ends only the process that it started.</summary>
internal sealed class AppendingChild : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Lock _turn = new();
    private readonly List<Appended> _tried = [];
    private readonly HashSet<long> _acknowledged = [];
    private readonly List<(Func<bool> Met, TaskCompletionSource Signal)> _waits = [];
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private bool _ready;
    private bool _closed;
    private bool _ended;

    /// <param name="preload">A library that the child loads before all others.</param>
    /// <param name="groups">Control groups that the child joins before its program runs.</param>
    /// <param name="limit">A limit for the shell's ulimit, for example <c>-n 64</c>.</param>
    public AppendingChild(ChildOrders orders, string? preload = null, IReadOnlyList<ControlGroup>? groups = null, string? limit = null)
    {
        string[] joins = [.. (groups ?? []).Select(group => $"echo $$ > {group.Members}"), .. limit is null ? Array.Empty<string>() : [$"ulimit {limit}"]];
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "EdgeAgent.Torture.dll"), .. orders.ToArguments()];
        // exec: the shell becomes the child, so that its number is the one that was started.
        var start = joins.Length == 0
            ? new ProcessStartInfo(program[0], program[1..])
            : new ProcessStartInfo("/bin/sh", ["-c", string.Join(" && ", joins) + " && exec \"$@\"", "sh", .. program]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["LD_PRELOAD"] = preload;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Its boot counter; 0 before it has opened the outbox.</summary>
    public long Epoch { get; private set; }

    public int Number => _process.Id;

    /// <summary>What a child with a rate last said about its waiting room.</summary>
    public RoomReport Room { get; private set; }

    /// <summary>How many events it has said to be on disk so far.</summary>
    public int AcknowledgedCount
    {
        get
        {
            lock (_turn)
            {
                return _acknowledged.Count;
            }
        }
    }

    public Task ReadyAsync() => UntilAsync(() => _ready);

    /// <summary>Opens the outbox and begins.</summary>
    public void Go()
    {
        _process.StandardInput.WriteLine("go");
        _process.StandardInput.Flush();
    }

    public Task OpenAsync() => UntilAsync(() => Epoch > 0);

    public Task AcknowledgedAsync(int count) => UntilAsync(() => _acknowledged.Count >= count);

    /// <summary>What has been said up to this moment: what is read later does not count, it may be younger than the fault that follows.</summary>
    public ChildHistory Snapshot()
    {
        lock (_turn)
        {
            return new ChildHistory(Epoch, [.. _tried], [.. _acknowledged]);
        }
    }

    /// <summary>kill -9, and until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await EndedAsync();
    }

    /// <summary>Stops it in order.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await UntilAsync(() => _closed);
        await EndedAsync();
    }

    /// <returns>Its exit code: 137 for a process that was killed by the kernel.</returns>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience, TimeProvider.System);
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is string line)
        {
            lock (_turn)
            {
                Take(line.Split(' '));
                Wake();
            }
        }
        lock (_turn)
        {
            _ended = true;
            Wake();
        }
    }

    private void Take(string[] words)
    {
        switch (words)
        {
            case ["ready"]:
                _ready = true;
                break;
            case ["open", var epoch]:
                Epoch = long.Parse(epoch, CultureInfo.InvariantCulture);
                break;
            // The last line may have been cut off by a kill: a number that is cut is another number, but its event was tried before it.
            case ["try", var seq, var lane, { Length: 36 } id]:
                _tried.Add(new Appended(Epoch, long.Parse(seq, CultureInfo.InvariantCulture), Enum.Parse<Lane>(lane), Guid.Parse(id)));
                break;
            case ["ok", var seq]:
                _acknowledged.Add(long.Parse(seq, CultureInfo.InvariantCulture));
                break;
            case ["room", var events, var commits, var shed]:
                Room = new RoomReport(
                    Math.Max(Room.MostEvents, int.Parse(events, CultureInfo.InvariantCulture)), long.Parse(commits, CultureInfo.InvariantCulture), long.Parse(shed, CultureInfo.InvariantCulture));
                break;
            case ["closed"]:
                _closed = true;
                break;
            default:
                break;
        }
    }

    private void Wake()
    {
        foreach ((Func<bool> met, TaskCompletionSource signal) in _waits)
        {
            if (met())
            {
                signal.TrySetResult();
            }
            else if (_ended)
            {
                signal.TrySetException(new FaultException("The child ended before its time."));
            }
        }
        _waits.RemoveAll(wait => wait.Signal.Task.IsCompleted);
    }

    private async Task UntilAsync(Func<bool> met)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_turn)
        {
            if (met())
            {
                return;
            }
            _waits.Add((met, signal));
            Wake();
        }
        try
        {
            await signal.Task.WaitAsync(s_patience, TimeProvider.System);
        }
        catch (FaultException)
        {
            throw new FaultException($"The child ended before its time: {await _errors}");
        }
    }
}

/// <summary>One event that a child tried to append.</summary>
internal readonly record struct Appended(long Epoch, long Seq, Lane Lane, Guid Id);

/// <param name="MostEvents">The most that were in memory at one time.</param>
/// <param name="Commits">Transactions so far.</param>
internal readonly record struct RoomReport(int MostEvents, long Commits, long Shed);

/// <param name="Acknowledged">Numbers of the events that were said to be on disk.</param>
internal sealed record ChildHistory(long Epoch, IReadOnlyList<Appended> Tried, IReadOnlyCollection<long> Acknowledged);
