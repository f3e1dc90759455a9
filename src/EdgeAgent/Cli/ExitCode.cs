using EdgeAgent.Egress;
using EdgeAgent.Fleet;
using EdgeAgent.Members;
using EdgeAgent.Mqtt;
using EdgeAgent.Replay;
using EdgeAgent.Rfid;
using EdgeAgent.Signing;
using EdgeAgent.Simulators.Gates;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Codes;
using EdgeAgent.Vision.Imaging;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.Products;

namespace EdgeAgent.Cli;

/// <summary>What the process returns; <c>--help</c> and docs/exit-codes.md list it.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Usage = 1;
    public const int Config = 2;
    public const int Recording = 3;
    public const int Model = 4;
    public const int Broker = 5;
    public const int Outbox = 6;
    public const int Different = 7;
    public const int File = 8;
    public const int Code = 9;
    public const int Member = 10;
    public const int RolloutStopped = 11;
    public const int CommandFailed = 12;
    public const int Doctor = 13;
    public const int Bug = 70;
    public const int Interrupted = 130;

    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "done"),
        (Usage, "the command line is wrong"),
        (Config, "a configuration, scenario, scene or signed document is wrong, or names a file that is not there or cannot be written"),
        (Recording, "a clip, picture, camera or reader recording is damaged, cut short or missing, or the library that reads codes is missing"),
        (Model, "a model or product gallery is missing, damaged or not allowed"),
        (Broker, "the broker cannot be used"),
        (Outbox, "the outbox cannot be used"),
        (Different, "demo, outbox verify, contract check or privacy scan found something else than it should"),
        (File, "a file cannot be read or written to its end, for example on a full disk"),
        (Code, "epc, llrp: a code, text or frame was not understood; its line says why, and the others are done"),
        (Member, "a member cannot be enrolled, or the members' key or files cannot be used"),
        (RolloutStopped, "fleet push: the roll-out was stopped"),
        (CommandFailed, "fleet cmd: a box did not answer, or answered that it could not"),
        (Doctor, "doctor: something that the store needs does not work; its line says what to do; health: the agent is not well, or does not answer"),
        (Bug, "a bug: the service stopped itself and wants to be started anew"),
        (Interrupted, "interrupted"),
    ];

    /// <summary>The code for a failure whose message was written for a person; null for a bug.</summary>
    public static int? Of(Exception e) => e switch
    {
        ConfigFileException or ScenarioException or SceneFileException or SigningException or FleetException => Config,
        ClipException or CameraException or RecordingException => Recording,
        ModelException or GalleryException => Model,
        PictureException or CodeReaderException => Recording,
        BrokerException => Broker,
        OutboxException => Outbox,
        MemberException => Member,
        IOException or UnauthorizedAccessException => File,
        OperationCanceledException => Interrupted,
        _ => null,
    };
}
