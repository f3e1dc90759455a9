using System.Globalization;
using System.Threading.Channels;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Dashboard;
using EdgeAgent.Rfid;
using EdgeAgent.Sources;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Doctor;

/// <summary>Each camera gives some pictures, each reader a session: by the same code that a running agent uses.</summary>
internal static class DeviceCheck
{
    // An LLRP reader that is asked for everything answers within a second or two; one that is switched off never does.
    private static readonly TimeSpan s_readerPatience = TimeSpan.FromSeconds(12);

    // It is online before it has answered about its outputs, which are set off at the connect.
    private static readonly TimeSpan s_outputPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public static Finding Camera(CameraConfig camera, TimeProvider time)
    {
        try
        {
            CameraTrial seen = CameraTrial.Look(camera, time);
            return new Finding("camera", camera.Id, Verdict.Ok, string.Create(CultureInfo.InvariantCulture, $"{seen.Width} × {seen.Height}, first picture after {seen.FirstSeconds:0.0} s"));
        }
        catch (CameraException e)
        {
            return new Finding("camera", camera.Id, Verdict.Failed, e.Message, Remedy(e.Reason));
        }
    }

    /// <summary>A reader serves one client: while the agent runs it has none left for the doctor, and that is said.</summary>
    public static async Task<Finding> ReaderAsync(ReaderConfig reader, DeviceConfig config, TimeProvider time, CancellationToken cancel)
    {
        Channel<ShopInput> said = Channel.CreateBounded<ShopInput>(1024);
        IReadOnlyList<int> outputs = config.OutputPins(reader);
        var runner = new ReaderRunner(reader, time, Randomness.System, null, outputs, config.LockPins(reader));
        using var patience = new CancellationTokenSource(s_readerPatience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        Task running = runner.RunAsync(said.Writer, stop.Token);
        ShopInput.SensorReported? state = null;
        try
        {
            while (state is null)
            {
                state = await said.Reader.ReadAsync(stop.Token) as ShopInput.SensorReported is { Kind: SensorKind.Reader } reported ? reported : null;
            }
            // That it knows no pulses a reader says when it is asked for the first.
            for (long since = time.GetTimestamp(); runner.LocksExpire == true && runner.Counters.OutputsSet + runner.Counters.OutputsRefused < outputs.Count && time.GetElapsedTime(since) < s_outputPatience;)
            {
                await Task.Delay(s_look, time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It neither took the settings nor refused them.
        }
        await stop.CancelAsync();
        await running;
        return state switch
        {
            { State: SensorState.Online } when runner.LocksExpire == false => new Finding(
                "reader", reader.Id, Verdict.Warning, $"{reader.Source} answers, took its settings, and may keep the lock at output pin {string.Join(", ", config.LockPins(reader))} shut when the agent is killed or cut off",
                "Wire the lock by a time relay that opens it when the output stays on for longer than heldSeconds, as docs/payment.md says."),
            { State: SensorState.Online } => new Finding("reader", reader.Id, Verdict.Ok, $"{reader.Source} answers, took its settings; {reader.Antennas.Count} antennas"),
            null => new Finding("reader", reader.Id, Verdict.Failed, runner.LastTrouble ?? $"{reader.Source} does not answer within {s_readerPatience.TotalSeconds:0} s.", Remedy(SensorReason.Unreachable)),
            { Reason: SensorReason.HeldByAnotherClient } => new Finding(
                "reader", reader.Id, Verdict.Warning, runner.LastTrouble ?? "Another client holds the reader.", "If that is the running agent, all is well; to try the reader itself stop the agent first. Else end the other program."),
            _ => new Finding("reader", reader.Id, state.State == SensorState.Degraded ? Verdict.Warning : Verdict.Failed, runner.LastTrouble ?? $"{state.State}: {state.Reason}", Remedy(state.Reason)),
        };
    }

    public static async Task<Finding> ScaleAsync(CabinetConfig cabinet, TimeProvider time, CancellationToken cancel)
    {
        Channel<ShopInput> said = Channel.CreateBounded<ShopInput>(16);
        var runner = new ScaleRunner(cabinet, said.Writer, Randomness.System, time);
        await using (RunningTask.Start(runner.RunAsync, bug => said.Writer.TryComplete(bug)))
        {
            while (true)
            {
                switch (await said.Reader.ReadAsync(cancel))
                {
                    case ShopInput.WeightRead weight:
                        return new Finding("scale", cabinet.Id, Verdict.Ok, string.Create(CultureInfo.InvariantCulture, $"{weight.Grams:0.#} g{(weight.Stable ? "" : ", moving")}"));
                    case ShopInput.SensorReported { State: not SensorState.Online } report:
                        return new Finding("scale", cabinet.Id, Verdict.Failed, runner.LastTrouble ?? $"{report.Reason}", Remedy(report.Reason));
                    default:
                        continue;
                }
            }
        }
    }

    private static string Remedy(SensorReason reason) => Remedies.Of(reason) ?? "Look at its power, its cable and its part of the configuration.";
}
