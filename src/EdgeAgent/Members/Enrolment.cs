using System.Globalization;
using EdgeAgent.Cli;
using EdgeAgent.Core.Members;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Members;

/// <summary>The pictures of one member, until they are one template. Says of each refused picture why.</summary>
internal sealed class Enrolment(FaceEnroller enroller)
{
    // Two members nearer than this below the threshold come within the margin of each other in some picture.
    private const float AlikeBelowThreshold = 0.05f;

    private readonly List<(string File, FaceTemplate Face)> _pictures = [];

    /// <summary>Pictures that were good.</summary>
    public int Used { get; private set; }

    /// <summary>Takes the picture, or says on standard error why not.</summary>
    public void Add(string file)
    {
        try
        {
            _pictures.Add((file, enroller.Enrol(file)));
        }
        catch (PictureException refused)
        {
            Terminal.Error(refused.Message);
        }
    }

    /// <summary>The template of all good pictures; the caller wipes it.</summary>
    /// <exception cref="MemberException">None was good, or they show different persons.</exception>
    public FaceTemplate Finish()
    {
        try
        {
            if (_pictures.Count == 0)
            {
                throw new MemberException("No picture was good enough, so nobody is enrolled.");
            }
            foreach ((string file, FaceTemplate face) in _pictures)
            {
                foreach ((string other, FaceTemplate second) in _pictures)
                {
                    float resemblance = face.Similarity(second);
                    if (resemblance < enroller.Threshold)
                    {
                        throw new MemberException(string.Create(
                            CultureInfo.InvariantCulture,
                            $"{file} and {other} show different persons, or one of them badly (resemblance {resemblance:0.00}, at least {enroller.Threshold:0.00}); nobody is enrolled."));
                    }
                }
            }
            Used = _pictures.Count;
            return FaceEnroller.Fuse([.. _pictures.Select(p => p.Face)]);
        }
        finally
        {
            foreach ((_, FaceTemplate face) in _pictures)
            {
                face.Wipe();
            }
            _pictures.Clear();
        }
    }

    /// <summary>Other members who could be taken for this one. Wipes what was loaded.</summary>
    public IReadOnlyList<(MemberRef Member, float Resemblance)> TooAlike(FaceTemplate face, MemberRef self, LoadedMembers others)
    {
        var alike = new List<(MemberRef, float)>();
        foreach (StoredMember other in others.Usable)
        {
            float resemblance = face.Similarity(other.Face);
            if (other.Member != self && resemblance >= enroller.Threshold - AlikeBelowThreshold)
            {
                alike.Add((other.Member, resemblance));
            }
            other.Face.Wipe();
        }
        return alike;
    }
}
