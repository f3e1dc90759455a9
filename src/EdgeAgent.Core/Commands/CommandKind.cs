using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Core.Commands;

/// <summary>One command that a box understands.</summary>
/// <param name="Name">The last level of its topic, for example <c>sensor.restart</c>.</param>
/// <param name="Repeatable">Carrying it out twice leaves the box as once does: interrupted by a restart, it is carried out anew. Others are answered 500 instead.</param>
/// <param name="ReadOnly">It changes nothing, so it is carried out even while the disk refuses to remember it.</param>
/// <param name="Slow">It may take seconds: it waits in a line of its own, and quick ones pass it.</param>
public sealed record CommandKind
{
    internal CommandKind(string name, JsonTypeInfo body, bool repeatable = true, bool readOnly = false, bool slow = false)
    {
        (Name, Body, Repeatable, ReadOnly, Slow) = (name, body, repeatable, readOnly, slow);
    }

    public string Name { get; }
    public bool Repeatable { get; }
    public bool ReadOnly { get; }
    public bool Slow { get; }

    internal JsonTypeInfo Body { get; }

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<CommandKind> All { get; } =
    [
        new("selftest", CommandJson.Default.SelftestCommand, readOnly: true, slow: true),
        new("sensor.restart", CommandJson.Default.SensorRestartCommand, repeatable: false, slow: true),
        new("diag.collect", CommandJson.Default.DiagCollectCommand, readOnly: true, slow: true),
        new("settlement.ack", CommandJson.Default.SettlementAckCommand),
        new("payment.result", CommandJson.Default.PaymentResultCommand),
        new("cart.claim", CommandJson.Default.CartClaimCommand, repeatable: false),
        new("cart.cancel", CommandJson.Default.CartCancelCommand),
        new("mandate.put", CommandJson.Default.MandatePutCommand),
        new("mandate.revoke", CommandJson.Default.MandateRevokeCommand),
        new("consent.grant", CommandJson.Default.ConsentGrantCommand),
        new("consent.revoke", CommandJson.Default.ConsentRevokeCommand),
        new("outbox.replay", CommandJson.Default.OutboxReplayCommand, slow: true),
        new("gate.arm", CommandJson.Default.GateArmCommand),
        new("gate.disarm", CommandJson.Default.GateDisarmCommand),
        new("model.rollback", CommandJson.Default.ModelRollbackCommand, repeatable: false, slow: true),
        // Not repeatable: whoever asked has gone.
        new("scene.ask", CommandJson.Default.SceneAskCommand, repeatable: false),
        // Not repeatable: after a restart the way from the sender would be minutes long.
        new("time.check", CommandJson.Default.TimeCheckCommand, repeatable: false, readOnly: true),
    ];

    public static CommandKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
