using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Members;
using EdgeAgent.Rfid;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Sources;

/// <summary>
/// The cameras, readers and scales that run now: one runner per device, each with its own back-off; one that fails never touches another. A new
/// configuration restarts only those whose own part of it changed: <see cref="Plan"/>, <see cref="RetireAsync"/>, <see cref="StartAsync"/>.
/// </summary>
/// <remarks>
/// The lists are replaced whole: the shop loop and the status may look at any time. Changed by one caller at a time: the agent's start and
/// stop, and between them the configuration room and a restart by command, who take turns.
/// </remarks>
internal sealed partial class ShopSources : IAsyncDisposable
{
    private readonly ModelStore _models;
    private readonly bool _allowSynthetic;
    private readonly MemberStore _ledger;
    private readonly ChannelWriter<ShopInput> _shop;
    private readonly FillRandom _random;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1, 1);

    private DetectionScheduler? _turns;
    private string? _turnsKey;
    private MemberWatch? _members;
    private bool _recognises;
    private RunningTask? _membersRun;
    private volatile IReadOnlyList<RunningCamera> _cameras = [];
    private volatile IReadOnlyList<RunningDevice<ReaderRunner>> _readers = [];
    private volatile IReadOnlyList<RunningDevice<ScaleRunner>> _scales = [];
    private SourcePlan? _open;
    private bool _stopped;

    /// <param name="ledger">Holds the enrolled members and their consents.</param>
    public ShopSources(
        ModelStore models, bool allowSynthetic, MemberStore ledger, ChannelWriter<ShopInput> shop, FillRandom random, TimeProvider time, ILoggerFactory logs)
    {
        _models = models;
        _allowSynthetic = allowSynthetic;
        _ledger = ledger;
        _shop = shop;
        _random = random;
        _time = time;
        _logs = logs;
        _log = logs.CreateLogger<ShopSources>();
    }

    public IReadOnlyList<RunningCamera> Cameras => _cameras;

    public IReadOnlyList<RunningDevice<ReaderRunner>> Readers => _readers;

    /// <summary>Null where nobody may be recognised.</summary>
    public Core.Privacy.MemberHealth? Members => Volatile.Read(ref _recognises) ? Volatile.Read(ref _members)?.Health : null;

    /// <summary>Whether a member of that reference may be recognised now.</summary>
    public bool Knows(string reference) => Volatile.Read(ref _members)?.Knows(reference) ?? false;

    /// <summary>A member was erased: the cameras forget it at once.</summary>
    public void LookAtMembers() => Volatile.Read(ref _members)?.Look();

    /// <summary>Runs what was planned and started until <paramref name="stop"/>, then stops all. Ends earlier only for a bug in a source.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await _broken.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            await _turn.WaitAsync(CancellationToken.None);
            _stopped = true;
            await Task.WhenAll([StopMembersAsync(), .. _cameras.Select(c => c.StopAsync()), .. _readers.Select(r => r.StopAsync()), .. _scales.Select(s => s.StopAsync())]);
            _turn.Release();
        }
    }

    /// <summary>Switches a lamp; nothing for a reader that is not there any more.</summary>
    public void SetOutput(string reader, int port, bool on) => _readers.FirstOrDefault(r => r.Id == reader)?.Runner.SetOutput(port, on);

    /// <summary>Faces in this opt-in zone may be looked at until then.</summary>
    public void ArmFaces(string zone, DateTimeOffset until)
    {
        foreach (RunningCamera camera in _cameras)
        {
            camera.Analyzer.ArmFaces(zone, until);
        }
    }

    /// <summary>What a source's runner knows of its last trouble, as a sentence. Never leaves the box.</summary>
    public string? TroubleOf(SensorKind kind, string id) => kind switch
    {
        SensorKind.Camera => _cameras.FirstOrDefault(c => c.Id == id)?.Status?.LastFault,
        SensorKind.Reader => _readers.FirstOrDefault(r => r.Id == id)?.Runner.LastTrouble,
        SensorKind.Scale => _scales.FirstOrDefault(s => s.Id == id)?.Runner.LastTrouble,
        _ => null,
    };

    /// <summary>Ends one camera's or reader's connection and begins a new one. False when there is none of that name.</summary>
    public async Task<bool> RestartAsync(SensorKind kind, string id)
    {
        await _turn.WaitAsync();
        try
        {
            if (kind == SensorKind.Camera && _cameras.FirstOrDefault(c => c.Id == id) is RunningCamera camera && !_stopped)
            {
                await camera.StopAsync();
                camera.Start(Ended);
                return true;
            }
            if (kind == SensorKind.Reader && _readers.FirstOrDefault(r => r.Id == id) is RunningDevice<ReaderRunner> reader && !_stopped)
            {
                await reader.StopAsync();
                reader.Start(Ended);
                return true;
            }
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>After <see cref="RunAsync"/> has ended, or without it.</summary>
    public ValueTask DisposeAsync()
    {
        DropPlan();
        foreach (RunningCamera camera in _cameras)
        {
            camera.Dispose();
        }
        _turns?.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Ended(Exception? bug)
    {
        if (bug is null)
        {
            _broken.TrySetResult();
        }
        else
        {
            _broken.TrySetException(bug);
        }
    }
}
