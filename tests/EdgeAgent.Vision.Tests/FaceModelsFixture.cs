using EdgeAgent.Core.Config;
using EdgeAgent.Core.Members;
using EdgeAgent.Vision.Faces;

namespace EdgeAgent.Vision.Tests;

/// <summary>The face models of the tests and pictures of the people of the shared clips, opened once.</summary>
public sealed class FaceModelsFixture : IDisposable
{
    public static readonly ModelsConfig Models = new(People: "person-light-192", Faces: "yunet-2023mar-640", FaceVectors: "face-omz0095");

    private readonly TempFolder _folder = new();
    private FaceEnroller? _enroller;

    /// <summary>Only with the shared folder.</summary>
    public FaceEnroller Enroller => _enroller ??= FaceEnroller.Open(Models, Shared.Catalog(), Shared.Models);

    public static string Photo(string name) => Shared.Fixture("faces/compreface/" + name);

    public static string Clip(string name) => Shared.Video($"preview-head-pose-face-detection-{name}.gif");

    /// <summary>Pictures of a clip as files, as somebody would save them for an enrolment.</summary>
    public string[] Pictures(string clip, params int[] frames) => [.. frames.Select(frame =>
    {
        string file = _folder.File($"{clip}-{frame}.png");
        Tests.Pictures.Run("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", Clip(clip), "-vf", $"select=eq(n\\,{frame})", "-frames:v", "1", file);
        return file;
    })];

    /// <summary>A picture changed by an ffmpeg filter.</summary>
    public string Changed(string photo, string filter, string name)
    {
        string file = _folder.File(name);
        Tests.Pictures.Run("ffmpeg", "-nostdin", "-v", "error", "-y", "-i", photo, "-vf", filter, file);
        return file;
    }

    public EnrolledMember Enrol(string reference, params string[] pictures) =>
        new(new MemberRef(reference), DateTimeOffset.MaxValue, FaceEnroller.Fuse([.. pictures.Select(Enroller.Enrol)]));

    public EnrolledMember[] WomanAndMan() =>
        [Enrol("woman", Pictures("female", 10, 14, 18, 20)), Enrol("man", Pictures("male", 5, 20, 40))];

    public string Write(string name, byte[] bytes) => _folder.Write(name, bytes);

    public void Dispose()
    {
        _enroller?.Dispose();
        _folder.Dispose();
    }
}
