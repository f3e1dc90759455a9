using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Egress;
using EdgeAgent.Members;
using EdgeAgent.Rfid;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Replay;

/// <summary>How a scenario is to be replayed.</summary>
/// <param name="Events">File for every event that would leave, one envelope a line.</param>
/// <param name="Record">File for the shop inputs, replayable without vision.</param>
/// <param name="Broker">Where events are also published; null for nowhere.</param>
/// <param name="Explain">File for what each decision of a gate rests on, one JSON document a line.</param>
/// <param name="State">Folder of the enrolled members; null recognises nobody.</param>
/// <param name="Page">Is told all that happens and shows it; null for none.</param>
/// <param name="OnBox">Is told what happens for the box only.</param>
/// <param name="Speed">Seconds of the recording in one real second; null for as fast as the machine can.</param>
internal sealed record ReplayOptions(
    Stream? Events = null, string? Record = null, BrokerConfig? Broker = null, double? Speed = null, ulong Seed = 1,
    string? State = null, Stream? Explain = null, ReplayPage? Page = null, Action<ShopEvent>? OnBox = null);

/// <summary>One replay of one scenario: opens its sources, runs them on virtual time, hands out what happens.</summary>
internal sealed class ReplayRun(Scenario scenario, ModelStore models, ReplayOptions options)
{
    /// <summary>Runs to the end. <paramref name="onHappening"/> sees everything in order, also what never leaves.</summary>
    public async Task RunAsync(Action<Happening> onHappening, CancellationToken cancel)
    {
        // Every file is looked for before a model is loaded, a broker is called or the first clip is played.
        Recordings? recordings = scenario.Inputs is null ? FindRecordings() : null;
        string modelSet = scenario.Inputs is string recorded
            ? Replayer.RecordedModelSet(recorded)
            : ModelStore.Digest(models.Chosen(scenario.Config, allowSynthetic: true));
        var replayer = new Replayer(scenario.Config, modelSet, options.Seed, options.Page is null ? null : options.Page.Take);
        var analyzers = new List<FrameAnalyzer>();
        ReplayUplink? uplink = options.Broker is BrokerConfig broker ? await ReplayUplink.OpenAsync(scenario.Config, broker, cancel) : null;
        try
        {
            IAsyncEnumerable<ShopInput> inputs = scenario.Inputs is string file
                ? Replayer.ReadRecorded(file, cancel)
                : InputMerge.Merge(OpenSources(recordings!, analyzers), cancel);
            if (options.Record is string record)
            {
                inputs = Replayer.Record(inputs, record, modelSet, cancel);
            }
            replayer.OnBox = happened =>
            {
                ExplainTo(options.Explain, happened, null);
                options.OnBox?.Invoke(happened);
            };
            await replayer.RunAsync(inputs, KeepAsync, options.Speed is double speed ? PaceFrom(TimeProvider.System, speed, cancel) : null, cancel);
            if (uplink is not null)
            {
                await uplink.DrainAsync(cancel);
            }
        }
        finally
        {
            analyzers.ForEach(a => a.Dispose());
            if (uplink is not null)
            {
                await uplink.DisposeAsync();
            }
        }

        async ValueTask KeepAsync(Happening happening)
        {
            if (options.Events is Stream events)
            {
                events.Write(happening.Egress.Envelope.Span);
                events.WriteByte((byte)'\n');
            }
            if (uplink is not null)
            {
                await uplink.AppendAsync(happening.Egress, cancel);
            }
            ExplainTo(options.Explain, happening.Event, happening.Egress.Id);
            onHappening(happening);
        }
    }

    private static void ExplainTo(Stream? file, ShopEvent happened, Guid? id)
    {
        if (file is not null && EvidenceJson.Of(happened, id, epc => EpcIdentity.Identify(epc).Gtin) is byte[] json)
        {
            file.Write(json);
            file.WriteByte((byte)'\n');
        }
    }

    private Recordings FindRecordings()
    {
        CameraConfig[] clips = [.. scenario.Config.Cameras.Select(c => c with { Source = "clip:" + scenario.Resolve($"Camera {c.Id}", c.Source, "clip:") })];
        List<(ReaderConfig Config, string File)> readers = [.. scenario.Config.Readers.Select(r => (r, Recording(r)))];
        var notes = new Dictionary<string, RecordingNote>();
        foreach ((ReaderConfig reader, string file) in readers)
        {
            if (RecordedReader.Look(file, reader) is RecordingNote note)
            {
                Console.Error.WriteLine(note.Sentence);
                notes.Add(reader.Id, note);
            }
        }
        return new Recordings(clips, readers, notes, GestureFile.Read(scenario.Folder, scenario.Config, Replayer.Start));
    }

    /// <summary>All gestures, the scenario's own and those of buttons, in the order of time: what the cameras need to know ahead of the shop.</summary>
    private List<ShopInput.ConsentGiven> Gestures(Recordings recordings) => scenario.Config.Faces is FacesConfig faces
        ? [.. recordings.Gestures.Concat(recordings.Readers.SelectMany(r => GestureFile.FromReader(r.File, r.Config, faces, Replayer.Start))).OrderBy(g => g.At)]
        : [];

    /// <summary>Cameras first, then readers, each in the order of the configuration: the order in which ties fall.</summary>
    private List<IAsyncEnumerable<ShopInput>> OpenSources(Recordings recordings, List<FrameAnalyzer> analyzers)
    {
        var sources = new List<IAsyncEnumerable<ShopInput>>();
        if (recordings.Gestures.Count > 0)
        {
            // First of all, so that the shop has armed the zone when a picture of the same time comes.
            sources.Add(recordings.Gestures.ToAsyncEnumerable());
        }
        List<ShopInput.ConsentGiven> gestures = Gestures(recordings);
        using var members = new ReplayMembers(scenario.Config, models, options.State, Replayer.Start);
        foreach (CameraConfig camera in recordings.Clips)
        {
            FrameAnalyzer analyzer = models.OpenAnalyzer(camera.Id, scenario.Config.Models, models.FacesOf(scenario.Config, camera));
            analyzers.Add(analyzer);
            options.Page?.Show(camera.Id, analyzer.View);
            analyzer.Watch(models.OpenGoods(camera, WithGallery(), missing => Console.Error.WriteLine("Codes on trays are not read. " + missing)));
            members.Introduce(analyzer);
            sources.Add(new RecordedCamera(camera, analyzer, TimeProvider.System).Read(Replayer.Start, gestures).ToAsyncEnumerable());
        }
        foreach ((ReaderConfig reader, string file) in recordings.Readers)
        {
            sources.Add(RecordedReader.Read(file, reader, Replayer.Start, recordings.ZeroOf(reader), recordings.Notes.GetValueOrDefault(reader.Id)).ToAsyncEnumerable());
        }
        return sources;
    }

    /// <summary>The gallery's file is relative to the scenario.</summary>
    private DeviceConfig WithGallery() => scenario.Config.Products.Gallery is string gallery
        ? scenario.Config with { Products = scenario.Config.Products with { Gallery = scenario.Resolve("The product gallery", "file:" + gallery, "file:") } }
        : scenario.Config;

    private string Recording(ReaderConfig reader)
    {
        string kind = reader.Source.StartsWith("reads:", StringComparison.Ordinal) ? "reads:" : "llrp:";
        return scenario.Resolve($"Reader {reader.Id}", reader.Source, kind);
    }

    private static Func<DateTimeOffset, Task> PaceFrom(TimeProvider time, double speed, CancellationToken cancel)
    {
        long started = time.GetTimestamp();
        return async at =>
        {
            TimeSpan early = ((at - Replayer.Start) / speed) - time.GetElapsedTime(started);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancel);
            }
        };
    }

    /// <summary>Where the clips and the readers' recordings of the scenario lie, and the gestures of its own file.</summary>
    private sealed record Recordings(IReadOnlyList<CameraConfig> Clips, IReadOnlyList<(ReaderConfig Config, string File)> Readers,
        IReadOnlyDictionary<string, RecordingNote> Notes, IReadOnlyList<ShopInput.ConsentGiven> Gestures)
    {
        /// <summary>The earliest read of all files that count like this reader's: readers of one gate are recorded side by side.</summary>
        public long? ZeroOf(ReaderConfig reader) => Notes.TryGetValue(reader.Id, out RecordingNote? own) && own.First is not null
            ? Notes.Values.Where(n => n.First is not null && n.IsDate == own.IsDate).Min(n => n.First)
            : null;
    }
}
