using EdgeAgent.Core.Members;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Members;

/// <summary>
/// Hands the members to the cameras and looks every few seconds whether one was enrolled or erased, or has lost consent by the calendar:
/// an erasure holds without a restart. Whose consent has ended is erased, by itself. Wipes at the same pace what a camera without pictures still holds of faces.
/// </summary>
/// <param name="modelSha256">The face vector model in use; empty where nobody is recognised and consents only end.</param>
internal sealed partial class MemberWatch(
    MemberStore store, string modelSha256, IReadOnlyList<FrameAnalyzer> analyzers, TimeProvider time, ILogger<MemberWatch> log)
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    private readonly Lock _turn = new();
    private string? _fingerprint;
    private string? _trouble;
    private MemberHealth _health = new(0, 0, 0);
    private DateTimeOffset _nextEnd = DateTimeOffset.MaxValue;
    private long _erased;
    private IReadOnlySet<string> _known = new HashSet<string>();

    /// <summary>For the health message; from any thread.</summary>
    public MemberHealth Health => Volatile.Read(ref _health);

    /// <summary>Whether a member of that reference may be recognised now; from any thread.</summary>
    public bool Knows(string reference) => Volatile.Read(ref _known).Contains(reference);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                WipeExpiredFaces();
                Look();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Gives each analyzer copies of its own, for each wipes its own.</summary>
    internal static void Give(LoadedMembers loaded, FrameAnalyzer analyzer) =>
        analyzer.KnowMembers([.. loaded.Usable.Select(m => new EnrolledMember(m.Member, m.ConsentUntil, m.Face.Copy()))]);

    /// <summary>Loads the members if they have changed. Those that cannot be read are nobody, with a log line: the shop goes on without them.</summary>
    /// <remarks>From any thread: by the clock, and at once when a member was erased.</remarks>
    public void Look()
    {
        lock (_turn)
        {
            LookInTurn();
        }
    }

    private void LookInTurn()
    {
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            if (Fingerprint() != _fingerprint || now >= _nextEnd)
            {
                _fingerprint = Fingerprint();
                LoadedMembers loaded = store.Load(now, modelSha256);
                _nextEnd = loaded.Usable.Select(m => m.ConsentUntil).Concat(loaded.Waiting.Select(c => c.Expires)).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
                // The cameras forget first: a disk that takes no erasure keeps nobody recognised.
                Take(loaded);
                EraseEnded(loaded.Expired, now);
                _trouble = null;
            }
        }
        catch (Exception unreadable) when (unreadable is MemberException or IOException or UnauthorizedAccessException)
        {
            _fingerprint = null;
            if (_trouble == unreadable.Message)
            {
                return;
            }
            _trouble = unreadable.Message;
            LogUnreadable(unreadable.Message);
            // Who cannot be checked is not recognised.
            Take(new LoadedMembers([], [], [], []));
        }
    }

    private void WipeExpiredFaces()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (FrameAnalyzer analyzer in analyzers)
        {
            analyzer.WipeExpiredFaces(now);
        }
    }

    private void EraseEnded(IReadOnlyList<Consent> ended, DateTimeOffset now)
    {
        foreach (Consent consent in ended)
        {
            if (store.Erase(consent.Member, now).Anything)
            {
                _erased++;
            }
        }
        if (ended.Count > 0)
        {
            _fingerprint = Fingerprint();
            Volatile.Write(ref _health, _health with { Expired = 0, Erased = _erased });
            LogErased(ended.Count);
        }
    }

    /// <summary>A new day looks again whether what could not be erased can be now.</summary>
    private string Fingerprint() => FormattableString.Invariant($"{time.GetUtcNow().UtcDateTime:yyyy-MM-dd}\n{store.Fingerprint()}");

    private void Take(LoadedMembers loaded)
    {
        Volatile.Write(ref _known, loaded.Usable.Select(m => m.Member.Value).ToHashSet());
        foreach (FrameAnalyzer analyzer in analyzers)
        {
            Give(loaded, analyzer);
        }
        foreach (StoredMember member in loaded.Usable)
        {
            member.Face.Wipe();
        }
        Volatile.Write(ref _health, new MemberHealth(loaded.Usable.Count, loaded.Expired.Count, loaded.Unusable.Count, loaded.Waiting.Count, _erased));
        LogLoaded(loaded.Usable.Count, loaded.Expired.Count, loaded.Unusable.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Members: {Loaded} may be recognised, {Expired} have expired, {Unusable} cannot be used with this key and model.")]
    private partial void LogLoaded(int loaded, int expired, int unusable);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} members were erased because their consent has ended.")]
    private partial void LogErased(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "No member is recognised until this is mended: {Trouble}")]
    private partial void LogUnreadable(string trouble);
}
