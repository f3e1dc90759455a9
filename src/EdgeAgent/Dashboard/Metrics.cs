using System.Globalization;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Core.Today;

namespace EdgeAgent.Dashboard;

/// <summary>
/// All numbers of the agent, for /metrics and for a collector. Names from the configuration and words from closed lists are the only labels. What a
/// configuration may switch on later is there from the start, without a sample: the exporter asks for families once.
/// </summary>
internal static class Metrics
{
    private const string Prefix = "edge_agent_";

    public static IReadOnlyList<Metric> Collect(PageSources sources, DateTimeOffset now)
    {
        DeviceConfig config = sources.Config();
        DayView day = sources.Board.View(config);
        var all = new List<Metric>
        {
            Gauge("info", "Always 1; what runs here.", new Sample(1, "", ("version", AgentVersion.Text), ("tenant", config.Store.Tenant), ("store", config.Store.Store), ("box", config.Store.Box))),
            Gauge("healthy", "1 while /healthz answers 200.", One(PageHealth.Of(sources, day, now).Ok ? 1 : 0)),
            Gauge("config_version", "Version of the configuration in effect.", One(config.Version)),
            Gauge("visits_open", "People counted as being in the shop.", One(day.Inside)),
            // Anew each day: to Prometheus that is what a restart is.
            Counter("visits_today_total", "Visits that began since midnight.", One(day.Visits)),
            Counter("exits_today_total", "Visits that ended at a door or line since midnight.", One(day.Exits)),
            Counter("bags_today_total", "Bags decided since midnight.",
                [.. day.Gates.SelectMany(g => new[] { new Sample(g.Settled, "", ("gate", g.Id), ("decision", "settled")), new Sample(g.Held, "", ("gate", g.Id), ("decision", "held")) })]),
            Histogram("visit_minutes", "Length of the visits that ended since midnight.", day.Dwell),
            Histogram("decision_seconds", "From the last read of a bag to its decision.", day.Decision),
            Gauge("gate_tags", "Different tags at a gate within two seconds.", [.. day.Gates.Select(g => new Sample(g.TagsNow, "", ("gate", g.Id)))]),
            Gauge("camera_people", "People in a camera's last picture.", [.. day.Cameras.Select(c => new Sample(c.People, "", ("camera", c.Id)))]),
            Counter("line_crossings_today_total", "Crossings of doors and lines since midnight.",
                [.. day.Cameras.SelectMany(c => c.Lines.SelectMany(l => new[] { new Sample(l.In, "", ("camera", c.Id), ("line", l.Id), ("direction", "in")), new Sample(l.Out, "", ("camera", c.Id), ("line", l.Id), ("direction", "out")) }))]),
            Gauge("sensor_state", "1 online, 0.5 degraded, 0 offline or disabled, -1 never heard of.",
                [.. day.Cameras.Select(c => State("camera", c.Id, c.State)), .. day.Readers.Select(r => State("reader", r.Id, r.State))]),
            Gauge("faults", "What is wrong now; the words are explained in docs/runbook.md.",
                [.. day.Faults.GroupBy(f => (f.What, f.Reason)).Select(f => new Sample(f.Count(), "", ("what", f.Key.What), ("reason", f.Key.Reason)))]),
            Counter("reads_total", "Tag reads.", [.. day.Readers.Select(r => new Sample(r.Reads, "", ("reader", r.Id)))]),
        };
        if (sources.Health() is HealthData health)
        {
            Add(health, all);
        }
        if (sources.Logs is LogCounts logs)
        {
            all.Add(Counter("log_messages_total", "Messages of the log from warning on; docs/runbook.md has a line for each.",
                [.. logs.Counts.Select(c => new Sample(c.Count, "", ("level", c.Level.ToString().ToLowerInvariant()), ("message", c.Name)))]));
        }
        return all;
    }

    private static void Add(HealthData health, List<Metric> all)
    {
        all.Add(Gauge("uptime_seconds", "Since the start, in running time.", One(health.UptimeSeconds)));
        all.Add(Gauge("memory_bytes", "Resident memory.", One(health.MemoryMegabytes * 1048576)));
        all.Add(Gauge("shop_queue", "Inputs waiting for the shop, of 1024.", One(health.ShopQueue)));
        all.Add(Counter("events_shed_total", "Events let go before they could be sent.", One(health.EventsShed)));
        all.Add(Gauge("dead_letters", "Events that the broker refuses for good.", One(health.DeadLetters)));
        all.Add(Counter("stray_inputs_total", "Inputs of cameras, readers and antennas that the configuration does not name.", One(health.StrayInputs)));
        all.Add(Counter("late_reads_total", "Tag reads that came after their bag was decided.", One(health.LateReads)));
        all.Add(Counter("ignored_tags_total", "Tags seen leaving that are not items for sale.", One(health.IgnoredTags)));
        all.Add(Counter("forgotten_tags_total", "Tags forgotten because a gate had more in its field than it keeps.", One(health.ForgottenTags)));
        all.Add(Counter("foreign_items_total", "Goods seen leaving that this store does not sell.", One(health.ForeignItems)));
        all.Add(Counter("sold_before_total", "Items seen leaving that were sold before.", One(health.SoldBefore)));
        all.Add(Counter("stray_tags_total", "Tags that came to a gate and did not pass it.", One(health.StrayTags)));
        all.Add(Counter("evidence_shed_total", "Decisions whose evidence was let go for newer ones.", One(health.EvidenceShed)));
        all.Add(Counter("evidence_lost_total", "Decisions whose evidence the disk refused.", One(health.EvidenceLost)));
        all.Add(Counter("inbound_dropped_total", "Arriving MQTT messages dropped because too many waited.", One(health.InboundDropped)));
        if (health.Outbox is OutboxHealth outbox)
        {
            all.Add(Gauge("outbox_waiting", "Events that no broker has taken.",
                new Sample(outbox.Settlements, "", ("lane", "settlement")), new Sample(outbox.Visits, "", ("lane", "visit")), new Sample(outbox.Observations, "", ("lane", "observation"))));
            all.Add(Gauge("outbox_oldest_seconds", "For how long the oldest event has waited.", One(outbox.OldestSeconds)));
            all.Add(Gauge("outbox_unconfirmed", "Settlements that the broker has and no application has named.", One(outbox.Unconfirmed)));
            all.Add(Counter("outbox_sent_again_total", "Settlements sent again.", One(outbox.SentAgain)));
            all.Add(Counter("outbox_batches_total", "Messages with several events in them.", One(outbox.Batches)));
        }
        if (health.Link is LinkHealth link)
        {
            all.Add(Gauge("broker_up", "1 while there is a connection to the broker.", One(link.State == LinkState.Down ? 0 : 1)));
            all.Add(Counter("broker_connects_total", "Connections that came up.", One(link.Connects)));
            all.Add(Counter("inbound_ignored_total", "Arriving messages that were not even looked at.", One(link.Ignored)));
            all.Add(Gauge("certificate_days", "Whole days until the box's certificate ends.", link.CertificateDays is int days ? [One(days)] : []));
        }
        if (health.Storage is StorageHealth storage)
        {
            all.Add(Gauge("storage_ok", "0 while the disk does not keep what it should.", One(storage.Trouble is null ? 1 : 0)));
            all.Add(Gauge("storage_in_memory", "Events that are lost if the power goes now.", One(storage.InMemory)));
            all.Add(Counter("storage_shed_total", "Events let go because the disk took nothing.", One(storage.Shed)));
            all.Add(Gauge("open_files", "Files and sockets that the agent has open.", One(storage.OpenFiles)));
        }
        if (health.Commands is CommandHealth commands)
        {
            all.Add(Counter("commands_total", "Commands by what became of them.",
                new Sample(commands.CarriedOut, "", ("outcome", "carried-out")), new Sample(commands.Repeated, "", ("outcome", "repeated")),
                new Sample(commands.Refused, "", ("outcome", "refused")), new Sample(commands.Busy, "", ("outcome", "busy"))));
            all.Add(Counter("answers_dropped_total", "Answers that found no room or no broker.", One(commands.AnswersDropped)));
        }
        AddDevices(health, all);
    }

    private static void AddDevices(HealthData health, List<Metric> all)
    {
        Each("camera_fps", MetricKind.Gauge, "Pictures read per second.", c => c.Fps);
        Each("camera_wanted_fps", MetricKind.Gauge, "Pictures per second that the configuration asks for.", c => c.WantedFps);
        Each("camera_analysed_fps", MetricKind.Gauge, "Pictures analysed per second.", c => c.AnalysedFps);
        Each("camera_frames_dropped_total", MetricKind.Counter, "Pictures dropped because a newer one had come.", c => c.Dropped);
        Each("camera_step", MetricKind.Gauge, "How far a camera is thinned out because the box cannot keep up, 0 to 5.", c => c.Step);
        Of("reader_reads_per_second", MetricKind.Gauge, "Tag reads per second.", r => r.ReadsPerSecond);
        Of("reader_damaged_total", MetricKind.Counter, "Messages of a reader that could not be decoded.", r => r.Damaged);
        Of("reader_connections_total", MetricKind.Counter, "Sessions set up; it grows when the link breaks.", r => r.Connections);
        Of("reader_stale_total", MetricKind.Counter, "Reads thrown away because the reader had kept them too long.", r => r.Stale);
        Of("reader_buffer_faults_total", MetricKind.Counter, "Warnings and overflows of a reader's buffer.", r => r.BufferFaults);
        Of("reader_clock_jumps_total", MetricKind.Counter, "Times a reader's clock was set.", r => r.ClockJumps);
        Of("reader_other_clients_total", MetricKind.Counter, "Times another client tried to take a reader.", r => r.OtherClients);
        Of("reader_outputs_refused_total", MetricKind.Counter, "Switchings of lamps that did not come about.", r => r.OutputsRefused);
        all.Add(Gauge("members", "Members that may be recognised, by whether they can be.", health.Members is not MemberHealth members ? [] :
            [new Sample(members.Loaded, "", ("state", "loaded")), new Sample(members.Expired, "", ("state", "expired")), new Sample(members.Unusable, "", ("state", "unusable"))]));

        void Each(string name, MetricKind kind, string help, Func<CameraHealth, double> value) =>
            all.Add(new Metric(Prefix + name, kind, help, [.. health.Cameras.Select(c => new Sample(value(c), "", ("camera", c.Id)))]));

        void Of(string name, MetricKind kind, string help, Func<ReaderHealth, double> value) =>
            all.Add(new Metric(Prefix + name, kind, help, [.. health.Readers.Select(r => new Sample(value(r), "", ("reader", r.Id)))]));
    }

    private static Sample One(double value) => new(value, "");

    private static Sample State(string kind, string id, SensorState? state) => new(
        state switch { null => -1, SensorState.Online => 1, SensorState.Degraded => 0.5, _ => 0 }, "", ("kind", kind), ("id", id));

    private static Metric Gauge(string name, string help, params Sample[] samples) => new(Prefix + name, MetricKind.Gauge, help, samples);

    private static Metric Counter(string name, string help, params Sample[] samples) => new(Prefix + name, MetricKind.Counter, help, samples);

    private static Metric Histogram(string name, string help, HistogramView view)
    {
        var samples = new List<Sample>();
        long below = 0;
        for (int i = 0; i < view.Bounds.Count; i++)
        {
            below += view.Counts[i];
            samples.Add(new Sample(below, "_bucket", ("le", view.Bounds[i].ToString(CultureInfo.InvariantCulture))));
        }
        samples.Add(new Sample(view.Count, "_bucket", ("le", "+Inf")));
        samples.Add(new Sample(view.Sum, "_sum"));
        samples.Add(new Sample(view.Count, "_count"));
        return new Metric(Prefix + name, MetricKind.Histogram, help, samples);
    }
}
