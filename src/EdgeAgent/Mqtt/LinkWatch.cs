using System.Security.Cryptography;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;

namespace EdgeAgent.Mqtt;

/// <summary>
/// Looks after the line's certificates and its name every few seconds: new files are taken into use, and what a person must know becomes an
/// event. It asks the link and reads files; nothing waits for it.
/// </summary>
internal sealed partial class LinkWatch(
    MqttLink link, StoreConfig store, ChannelWriter<ShopInput> shop, TimeProvider time, ILogger<LinkWatch> log)
{
    // Whole days left at which it is said; at the last one it has ended.
    private static readonly int[] s_stages = [30, 7, 0, -1];

    // Without a new sign for this long the other box is taken to be gone.
    private static readonly TimeSpan s_cloneMemory = TimeSpan.FromHours(1);

    // The last stage before the end makes the agent degraded.
    private const int DegradedDays = 7;

    private readonly Queue<ShopInput> _untold = [];
    private BrokerConfig _broker = link.Broker;
    private string _inUse = Fingerprint(link.Broker);
    private string? _lastSeen;
    private string? _refused;
    private BoxCertificate? _mine = TryRead(link.Broker);
    private int _toldStage = int.MaxValue;
    private LinkError _toldError = LinkError.None;
    private long _toldTakenOver;
    private volatile bool _foreignBirth;
    private long? _cloneSeen;

    /// <summary>Between two looks; files must lie still for this long before they are used.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whole days until the box's certificate ends, below 0 when it has; null without one.</summary>
    public int? CertificateDays => Volatile.Read(ref _mine) is { } mine ? DaysUntil(mine.NotAfter) : null;

    /// <summary>What a reader of the state should know about the line.</summary>
    public IEnumerable<DegradedReason> Reasons()
    {
        if (CertificateDays <= DegradedDays || Volatile.Read(ref _refused) is not null)
        {
            yield return DegradedReason.Certificate;
        }
        if (_cloneSeen is long seen && time.GetElapsedTime(seen) < s_cloneMemory)
        {
            yield return DegradedReason.Clone;
        }
    }

    /// <summary>A birth message on this box's topic that this box did not send.</summary>
    public void ForeignBirth()
    {
        _foreignBirth = true;
        link.SuspectRival();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public void Look()
    {
        if (!ReferenceEquals(_broker, link.Broker))
        {
            // A new configuration: the link has opened a connection with its files already.
            _broker = link.Broker;
            _inUse = Fingerprint(_broker);
            Volatile.Write(ref _mine, TryRead(_broker));
            _toldStage = int.MaxValue;
        }
        LookAtFiles();
        LookAtEnd();
        LookAtBroker();
        LookForRival();
        // The shop's channel may be full for a moment: what is not taken now is told at the next look. At most a handful: each is told once.
        while (_untold.TryPeek(out ShopInput? input) && shop.TryWrite(input))
        {
            _untold.Dequeue();
        }
    }

    /// <summary>New files are used when they lie still, belong together and name this box; until then the old connection stays.</summary>
    private void LookAtFiles()
    {
        string now = Fingerprint(_broker);
        string? before = _lastSeen;
        _lastSeen = now;
        if (now == _inUse)
        {
            Volatile.Write(ref _refused, null);
            return;
        }
        if (now != before || now == _refused)
        {
            return;
        }
        try
        {
            BoxCertificate? mine = BoxCertificate.Read(_broker);
            if (mine is not null && !mine.Is(store))
            {
                Tell(new ShopInput.CertificateReported(time.GetUtcNow(), CertificateOwner.Box, CertificateProblem.OtherBox, null, mine.NotAfter));
                throw new BrokerException(BoxCertificate.OtherBox(_broker, mine, store));
            }
            Volatile.Write(ref _mine, mine);
        }
        catch (BrokerException e)
        {
            Volatile.Write(ref _refused, now);
            LogNotUsed(log, e.Message);
            return;
        }
        Volatile.Write(ref _refused, null);
        _inUse = now;
        _toldStage = int.MaxValue;
        link.Renew();
    }

    private void LookAtEnd()
    {
        if (_mine is not { } mine)
        {
            return;
        }
        DateTimeOffset now = time.GetUtcNow();
        int days = DaysUntil(mine.NotAfter);
        int stage = s_stages.LastOrDefault(stage => days <= stage, int.MaxValue);
        if (stage >= _toldStage)
        {
            return;
        }
        _toldStage = stage;
        Tell(new ShopInput.CertificateReported(
            now, CertificateOwner.Box, days < 0 ? CertificateProblem.Expired : CertificateProblem.ExpiresSoon, days, mine.NotAfter));
        LogEnds(log, _broker.Tls!.CertFile!, days, mine.NotAfter);
    }

    /// <summary>Told once for each outage: the event waits in the outbox until the line is up again.</summary>
    private void LookAtBroker()
    {
        if (link.Current is not null)
        {
            _toldError = LinkError.None;
            return;
        }
        LinkError error = link.LastErrorCode;
        CertificateProblem? problem = error switch
        {
            LinkError.BrokerCertificateExpired => CertificateProblem.Expired,
            LinkError.BrokerCertificateNotYetValid => CertificateProblem.NotYetValid,
            LinkError.BrokerCertificateWrongHost => CertificateProblem.WrongHost,
            LinkError.BrokerCertificateUntrusted => CertificateProblem.Untrusted,
            _ => null,
        };
        if (problem is { } found && error != _toldError)
        {
            _toldError = error;
            Tell(new ShopInput.CertificateReported(time.GetUtcNow(), CertificateOwner.Broker, found, null, null));
        }
    }

    private void LookForRival()
    {
        long taken = link.TakenOver;
        if (taken != _toldTakenOver)
        {
            _toldTakenOver = taken;
            Tell(new ShopInput.RivalSeen(time.GetUtcNow(), RivalEvidence.TakenOver));
            _cloneSeen = time.GetTimestamp();
        }
        else if (_foreignBirth)
        {
            Tell(new ShopInput.RivalSeen(time.GetUtcNow(), RivalEvidence.ForeignBirth));
            _cloneSeen = time.GetTimestamp();
        }
        _foreignBirth = false;
    }

    private void Tell(ShopInput input) => _untold.Enqueue(input);

    private int DaysUntil(DateTimeOffset end) => (int)Math.Floor((end - time.GetUtcNow()).TotalDays);

    private static BoxCertificate? TryRead(BrokerConfig broker)
    {
        try
        {
            return BoxCertificate.Read(broker);
        }
        catch (BrokerException)
        {
            return null; // each connect says why
        }
    }

    /// <summary>Of all that a connection reads from disk.</summary>
    private static string Fingerprint(BrokerConfig broker)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? file in new[] { broker.Tls?.CaFile, broker.Tls?.CertFile, broker.Tls?.KeyFile })
        {
            try
            {
                hash.AppendData(file is null ? [] : File.ReadAllBytes(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                hash.AppendData("not there"u8);
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The new certificate files are not used, the connection stays as it is. {Reason}")]
    private static partial void LogNotUsed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This box's certificate {File} ends in {Days} days, on {End}. Put a new one there; it is taken into use without a restart.")]
    private static partial void LogEnds(ILogger logger, string file, int days, DateTimeOffset end);
}
