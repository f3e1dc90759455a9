using System.Diagnostics;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Models;
using EdgeAgent.Vision.People;
using EdgeAgent.Vision.Trials;

namespace EdgeAgent.Vision;

/// <summary>How a model is tried beside the one in use, takes its place while pictures come, and goes back. All from any thread; each waits for a look under way.</summary>
public sealed partial class FrameAnalyzer
{
    // Held for a look and for every change of the models. Nothing else is taken inside it.
    private readonly Lock _models = new();
    private Bystander? _beside;
    private bool _disposed;

    /// <summary>Whether this camera uses a model of that role that can be exchanged: people, and appearance where one is configured.</summary>
    public bool CanExchange(string role) => role == "people" || (role == "appearance" && _encoder is not null);

    /// <summary>The model in use for a role that can be exchanged; null for any other.</summary>
    public ModelEntry? InUse(string role)
    {
        lock (_models)
        {
            return role switch { "people" => _detector.Entry, "appearance" => _encoder?.Entry, _ => null };
        }
    }

    /// <summary>Has a candidate look at the same pictures, now and then. Ends the trial before it.</summary>
    /// <exception cref="ModelException">The model cannot be opened; nothing has changed.</exception>
    public void Try(ModelEntry candidate, string directory, ModelsConfig models, ModelTrial trial)
    {
        (PeopleDetector? detector, AppearanceEncoder? encoder) = Open(candidate, directory, models);
        var next = new Bystander(detector, encoder, trial, isLastGood: false);
        lock (_models)
        {
            if (_disposed)
            {
                next.Dispose();
                return;
            }
            _beside?.Dispose();
            _beside = next;
        }
    }

    /// <summary>Takes a model in use between two pictures. With a probation the old one looks on beside it, and takes over at the first failure.</summary>
    /// <exception cref="ModelException">The model cannot be opened; nothing has changed.</exception>
    public void Use(ModelEntry entry, string directory, ModelsConfig models, ModelTrial? probation)
    {
        (PeopleDetector? detector, AppearanceEncoder? encoder) = Open(entry, directory, models);
        lock (_models)
        {
            if (_disposed)
            {
                detector?.Dispose();
                encoder?.Dispose();
                return;
            }
            PeopleDetector? oldDetector = detector is null ? null : _detector;
            AppearanceEncoder? oldEncoder = encoder is null ? null : _encoder;
            _detector = detector ?? _detector;
            _encoder = encoder ?? _encoder;
            _beside?.Dispose();
            _beside = probation is null ? null : new Bystander(oldDetector, oldEncoder, probation, isLastGood: true);
            if (_beside is null)
            {
                oldDetector?.Dispose();
                oldEncoder?.Dispose();
            }
        }
    }

    /// <summary>Ends a trial: a candidate is let go; after a probation the old model is, unless it takes its place again.</summary>
    /// <param name="goBack">The model on probation is given up.</param>
    public void EndTrial(bool goBack = false)
    {
        lock (_models)
        {
            if (goBack)
            {
                GoBack();
            }
            _beside?.Dispose();
            _beside = null;
        }
    }

    private static (PeopleDetector? Detector, AppearanceEncoder? Encoder) Open(ModelEntry entry, string directory, ModelsConfig models)
    {
        OnnxModel model = OnnxModel.Open(entry, directory, models.Threads);
        try
        {
            return entry.Role switch
            {
                "people" => (new PeopleDetector(model, (float?)models.PeopleThreshold, (float?)models.FaintThreshold), null),
                "appearance" => (null, new AppearanceEncoder(model)),
                _ => throw new ModelException($"Model '{entry.Name}': a model of the role {entry.Role} is not exchanged while the agent runs."),
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A camera that is taken away while a model is being brought in takes none any more.</summary>
    private void DisposeModels()
    {
        lock (_models)
        {
            _disposed = true;
            _beside?.Dispose();
            _beside = null;
            _detector.Dispose();
            _encoder?.Dispose();
        }
    }

    /// <summary>Looks with the models in use; when one on probation fails, with the last good one. Called with a picture, by its one thread.</summary>
    private void Look(Frame frame)
    {
        lock (_models)
        {
            TimeSpan detecting, encoding;
            try
            {
                (detecting, encoding) = LookOnce(frame);
            }
            catch (ModelException) when (GoBack())
            {
                (detecting, encoding) = LookOnce(frame);
            }
            _beside?.Look(frame, _people, _detector.Threshold, _vectors, detecting, encoding);
        }
    }

    private (TimeSpan Detecting, TimeSpan Encoding) LookOnce(Frame frame)
    {
        _people.Clear();
        WipeVectors();
        long began = Stopwatch.GetTimestamp();
        _detector.Detect(frame, _people);
        TimeSpan detecting = Stopwatch.GetElapsedTime(began);
        RefuseNoNumbers(_beside is { IsLastGood: true, Detector: not null } && !_detector.IsFinite, _detector.Entry);
        began = Stopwatch.GetTimestamp();
        Encode(frame);
        TimeSpan encoding = Stopwatch.GetElapsedTime(began);
        RefuseNoNumbers(_beside is { IsLastGood: true, Encoder: not null } && _vectors.Count > 0 && !_encoder!.IsFinite, _encoder?.Entry);
        return (detecting, encoding);
    }

    private static void RefuseNoNumbers(bool found, ModelEntry? entry)
    {
        if (found)
        {
            throw new ModelException($"Model '{entry!.Name}': it gave values that are no numbers.");
        }
    }

    /// <summary>Puts the last good model back and tells the trial; false when there is none.</summary>
    private bool GoBack()
    {
        if (_beside is not { IsLastGood: true } beside)
        {
            return false;
        }
        beside.Trial.Failed();
        if (beside.TakeDetector() is PeopleDetector detector)
        {
            _detector.Dispose();
            _detector = detector;
        }
        if (beside.TakeEncoder() is AppearanceEncoder encoder)
        {
            _encoder?.Dispose();
            _encoder = encoder;
        }
        _beside = null;
        return true;
    }
}
