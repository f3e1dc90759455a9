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

/// <summary>What the process returns; listed in the README.</summary>
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
    public const int Code = 9;
    public const int Bug = 70;
    public const int File = 8;
    public const int Member = 10;
    public const int RolloutStopped = 11;
    public const int CommandFailed = 12;
    public const int Doctor = 13;
    public const int Interrupted = 130;

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
