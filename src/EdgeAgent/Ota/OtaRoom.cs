using System.Text;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Signing;
using EdgeAgent.Vision;

namespace EdgeAgent.Ota;

/// <summary>
/// Models over the air: believes signed descriptions from <c>ota/desired</c>, the newest wins, and brings each artefact as far as it will go. One loop
/// takes the orders; one piece of work at a time runs beside it and is stopped before anything else is done, so that all state has one owner.
/// </summary>
/// <remarks>Pipe of orders: 8; when full the sender waits. A description that came while another was worked on stops that work.</remarks>
internal sealed partial class OtaRoom : IDisposable
{
    public const string Topic = "ota/desired";

    private const string RatchetKind = "ota";
    private const int OrdersCapacity = 8;

    private readonly OtaSetup _setup;
    private readonly TrustedKeys _trusted;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Ratchet _ratchet;
    private readonly OtaBoard _board;
    private readonly ModelExchange _exchange;
    private readonly PriceExchange _prices;
    private readonly Channel<Order> _orders = Channel.CreateBounded<Order>(new BoundedChannelOptions(OrdersCapacity) { SingleReader = true });

    // Owned by the loop.
    private CancellationTokenSource? _workStop;
    private Task? _work;
    private OtaDocument? _document;
    private (ReadOnlyMemory<byte> Payload, DateTimeOffset At)? _later;

    /// <summary>
    /// Settles what a crash left behind, before any model is opened: the store then opens the last good ones.
    /// </summary>
    /// <param name="tell">Publishes a report; called by the loop and its work, one at a time.</param>
    /// <exception cref="SigningException">The ratchet is damaged: a person must decide.</exception>
    public OtaRoom(OtaSetup setup, TrustedKeys trusted, Func<EgressStatus, CancellationToken, Task> tell, ILogger<OtaRoom> log)
    {
        (_setup, _trusted, _time, _log) = (setup, trusted, setup.Time, log);
        _ratchet = new Ratchet(Path.Combine(setup.StateFolder, "ota", "ratchet.json"));
        _board = new OtaBoard(Path.Combine(setup.StateFolder, "ota", "state.json"), setup.Time, tell);
        _exchange = new ModelExchange(setup, _board, log);
        _exchange.SettleStart();
        _prices = new PriceExchange(setup, _board, log);
    }

    /// <summary>The room of a running agent: the model store's authorities in <c>TRUST/*.crt</c>, models in <c>STATE/models</c>.</summary>
    /// <param name="trusted">Belongs to the caller.</param>
    /// <exception cref="SigningException">A file in the trust folder is no certificate, or the ratchet is damaged.</exception>
    public static OtaRoom Open(
        string stateFolder, string trustFolder, TrustedKeys trusted, Func<DeviceConfig> config, ModelStore models, bool allowSynthetic, Func<IReadOnlyList<FrameAnalyzer>> analyzers, Func<bool> isSpare,
        Action modelsChanged, Func<PriceList?, CancellationToken, Task> usePrices, Func<EgressStatus, CancellationToken, Task> tell, FillRandom random, TimeProvider time, ILogger<OtaRoom> log)
    {
        var shelf = new ModelShelf(stateFolder, static folder => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace);
        return new OtaRoom(
            new OtaSetup(
                stateFolder, config, models, allowSynthetic, analyzers, isSpare, modelsChanged, DownloadClient.Create(trustFolder), shelf, DownloadLimits.Usual,
                OtaPace.Usual, ProbeProcess.UsualPatience, random, time, usePrices),
            trusted, tell, log);
    }

    /// <summary>The report as it is now, for a connection that has just come up.</summary>
    public EgressStatus Report => OtaMessages.Reported(_board.Report());

    /// <summary>The price list that came over the air and is in use, for a shop that begins; null for that of the configuration. Before <see cref="RunAsync"/>.</summary>
    public PriceList? LoadPrices() => _prices.Load();

    /// <summary>A description has come. Completes when it is in the queue.</summary>
    public ValueTask OfferAsync(ReadOnlyMemory<byte> payload, CancellationToken stop) => _orders.Writer.WriteAsync(new Order.Desired(payload), stop);

    /// <summary>Goes back from a model or a price list that came over the air to the one before it.</summary>
    /// <returns>False when none of that name is in use.</returns>
    public async Task<bool> RollBackAsync(string name, CancellationToken stop)
    {
        var order = new Order.RollBack(name);
        await _orders.Writer.WriteAsync(order, stop);
        return await order.Done.Task.WaitAsync(stop);
    }

    /// <summary>Until cancelled. A bug in the work ends it with an exception; whatever a description holds does not.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            Resume();
            Begin(stop);
            Task<bool> more = _orders.Reader.WaitToReadAsync(stop).AsTask();
            while (true)
            {
                using var waking = CancellationTokenSource.CreateLinkedTokenSource(stop);
                Task later = Task.Delay(_later is { } wait ? UntilOrADay(wait.At) : Timeout.InfiniteTimeSpan, _time, waking.Token);
                Task first = await Task.WhenAny(more, later, _work ?? more);
                await waking.CancelAsync();
                stop.ThrowIfCancellationRequested();
                if (first == _work)
                {
                    _work = null;
                    await first;
                }
                else if (first == later && _later is { } due)
                {
                    _later = null;
                    await TakeAsync(new Order.Desired(due.Payload), stop);
                }
                else if (first == more)
                {
                    while (_orders.Reader.TryRead(out Order? order))
                    {
                        await TakeAsync(order, stop);
                    }
                    more = _orders.Reader.WaitToReadAsync(stop).AsTask();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            await StopWorkAsync();
            _exchange.PauseTrials();
        }
    }

    public void Dispose()
    {
        _workStop?.Dispose();
        _setup.Http.Dispose();
    }

    private async Task TakeAsync(Order order, CancellationToken stop)
    {
        switch (order)
        {
            case Order.Desired desired:
                await FollowAsync(desired.Payload, stop);
                break;
            case Order.RollBack back:
                await StopWorkAsync();
                bool went = _exchange.GoBackFrom(back.Name, OtaReason.Command) || await _prices.GoBackFromAsync(back.Name, stop);
                await _board.TellAsync(stop);
                back.Done.TrySetResult(went);
                Begin(stop);
                break;
        }
    }

    private async Task FollowAsync(ReadOnlyMemory<byte> payload, CancellationToken stop)
    {
        (SignedDocument? signed, Refusal refusal) = SignedDocument.Verify(payload, OtaDocument.MaxBytes, _trusted);
        string why = "";
        OtaDocument? document = signed is null ? null : OtaDocument.TryRead(signed.Root, out why);
        OtaReason reason = signed is null ? Word(refusal) : document is null ? OtaReason.Malformed : document.Fits(_setup.Config().Store, _time.GetUtcNow());
        string digest = signed is null ? "" : SignedDocument.Digest(signed.Root);
        if (reason == OtaReason.None && _ratchet.Check(RatchetKind, signed!.KeyId, document!.Version, digest) != Refusal.None)
        {
            reason = OtaReason.Stale;
        }
        _later = reason == OtaReason.NotBefore ? (payload, document!.NotBefore!.Value) : null;
        if (reason != OtaReason.None)
        {
            LogRefused(reason, why);
            _board.Refuse(reason);
            await _board.TellAsync(stop);
            return;
        }
        string text = Encoding.UTF8.GetString(payload.Span);
        if (text == _board.Memory.Document)
        {
            // The broker gives the retained one again at each connection.
            _board.Refuse(null);
            await _board.TellAsync(stop);
            return;
        }
        await StopWorkAsync();
        _exchange.GiveUpTrialsBut(document!.Artefacts);
        try
        {
            _ratchet.Accept(RatchetKind, signed!.KeyId, document.Version, digest);
            _board.Follow(text, document);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDisk(e.Message);
            _board.Refuse(OtaReason.Disk);
            await _board.TellAsync(stop);
            Begin(stop);
            return;
        }
        _document = document;
        LogFollows(document.Version, document.Artefacts.Count);
        await _board.TellAsync(stop);
        Begin(stop);
    }

    /// <summary>The description that was followed before the start; believed only if it still is.</summary>
    private void Resume()
    {
        if (_board.Memory.Document is not string text)
        {
            return;
        }
        (SignedDocument? signed, Refusal refusal) = SignedDocument.Verify(Encoding.UTF8.GetBytes(text), OtaDocument.MaxBytes, _trusted);
        OtaDocument? document = signed is null ? null : OtaDocument.TryRead(signed.Root, out _);
        OtaReason reason = signed is null ? Word(refusal) : document?.Fits(_setup.Config().Store, _time.GetUtcNow()) ?? OtaReason.Malformed;
        if (reason is OtaReason.None)
        {
            _document = document;
            _board.DesiredVersion = document!.Version;
            return;
        }
        _board.DesiredVersion = document?.Version;
        _exchange.GiveUpTrialsBut([]);
        _board.FailUnfinished(reason);
    }

    private void Begin(CancellationToken stop)
    {
        if (_document is not OtaDocument document || _work is not null)
        {
            return;
        }
        _workStop?.Dispose();
        _workStop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        CancellationToken token = _workStop.Token;
        _work = Task.Run(() => WorkAsync(document, token), CancellationToken.None);
    }

    private async Task WorkAsync(OtaDocument document, CancellationToken stop)
    {
        // Prices are there in a moment; models may look on for hours.
        foreach (OtaArtefact prices in document.Artefacts.Where(a => a.Kind == PriceExchange.Kind))
        {
            await new PriceWork(_setup, _board, _prices, _log, prices, document.Strategy).RunAsync(stop);
        }
        foreach (OtaArtefact artefact in document.Artefacts.Where(a => a.Kind != PriceExchange.Kind))
        {
            var work = new ArtefactWork(_setup, _board, _exchange, _log, artefact, document.Strategy);
            await work.RunAsync(stop);
        }
        _exchange.Tidy();
    }

    private async Task StopWorkAsync()
    {
        if (_work is not Task work)
        {
            return;
        }
        _work = null;
        await _workStop!.CancelAsync();
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A clock may be set meanwhile, and no timer runs for months: looked at again each day.</summary>
    private TimeSpan UntilOrADay(DateTimeOffset at) => TimeSpan.FromSeconds(Math.Clamp((at - _time.GetUtcNow()).TotalSeconds, 0, 86_400));

    private static OtaReason Word(Refusal refusal) => refusal switch
    {
        Refusal.Malformed => OtaReason.Malformed,
        Refusal.Unsigned => OtaReason.NotSigned,
        Refusal.UnknownKey => OtaReason.UnknownKey,
        Refusal.BadSignature => OtaReason.BadSignature,
        Refusal.Audience => OtaReason.Audience,
        Refusal.NotBefore => OtaReason.NotBefore,
        Refusal.Expired => OtaReason.Expired,
        Refusal.Stale => OtaReason.Stale,
        _ => OtaReason.None,
    };

    /// <summary>What the loop is asked. A closed set.</summary>
    private abstract record Order
    {
        private Order()
        {
        }

        public sealed record Desired(ReadOnlyMemory<byte> Payload) : Order;

        public sealed record RollBack(string Name) : Order
        {
            public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
