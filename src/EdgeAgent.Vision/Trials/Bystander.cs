using System.Diagnostics;
using EdgeAgent.Core;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.People;

namespace EdgeAgent.Vision.Trials;

/// <summary>A model that looks at a camera's pictures beside the one in use, now and then, and says nothing to the shop. Used under the analyzer's lock.</summary>
internal sealed class Bystander : IDisposable
{
    private readonly List<(Box Box, float Score)> _found = [];
    private readonly List<Box> _inUse = [];
    private readonly List<Box> _beside = [];
    private long _notBefore;

    /// <param name="isLastGood">The one that was in use until now, to go back to; else a candidate.</param>
    public Bystander(PeopleDetector? detector, AppearanceEncoder? encoder, ModelTrial trial, bool isLastGood) =>
        (Detector, Encoder, Trial, IsLastGood) = (detector, encoder, trial, isLastGood);

    public PeopleDetector? Detector { get; private set; }

    public AppearanceEncoder? Encoder { get; private set; }

    public ModelTrial Trial { get; }

    public bool IsLastGood { get; }

    /// <summary>The detector, now the caller's to dispose.</summary>
    public PeopleDetector? TakeDetector()
    {
        PeopleDetector? taken = Detector;
        Detector = null;
        return taken;
    }

    /// <summary>The encoder, now the caller's to dispose.</summary>
    public AppearanceEncoder? TakeEncoder()
    {
        AppearanceEncoder? taken = Encoder;
        Encoder = null;
        return taken;
    }

    /// <summary>Looks at the same picture, when the box has time for it.</summary>
    /// <param name="people">What the model in use saw, best first; those from <paramref name="threshold"/> on count.</param>
    /// <param name="vectors">What the encoder in use gave for each of them.</param>
    /// <param name="detecting">How long the detector in use took.</param>
    /// <param name="encoding">How long the encoder in use took for all of them.</param>
    public void Look(
        Frame frame, List<(Box Box, float Score)> people, float threshold, List<float[]> vectors, TimeSpan detecting, TimeSpan encoding)
    {
        long began = Stopwatch.GetTimestamp();
        if (began < _notBefore || !Trial.IsSpare)
        {
            return;
        }
        try
        {
            if (Detector is not null)
            {
                Detect(frame, people, threshold, detecting, began);
            }
            else if (vectors.Count > 0)
            {
                Encode(frame, people, vectors, encoding, began);
            }
        }
        catch (ModelException)
        {
            // The model in use has answered already: the picture is not lost. A last good one that fails is no fault of the one on probation.
            if (!IsLastGood)
            {
                Trial.Failed();
            }
        }
        long ended = Stopwatch.GetTimestamp();
        _notBefore = ended + (long)((ended - began) * ((1 / Trial.Share) - 1));
    }

    public void Dispose()
    {
        Detector?.Dispose();
        Encoder?.Dispose();
    }

    private void Detect(Frame frame, List<(Box Box, float Score)> people, float threshold, TimeSpan detecting, long began)
    {
        _found.Clear();
        Detector!.Detect(frame, _found);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        if (!IsLastGood && !Detector.IsFinite)
        {
            Trial.Failed();
        }
        Keep(people, threshold, _inUse);
        Keep(_found, Detector.Threshold, _beside);
        Trial.AddBoxes(_inUse, _beside, detecting, took);
    }

    private void Encode(Frame frame, List<(Box Box, float Score)> people, List<float[]> vectors, TimeSpan encoding, long began)
    {
        for (int i = 0; i < vectors.Count; i++)
        {
            ReadOnlySpan<float> beside = Encoder!.Encode(frame, people[i].Box);
            if (!IsLastGood && !Encoder.IsFinite)
            {
                Trial.Failed();
                return;
            }
            Trial.AddVectors(vectors[i], beside);
        }
        Trial.AddPicture(encoding / vectors.Count, Stopwatch.GetElapsedTime(began) / vectors.Count);
    }

    private static void Keep(List<(Box Box, float Score)> people, float threshold, List<Box> kept)
    {
        kept.Clear();
        foreach ((Box box, float score) in people)
        {
            if (score >= threshold)
            {
                kept.Add(box);
            }
        }
    }
}
