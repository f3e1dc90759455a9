using System.ComponentModel;

namespace EdgeAgent.Core.Config;

/// <summary>One camera.</summary>
public sealed record CameraConfig(
    [Description("Name in events and metrics: 1 to 32 of a-z 0-9 -.")] string Id,
    [Description("rtsp://…, http(s)://… (MJPEG), v4l2:/dev/videoN, or clip:FILE in a replay.")] string Source,
    [Description("Pictures analysed per second, 1 to 30.")] double Fps = 10,
    [Description("Width in pixels to which pictures are scaled before analysis, 160 to 1920, even; the height follows.")] int Width = 640,
    [Description("Doors: places where people appear or vanish because the camera sees no further.")] IReadOnlyList<DoorConfig>? Doors = null,
    [Description("Tripwires: lines on the floor that are crossed by the foot point.")] IReadOnlyList<LineConfig>? Lines = null,
    [Description("A picture no older than this is expected; older means the source is stalled and restarted. Seconds, 1 to 60.")] double StallSeconds = 5,
    [Description("Zones: areas of the floor; a person is in one when the foot point is.")] IReadOnlyList<ZoneConfig>? Zones = null,
    [Description("Regions: checkout trays and shelves whose goods are watched.")] IReadOnlyList<RegionConfig>? Regions = null,
    [Description("Privacy masks: areas that are painted out before anything else sees the picture, each a list of 3 to 32 corners [x, y].")] IReadOnlyList<IReadOnlyList<Point>>? Masks = null,
    [Description("User name, if the camera asks for one; needs passwordFile.")] string? User = null,
    [Description("File that holds the camera's password, readable by the agent only.")] string? PasswordFile = null,
    [Description("What decodes: none (the processor), v4l2m2m, rkmpp or vaapi; what does not start falls back to the processor.")] VideoDecoder Decoder = VideoDecoder.None,
    [Description("Where four places of the picture lie on the store's floor: lets cameras that see the same floor agree on who stands there; null when not measured.")] FloorConfig? Floor = null)
{
    public IReadOnlyList<DoorConfig> Doors { get; init; } = Doors ?? [];
    public IReadOnlyList<LineConfig> Lines { get; init; } = Lines ?? [];
    public IReadOnlyList<ZoneConfig> Zones { get; init; } = Zones ?? [];
    public IReadOnlyList<RegionConfig> Regions { get; init; } = Regions ?? [];
    public IReadOnlyList<IReadOnlyList<Point>> Masks { get; init; } = Masks ?? [];
}

/// <summary>Hardware that decodes video; <see cref="None"/> is the processor.</summary>
public enum VideoDecoder { None, V4l2m2m, Rkmpp, Vaapi }

/// <summary>A frame edge through which people come into view or leave it.</summary>
public sealed record DoorConfig(
    [Description("Name in events; unique in the store.")] string Id,
    [Description("The edge of the picture: left, right, top or bottom.")] FrameEdge Edge,
    [Description("What counts: in (appearing starts a visit), out (vanishing ends it) or both.")] DoorUse Use = DoorUse.Both,
    [Description("Only staff come and go here: they are no visitors, and no crossing is told.")] bool Staff = false);

public enum FrameEdge { Left, Right, Top, Bottom }

public enum DoorUse { In, Out, Both }

/// <summary>A directed line. Looking from <paramref name="From"/> to <paramref name="To"/> in the picture, crossing from the left hand to the right hand is in.</summary>
public sealed record LineConfig(
    [Description("Name in events; unique in the store.")] string Id,
    [Description("Start as [x, y] in fractions of the picture, 0 to 1.")] Point From,
    [Description("End as [x, y] in fractions of the picture, 0 to 1.")] Point To,
    [Description("Only staff cross here: they are no visitors, and no crossing is told.")] bool Staff = false);

/// <summary>Four places on the floor, as the camera sees them and as they were measured in the store.</summary>
public sealed record FloorConfig(
    [Description("Four places [x, y] in fractions of the picture, in order around; no three on one line.")] IReadOnlyList<Point> Image,
    [Description("The same four places [x, y] in metres on the store's floor plan, -1000 to 1000; all cameras share its origin.")] IReadOnlyList<Point> Metres);

/// <summary>An area of the floor as a camera sees it.</summary>
public sealed record ZoneConfig(
    [Description("Name in events: 1 to 32 of a-z 0-9 -; unique in the store.")] string Id,
    [Description("3 to 32 corners [x, y] in fractions of the picture, in order.")] IReadOnlyList<Point> Area,
    [Description("Whoever stays this long has dwelled there. Seconds, 1 to 3600; null reports no dwell.")] double? DwellSeconds = null,
    [Description("People wait in line here: length and wait of the queue are published.")] bool Queue = false,
    [Description("Faces of consented members may be recognised here after a consent gesture; never elsewhere.")] bool OptIn = false,
    [Description("Staff only: whoever stays here for visits.staffSeconds is staff from then on, and no visitor.")] bool Staff = false);

/// <summary>A place where goods lie, as a camera sees it.</summary>
public sealed record RegionConfig(
    [Description("Name in events: 1 to 32 of a-z 0-9 -; unique in the store.")] string Id,
    [Description("tray (goods are put down to be paid) or shelf (goods are taken and put back).")] RegionKind Kind,
    [Description("3 to 32 corners [x, y] in fractions of the picture, in order.")] IReadOnlyList<Point> Area);

public enum RegionKind { Tray, Shelf }
