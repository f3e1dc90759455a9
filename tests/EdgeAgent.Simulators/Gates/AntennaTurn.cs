using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Gates;

/// <summary>
/// One turn of one antenna: who has the power to answer, who of these comes in within the dwell, how strong and how often. The chance to be
/// read is the chance to answer times the share of the dwell; shadows, fading and the memory of the session are in the former.
/// </summary>
internal sealed class AntennaTurn(Dice dice)
{
    // A round of the inventory takes at least this long with its query and empty slots, so that a single tag is read 100 times a second.
    private const double RoundSeconds = 0.010;

    // What a reader's own measurement adds, dB.
    private const double RssiErrorDb = 0.5;

    private readonly List<Answer> _answers = [];
    private readonly List<SimulatedRead> _reads = [];
    private readonly List<(Stand At, double Height)> _bodies = [];

    /// <summary>The reads of the turn that begins now, in order of time; valid until the next call.</summary>
    public List<SimulatedRead> Take(Slots reader, List<TagGroup> groups)
    {
        _answers.Clear();
        _reads.Clear();
        double now = reader.Now;
        Locate(groups, now);
        foreach (TagGroup group in groups)
        {
            foreach (GroupTag tag in group.Tags)
            {
                Ask(reader, group, tag, now);
            }
        }
        if (_answers.Count > 0)
        {
            Inventory(reader, now);
        }
        return _reads;
    }

    private void Locate(List<TagGroup> groups, double now)
    {
        _bodies.Clear();
        foreach (TagGroup group in groups)
        {
            if (group.Walk is not Walk walk)
            {
                continue;
            }
            group.Now = walk.At(now);
            group.Moving = group.Now != walk.At(now - 0.05);
            if (group.ShadowHeight is double height && now >= walk.Start && now <= walk.End)
            {
                _bodies.Add((group.Now, height));
            }
        }
    }

    private void Ask(Slots reader, TagGroup group, GroupTag tag, double now)
    {
        AntennaSlot antenna = reader.Antenna;
        ref TagLink link = ref tag.Links[antenna.Link];
        bool carried = group.Walk is not null;
        bool lies = carried && (now < tag.CarriedFrom || now > tag.CarriedUntil);
        Place at = !carried ? tag.At : lies ? group.Walk!.At(now < tag.CarriedFrom ? tag.CarriedFrom : tag.CarriedUntil).Offset(tag.At) : group.Now.Offset(tag.At);
        if (!TryLink(antenna, tag, ref link, at, stands: !carried, out double gain, out double path))
        {
            return;
        }
        // At rest the reflections stay as they are.
        double jitter = carried && (lies || !group.Moving) ? 0.7 : tag.JitterDb;
        double loss = tag.LossDb + link.FrozenDb + (jitter * Fade(ref link, now)) + Shadow(antenna.Antenna.At, at);
        double atTag = RadioModel.AtTagDbm(antenna.TxPowerDbm, gain, path, loss);
        double chance = RadioModel.AnswerChance(atTag);
        double rssi = RadioModel.RssiDbm(atTag, gain, path, loss);
        if (chance <= 0 || rssi < RadioModel.ReaderSensitivityDbm || !dice.Chance((float)chance))
        {
            return;
        }
        if (reader.Reader.Search == SearchMode.SingleTarget && now < tag.RestsUntil)
        {
            if (reader.Reader.Session >= 2)
            {
                tag.RestsUntil = now + Persistence(reader.Reader.Session, tag); // under power the memory does not fade
            }
            return;
        }
        _answers.Add(new Answer(tag, chance, rssi));
    }

    private static double Persistence(int session, GroupTag tag)
    {
        (double from, double to) = RadioModel.PersistenceSeconds(session);
        return from + (tag.Persistence * (to - from));
    }

    private static bool TryLink(AntennaSlot antenna, GroupTag tag, ref TagLink link, Place at, bool stands, out double gain, out double path)
    {
        if (stands && !double.IsNaN(link.StandingGainDb))
        {
            (gain, path) = (link.StandingGainDb, link.StandingPathDb);
            return !double.IsInfinity(path);
        }
        double metres = (at - antenna.Antenna.At).Length;
        gain = tag.PathLossDb is null ? RadioModel.GainDb(antenna.Antenna.GainDbi, antenna.Antenna.At, antenna.Towards, at) : antenna.Antenna.GainDbi;
        path = tag.PathLossDb ?? (metres > RadioModel.FarMetres ? double.PositiveInfinity : RadioModel.FreeSpaceLossDb(metres));
        if (stands)
        {
            (link.StandingGainDb, link.StandingPathDb) = (gain, path);
        }
        return !double.IsInfinity(path);
    }

    /// <summary>Fading in standard deviations: what it was, forgotten over <see cref="RadioModel.FadingSeconds"/>.</summary>
    private double Fade(ref TagLink link, double now)
    {
        double keeps = Math.Exp(-(now - link.FadedAt) / RadioModel.FadingSeconds);
        link.Fading = (keeps * link.Fading) + (Math.Sqrt(1 - (keeps * keeps)) * Chance.Normal(dice));
        link.FadedAt = now;
        return link.Fading;
    }

    /// <summary>Bodies that stand in the line between antenna and tag, also the carrier's own.</summary>
    private double Shadow(Place antenna, Place tag)
    {
        double loss = 0;
        double dx = tag.X - antenna.X;
        double dy = tag.Y - antenna.Y;
        double length = (dx * dx) + (dy * dy);
        foreach ((Stand at, double height) in _bodies)
        {
            // Nearest to the body's axis on the line, as a part of the way from the antenna.
            double u = length < 1e-9 ? 0 : Math.Clamp((((at.X - antenna.X) * dx) + ((at.Y - antenna.Y) * dy)) / length, 0, 1);
            double ox = antenna.X + (u * dx) - at.X;
            double oy = antenna.Y + (u * dy) - at.Y;
            double z = antenna.Z + (u * (tag.Z - antenna.Z));
            if ((ox * ox) + (oy * oy) < RadioModel.BodyRadiusMetres * RadioModel.BodyRadiusMetres && z < height)
            {
                loss += RadioModel.BodyShadowDb;
            }
        }
        return loss;
    }

    /// <summary>The dwell takes in so many tags and no more; whoever is left over is not read in this turn.</summary>
    private void Inventory(Slots reader, double now)
    {
        double dwell = reader.Antenna.Antenna.CycleMs / 1000;
        double expected = reader.Reader.TagsPerSecond * dwell;
        // A fraction of a tag is a tag now and then: over many turns the rate holds.
        int capacity = (int)expected + (dice.Chance((float)(expected - (int)expected)) ? 1 : 0);
        int taken = Math.Min(_answers.Count, capacity);
        for (int i = 0; i < taken; i++)
        {
            int pick = i + dice.Pick(_answers.Count - i);
            (_answers[i], _answers[pick]) = (_answers[pick], _answers[i]);
        }
        int spare = capacity - taken;
        double again = reader.Reader.Search == SearchMode.SingleTarget ? 0 : Math.Min((double)spare / Math.Max(taken, 1), (dwell / RoundSeconds) - 1);
        for (int i = 0; i < taken; i++)
        {
            Answer answer = _answers[i];
            int more = again <= 0 ? 0 : Math.Min(spare, Chance.Poisson(dice, again * answer.Chance));
            spare -= more;
            double rssi = Math.Round(answer.RssiDbm + (RssiErrorDb * Chance.Normal(dice)), 1);
            TimeSpan at = GateSimulation.Time(now + (dwell * dice.Unit()));
            _reads.Add(new SimulatedRead(at, reader.Reader.Id, reader.Antenna.Antenna.Id, answer.Tag.Epc, (float)rssi, (ushort)(1 + more)));
            if (reader.Reader.Search == SearchMode.SingleTarget)
            {
                answer.Tag.RestsUntil = now + dwell + Persistence(reader.Reader.Session, answer.Tag);
            }
        }
    }

    private readonly record struct Answer(GroupTag Tag, double Chance, double RssiDbm);
}
