using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Egress;

/// <summary>Events and an outbox for tests. The one place that makes an EgressEvent without the privacy gate.</summary>
internal static class Some
{
    public static readonly StoreConfig Store = new("acme", "s0042", "b1");

    public static EgressEvent Event(long seq, Lane lane = Lane.Visit, int padding = 0, string? topic = null, long epoch = 1, bool retain = false)
    {
        var envelope =
            $$"""{"specversion":"1.0","id":"{{Id(seq, epoch)}}","source":"/acme/s0042/b1","type":"{{TypeOf(lane)}}","epoch":{{epoch}},"seq":{{seq}},"historical":false,"data":{"lane":"{{lane}}","note":"{{new string('x', padding)}}"} }""";
        return Make(Id(seq, epoch), seq, DateTimeOffset.UnixEpoch, TypeOf(lane), topic ?? TopicOf(lane), lane, retain, Encoding.UTF8.GetBytes(envelope));
    }

    /// <summary>A settlement that can be named by its key.</summary>
    public static EgressEvent Settlement(long seq, string key)
    {
        var settled = Event(seq, Lane.Settlement);
        SetKey(settled, key);
        return settled;
    }

    public static Guid Id(long seq, long epoch = 1)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        bytes[1] = (byte)epoch;
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], (int)seq);
        return new Guid(bytes, bigEndian: true);
    }

    public static string TypeOf(Lane lane) => lane switch { Lane.Settlement => "sst.exit.settled.v1", Lane.Visit => "sst.visit.ended.v1", _ => "sst.occupancy.v1" };

    public static string TopicOf(Lane lane) => lane switch { Lane.Settlement => "evt/exit/settled", Lane.Visit => "evt/visit/ended", _ => "obs/occupancy" };

    public static Outbox Outbox(string path, OutboxConfig? config = null, System.Threading.Channels.ChannelWriter<EdgeAgent.Core.ShopInput>? shed = null, TimeProvider? time = null) =>
        EdgeAgent.Egress.Outbox.Open(path, config ?? new OutboxConfig(), shed, time ?? TimeProvider.System, NullLogger<Outbox>.Instance);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_SettlementKey")]
    private static extern void SetKey(EgressEvent happened, string key);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern EgressEvent Make(Guid id, long seq, DateTimeOffset time, string type, string topic, Lane lane, bool retain, byte[] envelope);
}
