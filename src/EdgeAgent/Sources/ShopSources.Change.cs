using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Members;
using EdgeAgent.Rfid;
using EdgeAgent.Vision;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Models;

namespace EdgeAgent.Sources;

// From one configuration to the next. Models are loaded and checked before anything that runs is touched.
internal sealed partial class ShopSources
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(30);

    /// <summary>Makes what the configuration needs and does not run yet. Touches nothing that runs; a plan that is not started is given up with the next.</summary>
    /// <exception cref="ModelException">A model is missing, damaged or not allowed.</exception>
    /// <exception cref="Vision.Products.GalleryException">The gallery is missing, damaged or was made with other models.</exception>
    public SourcePlan Plan(DeviceConfig config)
    {
        DropPlan();
        IReadOnlyList<ModelEntry> chosen = _models.Chosen(config, _allowSynthetic);
        LogModels(chosen.Count == 0 ? "none" : string.Join(", ", chosen.Select(m => m.Name)));
        string modelsKey = ConfigSections.Text(config.Models);
        // One for all cameras, as many turns as the models' threads leave: with other models all cameras are made anew.
        DetectionScheduler turns = _turnsKey == modelsKey ? _turns! : new DetectionScheduler([], DetectionScheduler.SlotsFor(config.Models.Threads), _time);
        var cameras = new List<RunningCamera>();
        var newCameras = new List<RunningCamera>();
        try
        {
            foreach (CameraConfig camera in config.Cameras)
            {
                string key = KeyOf(config, camera);
                RunningCamera? same = _cameras.FirstOrDefault(c => c.Id == camera.Id && c.Key == key);
                if (same is null)
                {
                    newCameras.Add(Make(config, camera, key, turns));
                }
                cameras.Add(same ?? newCameras[^1]);
            }
            var readers = new List<RunningDevice<ReaderRunner>>();
            var newReaders = new List<RunningDevice<ReaderRunner>>();
            foreach (ReaderConfig reader in config.Readers)
            {
                ReaderConfig wired = reader with { GpiPorts = config.WatchedPins(reader) };
                IReadOnlyList<int> lamps = config.OutputPins(reader);
                IReadOnlyList<int> locks = config.LockPins(reader);
                string key = $"{ConfigSections.Text(wired)} {string.Join(' ', lamps)} {string.Join(' ', locks)}";
                RunningDevice<ReaderRunner>? same = _readers.FirstOrDefault(r => r.Id == reader.Id && r.Key == key);
                if (same is null)
                {
                    var runner = new ReaderRunner(wired, _time, _random, LogReaderWarning, lamps, locks);
                    newReaders.Add(new RunningDevice<ReaderRunner>(reader.Id, key, runner, stop => runner.RunAsync(_shop, stop)));
                }
                readers.Add(same ?? newReaders[^1]);
            }
            var scales = new List<RunningDevice<ScaleRunner>>();
            var newScales = new List<RunningDevice<ScaleRunner>>();
            foreach (CabinetConfig cabinet in config.Cabinets.Where(c => c.Scale?.Source is not null))
            {
                string key = $"{cabinet.Id} {cabinet.Scale!.Source}";
                RunningDevice<ScaleRunner>? same = _scales.FirstOrDefault(s => s.Key == key);
                if (same is null)
                {
                    var runner = new ScaleRunner(cabinet, _shop, _random, _time);
                    newScales.Add(new RunningDevice<ScaleRunner>(cabinet.Id, key, runner, runner.RunAsync));
                }
                scales.Add(same ?? newScales[^1]);
            }
            return _open = new SourcePlan(config, ModelStore.Digest(chosen), turns, modelsKey, cameras, readers, scales, newCameras, newReaders, newScales);
        }
        catch
        {
            newCameras.ForEach(camera => camera.Dispose());
            if (!ReferenceEquals(turns, _turns))
            {
                turns.Dispose();
            }
            throw;
        }
    }

    /// <summary>Stops what the plan does not hold any more, and tells the shop of those that come again with other settings.</summary>
    public async Task RetireAsync(SourcePlan plan, CancellationToken cancel = default)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            RunningCamera[] oldCameras = [.. _cameras.Except(plan.Cameras)];
            RunningDevice<ReaderRunner>[] oldReaders = [.. _readers.Except(plan.Readers)];
            RunningDevice<ScaleRunner>[] oldScales = [.. _scales.Except(plan.Scales)];
            // The members' watch looks at every analyzer: it ends before one of them does.
            await StopMembersAsync();
            await Task.WhenAll([.. oldCameras.Select(c => c.StopAsync()), .. oldReaders.Select(r => r.StopAsync()), .. oldScales.Select(s => s.StopAsync())]);
            _cameras = [.. _cameras.Except(oldCameras)];
            _readers = [.. _readers.Except(oldReaders)];
            _scales = [.. _scales.Except(oldScales)];
            foreach (RunningCamera camera in oldCameras)
            {
                camera.Dispose();
            }
            foreach ((SensorKind kind, string id) in oldCameras.Select(c => (SensorKind.Camera, c.Id))
                .Concat(oldReaders.Select(r => (SensorKind.Reader, r.Id))).Concat(oldScales.Select(s => (SensorKind.Scale, s.Id))))
            {
                await _shop.WriteAsync(new ShopInput.SensorReported(_time.GetUtcNow(), kind, id, SensorState.Offline, SensorReason.Reconfigured), cancel);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Starts what is new in the plan; the rest runs on. After <see cref="RetireAsync"/>, but for the first plan. Nothing once all is stopped.</summary>
    public async Task StartAsync(SourcePlan plan)
    {
        await _turn.WaitAsync();
        try
        {
            if (_stopped)
            {
                return;
            }
            if (!ReferenceEquals(_turns, plan.Turns))
            {
                _turns?.Dispose();
                (_turns, _turnsKey) = (plan.Turns, plan.TurnsKey);
            }
            (_open, _cameras, _readers, _scales) = (null, plan.Cameras, plan.Readers, plan.Scales);
            StartMembers(plan.Config);
            foreach (RunningCamera camera in plan.NewCameras)
            {
                camera.Start(Ended);
            }
            foreach (RunningDevice<ReaderRunner> reader in plan.NewReaders)
            {
                reader.Start(Ended);
            }
            foreach (RunningDevice<ScaleRunner> scale in plan.NewScales)
            {
                scale.Start(Ended);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives up what was planned and not started.</summary>
    private void DropPlan()
    {
        foreach (RunningCamera camera in _open?.NewCameras ?? [])
        {
            camera.Dispose();
        }
        if (_open is not null && !ReferenceEquals(_open.Turns, _turns))
        {
            _open.Turns.Dispose();
        }
        _open = null;
    }

    /// <summary>Doors, lines, floor and zones without faces are the shop's own: a camera goes on when they are drawn anew.</summary>
    private static string KeyOf(DeviceConfig config, CameraConfig camera)
    {
        ZoneConfig[] optIn = [.. camera.Zones.Where(z => z.OptIn)];
        return string.Join('\n',
        [
            ConfigSections.Text(camera with { Doors = [], Lines = [], Floor = null, Zones = optIn }), ConfigSections.Text(config.Models),
            optIn.Length > 0 ? ConfigSections.Text(config.Faces) : "", camera.Regions.Count > 0 ? ConfigSections.Text(config.Products) : "",
        ]);
    }

    private RunningCamera Make(DeviceConfig config, CameraConfig camera, string key, DetectionScheduler turns)
    {
        FrameAnalyzer analyzer = _models.OpenAnalyzer(camera.Id, config.Models, _models.FacesOf(config, camera));
        try
        {
            analyzer.Watch(_models.OpenGoods(camera, config, LogCodesOff));
        }
        catch
        {
            analyzer.Dispose();
            throw;
        }
        return new RunningCamera(camera, key, analyzer, turns, place => new CameraRunner(
            camera, analyzer, _shop, new Backoff(s_firstRetry, s_longestRetry, _random), _time, place: place, warn: LogDecoder));
    }

    private void StartMembers(DeviceConfig config)
    {
        // Consents end also where nobody is recognised any more.
        bool recognises = config.Faces is not null;
        string vectors = recognises ? _models.Catalog.Find(config.Models.FaceVectors!, "face-vector").Sha256 : "";
        Volatile.Write(ref _recognises, recognises);
        var members = new MemberWatch(
            _ledger, vectors, recognises ? [.. _cameras.Select(c => c.Analyzer)] : [], _time, _logs.CreateLogger<MemberWatch>());
        // Members that cannot be read stop no shop: it starts without them and says so.
        members.Look();
        Volatile.Write(ref _members, members);
        _membersRun = RunningTask.Start(members.RunAsync, Ended);
    }

    private async Task StopMembersAsync()
    {
        Volatile.Write(ref _members, null);
        if (_membersRun is not null)
        {
            await _membersRun.DisposeAsync();
            _membersRun = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Models in use: {Models}.")]
    private partial void LogModels(string models);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Codes on trays are not read. {Reason}")]
    private partial void LogCodesOff(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogReaderWarning(string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void LogDecoder(string sentence);
}
