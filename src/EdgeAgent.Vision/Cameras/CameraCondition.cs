using System.Threading.Channels;
using EdgeAgent.Core;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// The one condition of a camera that the shop is told: away, or here with a good or a bad picture. The reading worker knows the connection, the analysing worker
/// the picture; the shop hears of each change once and in order. Thread-safe.
/// </summary>
internal sealed class CameraCondition(string camera, ChannelWriter<ShopInput> shop, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _order = new(1, 1);
    private (SensorState State, SensorReason Reason)? _told;
    private (SensorState State, SensorReason Reason)? _connection;
    private SensorReason _picture;

    /// <summary>For the reading worker alone: whether the connection is known to be this already. Costs nothing for each picture.</summary>
    public bool IsKnown(SensorState state, SensorReason reason) => _connection == (state, reason);

    public Task ConnectionIsAsync(SensorState state, SensorReason reason, CancellationToken cancellation) =>
        TellAsync(() => _connection = (state, reason), cancellation);

    public Task PictureIsAsync(SensorReason fault, CancellationToken cancellation) => TellAsync(() => _picture = fault, cancellation);

    public void Dispose() => _order.Dispose();

    private async Task TellAsync(Action change, CancellationToken cancellation)
    {
        await _order.WaitAsync(cancellation);
        try
        {
            change();
            if (_connection is not (SensorState State, SensorReason Reason) now)
            {
                return;
            }
            if (now.State == SensorState.Online && _picture != SensorReason.None)
            {
                now = (SensorState.Degraded, _picture);
            }
            if (_told != now)
            {
                await shop.WriteAsync(new ShopInput.SensorReported(time.GetUtcNow(), SensorKind.Camera, camera, now.State, now.Reason), cancellation);
                _told = now;
            }
        }
        finally
        {
            _order.Release();
        }
    }
}
