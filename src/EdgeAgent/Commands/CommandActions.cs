using System.Diagnostics;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;
using EdgeAgent.Members;
using EdgeAgent.Mqtt;
using EdgeAgent.Signing;
using EdgeAgent.Sources;

namespace EdgeAgent.Commands;

/// <summary>What each command does to the box. Each may be called again with the same request after a restart, but for those that say they may not.</summary>
internal sealed class CommandActions
{
    public required StatusReporter Status { get; init; }
    public required Outbox Outbox { get; init; }
    public required MqttLink Link { get; init; }
    public required ShopSources Sources { get; init; }
    public required SensorMemory Sensors { get; init; }
    public required GateArming Gates { get; init; }
    public required CheckoutDesk Checkout { get; init; }
    public required Selftest Selftest { get; init; }
    public required MemberStore Members { get; init; }

    /// <summary>Whose consents are believed.</summary>
    public required TrustedKeys ConsentKeys { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>What becomes of a question about scenes is the shop's to say.</summary>
    public required ChannelWriter<ShopInput> Shop { get; init; }

    /// <summary>Returns from a model that came over the air to the one before; false when none of that name is in use.</summary>
    public required Func<string, CancellationToken, Task<bool>> RollBackModel { get; init; }

    public async Task<CommandAnswer> CarryOutAsync(CommandRequest request, CancellationToken ct) => request.Body switch
    {
        SelftestCommand => CommandAnswer.Selftest(await Selftest.RunAsync(Status.Config, ct)),
        SensorRestartCommand c => await RestartAsync(c),
        DiagCollectCommand => Diagnose(),
        SettlementAckCommand c => await AcknowledgeAsync(c, ct),
        PaymentResultCommand c => await Checkout.PayAsync(c, ct),
        CartClaimCommand c => await Checkout.ClaimAsync(c, request.Payload, ct),
        CartCancelCommand c => await Checkout.CancelAsync(c, ct),
        MandatePutCommand c => await Checkout.PutAsync(c, request.Payload, Status.Config.Store, ct),
        MandateRevokeCommand c => await Checkout.RevokeAsync(c, ct),
        ConsentGrantCommand => Grant(request),
        ConsentRevokeCommand c => Revoke(new MemberRef(c.Member)),
        OutboxReplayCommand c => await ReplayAsync(c, ct),
        GateArmCommand c => await ArmAsync(c.Gate, armed: true, ct),
        GateDisarmCommand c => await ArmAsync(c.Gate, armed: false, ct),
        ModelRollbackCommand c => CommandAnswer.Of(await RollBackModel(c.Name, ct) ? AnswerWord.Done : AnswerWord.NothingToReturnTo),
        SceneAskCommand c => await AskSceneAsync(c, ct),
        TimeCheckCommand c => CommandAnswer.Time(request.ArrivedAt, Status.Context.ClockQuality(), c.SentAt),
        _ => throw new UnreachableException(),
    };

    private async Task<CommandAnswer> RestartAsync(SensorRestartCommand command)
    {
        SensorKind kind = command.Kind == RestartKind.Camera ? SensorKind.Camera : SensorKind.Reader;
        return await Sources.RestartAsync(kind, command.Id)
            ? CommandAnswer.Restarting(command.Kind, command.Id)
            : CommandAnswer.Of(AnswerWord.UnknownTarget);
    }

    private CommandAnswer Diagnose()
    {
        DeviceConfig config = Status.Config;
        return CommandAnswer.Diagnosis(new DiagData(
            Time.GetUtcNow(), AgentVersion.Text, StatusMessages.Contract, Status.Context.Epoch, config.Version, Status.Context.ModelSet, Status.Context.ClockQuality(),
            Link.Current?.Protocol ?? 0, Link.Connects, Outbox.Fault is null, Status.Health(), Sensors.States(), Sensors.Changes(), Shortened: false));
    }

    private async Task<CommandAnswer> AcknowledgeAsync(SettlementAckCommand command, CancellationToken ct) =>
        CommandAnswer.Acknowledged(await Outbox.AckSettlementsAsync(command.Ids ?? command.SettlementKeys!, ct));

    private async Task<CommandAnswer> ReplayAsync(OutboxReplayCommand command, CancellationToken ct)
    {
        // Checked: since, or all three.
        ReplayRange range = command.Since is DateTimeOffset since
            ? new ReplayRange.Since(since)
            : new ReplayRange.BySeq(command.Epoch!.Value, command.FromSeq!.Value, command.ToSeq!.Value);
        return CommandAnswer.Replayed(await Outbox.ReplayAsync(range, ct));
    }

    /// <summary>The template is destroyed and the cameras forget it before this returns. Somebody who is not known has nothing here: that is no error.</summary>
    private CommandAnswer Revoke(MemberRef member)
    {
        Erasure erased = Members.Erase(member, Time.GetUtcNow());
        Sources.LookAtMembers();
        return CommandAnswer.Revoked(erased.Template ? 1 : 0, erased.Key ? 1 : 0, erased.Consent ? 1 : 0);
    }

    private CommandAnswer Grant(CommandRequest request)
    {
        if (Status.Config.Faces is null)
        {
            return CommandAnswer.Of(AnswerWord.NotAvailable);
        }
        CommandAnswer answer = ConsentGrant.Take(request.Payload, ConsentKeys, Members, Time.GetUtcNow());
        Sources.LookAtMembers();
        return answer;
    }

    /// <summary>The five items come as an event; nothing else is said of the question.</summary>
    private async Task<CommandAnswer> AskSceneAsync(SceneAskCommand command, CancellationToken ct)
    {
        if (Status.Config.Scenes is not ScenesConfig scenes)
        {
            return CommandAnswer.Of(AnswerWord.NotAvailable);
        }
        if (!scenes.Items.SelectMany(i => i.Tags).Concat(scenes.Labels.SelectMany(l => l.Tags)).Intersect(command.Tags).Any())
        {
            return CommandAnswer.Of(AnswerWord.UnknownTarget);
        }
        await Shop.WriteAsync(new ShopInput.SceneAsked(Time.GetUtcNow(), command.Tags), ct);
        return CommandAnswer.Of(AnswerWord.UnderWay);
    }

    private async Task<CommandAnswer> ArmAsync(string gate, bool armed, CancellationToken ct) =>
        Status.Config.Gates.Any(g => g.Id == gate)
            ? CommandAnswer.Gate(gate, armed, await Gates.SetAsync(gate, armed, ct))
            : CommandAnswer.Of(AnswerWord.UnknownTarget);
}
