using EdgeAgent.Core;
using EdgeAgent.Rfid.Epcs;
using EdgeAgent.Simulators.Scenes;

namespace EdgeAgent.Simulators.Gates;

/// <summary>Tags that are in the scene together: a shelf's, a cart's, a person's. One owner, the simulation.</summary>
internal sealed class TagGroup
{
    public required double From { get; init; }

    public required double Until { get; init; }

    /// <summary>Null for what stands.</summary>
    public Walk? Walk { get; init; }

    /// <summary>A person, who throws a shadow; null for carts and shelves.</summary>
    public double? ShadowHeight { get; init; }

    public required GroupTag[] Tags { get; init; }

    /// <summary>Where the carrier is in the slot that is being reckoned.</summary>
    public Stand Now { get; set; }

    /// <summary>Moved within the last moment; who stands still fades like stock.</summary>
    public bool Moving { get; set; }
}

/// <summary>One tag and what a radio needs to know of it.</summary>
internal sealed class GroupTag
{
    public required Epc Epc { get; init; }

    /// <summary>The place for what stands; the offset from the carrier for what is carried.</summary>
    public required Place At { get; init; }

    /// <summary>Placement and orientation, one way.</summary>
    public required double LossDb { get; init; }

    public required double JitterDb { get; init; }

    public double? PathLossDb { get; init; }

    /// <summary>Outside these times a carried tag lies where it was picked up or put down.</summary>
    public double CarriedFrom { get; init; } = double.NegativeInfinity;

    public double CarriedUntil { get; init; } = double.PositiveInfinity;

    /// <summary>How long it remembers an inventory, seconds; by its own chip.</summary>
    public double Persistence { get; init; }

    /// <summary>Asked again before this, a tag that is searched for singly does not answer.</summary>
    public double RestsUntil { get; set; } = double.NegativeInfinity;

    /// <summary>One for each antenna of the scene.</summary>
    public required TagLink[] Links { get; init; }
}

/// <summary>What lies between one tag and one antenna and changes slowly.</summary>
internal struct TagLink
{
    /// <summary>Frozen fading of this place, one way.</summary>
    public double FrozenDb;

    /// <summary>Fading of the moment, in standard deviations.</summary>
    public double Fading;
    public double FadedAt;

    /// <summary>Antenna gain and path loss of a tag that stands, reckoned once; NaN before.</summary>
    public double StandingGainDb;
    public double StandingPathDb;
}

/// <summary>Makes the groups of a scene. Everything drawn here comes from the scene's seed.</summary>
internal sealed class TagGroups(GateScene scene, int antennas, Dice dice)
{
    private const double CarriedJitterDb = RadioModel.CarriedFadingDb;

    public List<TagGroup> All()
    {
        var groups = new List<TagGroup>();
        foreach (SceneShelf shelf in scene.Shelves ?? [])
        {
            groups.Add(Standing(Expand(shelf.Tags), shelf));
        }
        foreach (SceneReferenceTag reference in scene.References ?? [])
        {
            SceneAntenna antenna = scene.Readers.First(r => r.Id == reference.Reader).Antennas.First(a => a.Id == reference.Antenna);
            Place at = antenna.At + (reference.DistanceMetres / antenna.Towards.Length * antenna.Towards);
            var tag = Tag(Parse(reference.Epc), at, 0, 0.5, null, frozenDb: 0);
            groups.Add(new TagGroup { From = 0, Until = scene.Seconds, Tags = [tag] });
        }
        foreach (SceneCart cart in scene.Carts ?? [])
        {
            groups.Add(InCart(cart));
        }
        foreach (SceneWalker walker in scene.Walkers ?? [])
        {
            groups.AddRange(Carried(walker));
        }
        return groups;
    }

    /// <summary>The EPCs that a scene's line of tags stands for.</summary>
    public static IEnumerable<Epc> Expand(SceneTags tags)
    {
        if (tags.Epc is string hex)
        {
            yield return Parse(hex);
            yield break;
        }
        for (int i = 0; i < tags.Count; i++)
        {
            yield return Sgtin96.Encode(tags.Gtin!, tags.CompanyDigits, tags.Filter, tags.Serial + (ulong)i);
        }
    }

    private static IEnumerable<Epc> Expand(IEnumerable<SceneTags> tags) => tags.SelectMany(Expand);

    private static Epc Parse(string hex) => Epc.TryParse(hex, out Epc epc) ? epc : throw new ArgumentException($"\"{hex}\" is no EPC.", nameof(hex));

    private TagGroup Standing(IEnumerable<Epc> epcs, SceneShelf shelf)
    {
        var tags = new List<GroupTag>();
        foreach (Epc epc in epcs)
        {
            var at = new Place(
                shelf.At.X + dice.Between(-(float)shelf.SpreadMetres, (float)shelf.SpreadMetres), shelf.At.Y,
                Math.Max(0.05, shelf.At.Z + dice.Between(-(float)shelf.SpreadMetres, (float)shelf.SpreadMetres)));
            tags.Add(Tag(epc, at, Draw(RadioModel.OrientationLossDb), shelf.JitterDb, shelf.PathLossDb, RadioModel.StandingSpreadDb));
        }
        return new TagGroup { From = shelf.FromSeconds, Until = shelf.UntilSeconds ?? scene.Seconds, Tags = [.. tags] };
    }

    private TagGroup InCart(SceneCart cart)
    {
        var tags = new List<GroupTag>();
        foreach (Epc epc in Expand(cart.Tags))
        {
            // A cart's basket: half a metre wide, a metre long, between knee and hip.
            var at = new Place(dice.Between(-0.25f, 0.25f), dice.Between(-0.5f, 0.5f), dice.Between(0.4f, 0.9f));
            tags.Add(Tag(epc, at, Draw(RadioModel.PlacementLossDb(cart.Placement)) + Draw(RadioModel.OrientationLossDb), CarriedJitterDb, null, RadioModel.StandingSpreadDb));
        }
        return new TagGroup { From = 0, Until = scene.Seconds, Walk = new Walk(cart.StartSeconds, cart.Path, cart.Speed), Tags = [.. tags] };
    }

    /// <summary>What is carried all the way comes and goes with the walker; what is picked up or put down on the way lies there before or after.</summary>
    private IEnumerable<TagGroup> Carried(SceneWalker walker)
    {
        var walk = new Walk(walker.StartSeconds, walker.Path, walker.Speed);
        var tags = new List<(SceneItem Item, GroupTag Tag)>();
        foreach (SceneItem item in walker.Items ?? [])
        {
            foreach (Epc epc in Expand(item.Tags))
            {
                for (int i = 0; i < item.TagCount; i++)
                {
                    double loss = item.LossDb ?? Draw(RadioModel.PlacementLossDb(item.Placement));
                    tags.Add((item, Tag(
                        epc, item.Offset ?? OffsetOf(item.Placement), loss + Draw(RadioModel.OrientationLossDb), CarriedJitterDb, null, 0,
                        item.FromSeconds, item.UntilSeconds)));
                }
            }
        }
        var body = new TagGroup { From = walk.Start, Until = walk.End, Walk = walk, ShadowHeight = walker.HeightMetres, Tags = [] };
        return tags.GroupBy(t => (Before: t.Item.FromSeconds is not null, After: t.Item.UntilSeconds is not null), t => t.Tag).Select(group => new TagGroup
        {
            From = group.Key.Before ? 0 : walk.Start,
            Until = group.Key.After ? scene.Seconds : walk.End,
            Walk = walk,
            Tags = [.. group],
        }).Prepend(body);
    }

    private GroupTag Tag(
        Epc epc, Place at, double lossDb, double jitterDb, double? pathLossDb, double frozenDb, double? carriedFrom = null, double? carriedUntil = null)
    {
        var links = new TagLink[antennas];
        for (int i = 0; i < links.Length; i++)
        {
            links[i] = new TagLink { FrozenDb = frozenDb * Chance.Normal(dice), Fading = Chance.Normal(dice), FadedAt = 0, StandingGainDb = double.NaN };
        }
        return new GroupTag
        {
            Epc = epc,
            At = at,
            LossDb = lossDb,
            JitterDb = jitterDb,
            PathLossDb = pathLossDb,
            CarriedFrom = carriedFrom ?? double.NegativeInfinity,
            CarriedUntil = carriedUntil ?? double.PositiveInfinity,
            // Between the shortest and the longest; each reader's session takes its own range.
            Persistence = dice.Unit(),
            Links = links,
        };
    }

    /// <summary>[right, forward, up] in metres.</summary>
    private Place OffsetOf(Placement placement) => placement switch
    {
        // Beside or before the body at hip height.
        Placement.None or Placement.Hand => new(Side(0.22f, 0.35f), dice.Between(0, 0.35f), dice.Between(0.8f, 1.2f)),
        // A bag hangs beside the knee.
        Placement.Bag or Placement.Liquid or Placement.Foil => new(Side(0.25f, 0.4f), dice.Between(-0.15f, 0.15f), dice.Between(0.3f, 0.7f)),
        Placement.Body => new(dice.Between(-0.15f, 0.15f), dice.Between(-0.12f, 0.18f), dice.Between(0.9f, 1.4f)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private double Side(float near, float far) => dice.Between(near, far) * (dice.Chance(0.5f) ? 1 : -1);

    private double Draw((double From, double To) range) => dice.Between((float)range.From, (float)range.To);
}
