using EdgeAgent.Core.Config;

namespace EdgeAgent.Egress;

// Another quota while the outbox is in use.
internal sealed partial class Outbox
{
    private OutboxConfig? _nextQuota;

    /// <summary>Another quota from now on; completes when it holds. A file that is larger than the new one shrinks by what is shed and sent, not at once.</summary>
    public Task UseQuotaAsync(OutboxConfig quota, CancellationToken ct)
    {
        Volatile.Write(ref _nextQuota, quota);
        return ExpireAsync(ct);
    }

    /// <summary>By the writer, before it looks for what is too old.</summary>
    private void TakeQuota()
    {
        if (Volatile.Read(ref _nextQuota) is OutboxConfig quota)
        {
            _maxAge = TimeSpan.FromDays(quota.MaxDays);
            _replayWindow = TimeSpan.FromDays(quota.ReplayDays);
            _maxMegabytes = quota.MaxMegabytes;
            _file.UseQuota(InMemory ? Math.Min(_maxMegabytes, MostInMemoryMegabytes) : _maxMegabytes);
            // Only now: a disk that refused is asked again. A newer quota that came meanwhile stays.
            Interlocked.CompareExchange(ref _nextQuota, null, quota);
        }
    }
}
