namespace EdgeAgent.Benchmarks.Counting;

/// <summary>One way in which a recording is spoiled, from the bytes of its file to the pictures themselves. The same seed gives the same damage.</summary>
/// <param name="Make">Writes the damaged recording and returns its path; null where the clip's format has nothing of the kind.</param>
internal sealed record Damage(string Name, Func<SpoiledClip, string?> Make)
{
    public DamageKind Kind => Name.StartsWith("none:", StringComparison.Ordinal) ? DamageKind.None
        : Name.StartsWith("pictures:", StringComparison.Ordinal) || Name.StartsWith("recorded anew:", StringComparison.Ordinal) ? DamageKind.Pictures
        : DamageKind.Stream;

    private const int Hole = 16 * 1024;
    private const int Block = 64 * 1024;

    private static readonly Coding s_short = new("short", "ts", "libx264", "-preset", "ultrafast", "-crf", "18", "-g", "25", "-bf", "0", "-slices", "4");
    private static readonly Coding s_long = new("long", "ts", "libx264", "-preset", "veryfast", "-crf", "14", "-g", "250");
    private static readonly Coding s_refreshed = new("refreshed", "ts", "libx264", "-preset", "veryfast", "-crf", "14", "-g", "50", "-x264-params", "intra-refresh=1");
    private static readonly Coding s_hevc = new("hevc", "ts", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=50");
    private static readonly Coding s_mpeg2 = new("mpeg2", "ts", "mpeg2video", "-q:v", "4", "-g", "12");
    private static readonly Coding s_mpeg4 = new("mpeg4", "avi", "mpeg4", "-q:v", "4", "-g", "50");
    private static readonly Coding s_jpeg = new("jpeg", "avi", "mjpeg", "-q:v", "4");

    public static IReadOnlyList<Damage> All { get; } =
    [
        new("file: cut at 40 %", c => c.Cut(0.4)),
        new("file: cut at 90 %", c => c.Cut(0.9)),
        new("file: 20 bytes changed", c => c.Flip(c.File, 20)),
        new("file: 200 bytes changed", c => c.Flip(c.File, 200)),
        new("file: 2,000 bytes changed", c => c.Flip(c.File, 2000)),
        new("file: four holes of 16 KiB", c => c.Zero(4, Hole)),
        new("file: 64 KiB missing in the middle", c => c.Without(Block)),
        new("file: two blocks of 64 KiB exchanged", c => c.Exchanged(Block)),
        new("file: sizes in the index off by one picture", c => c.WrongIndex()),
        new("none: coded anew as H.264", c => c.Coded(s_short)),
        new("none: coded anew as H.264, a key picture each 25 s", c => c.Coded(s_long)),
        new("none: coded anew as H.264 with intra refresh", c => c.Coded(s_refreshed)),
        new("none: coded anew as H.265", c => c.Coded(s_hevc)),
        new("none: coded anew as MPEG-2", c => c.Coded(s_mpeg2)),
        new("H.264: bits, heavy", c => c.Noise(s_short, "amount=20000")),
        new("H.264: bits, medium", c => c.Noise(s_short, "amount=60000")),
        new("H.264: bits, light", c => c.Noise(s_short, "amount=400000")),
        new("H.264: each 23rd picture lost", c => c.Noise(s_short, "drop=not(mod(n+1\\,23))")),
        new("H.264: each 4th picture lost", c => c.Noise(s_short, "drop=not(mod(n+1\\,4))")),
        new("H.264: key pictures lost but the first", c => c.Noise(s_short, "drop=key*gt(n\\,0)")),
        new("H.264: all key pictures lost", c => c.Noise(s_short, "drop=key")),
        new("H.264: 0.1 % of the packets lost", c => c.Lossy(s_short, 0.001)),
        new("H.264: 1 % of the packets lost", c => c.Lossy(s_short, 0.01)),
        new("H.264: 5 % of the packets lost", c => c.Lossy(s_short, 0.05)),
        new("H.264: ten bursts of 100 packets lost", c => c.Bursts(s_short, 10, 100)),
        new("H.264: 2,000 bytes changed", c => c.Flip(c.Coded(s_short), 2000)),
        new("H.264, a key picture each 25 s: 0.1 % lost", c => c.Lossy(s_long, 0.001)),
        new("H.264, a key picture each 25 s: 1 % lost", c => c.Lossy(s_long, 0.01)),
        new("H.264, a key picture each 25 s: ten bursts", c => c.Bursts(s_long, 10, 30)),
        new("H.264, a key picture each 25 s: each 23rd lost", c => c.Noise(s_long, "drop=not(mod(n+1\\,23))")),
        new("H.264, intra refresh: 1 % lost", c => c.Lossy(s_refreshed, 0.01)),
        new("H.265: 1 % lost", c => c.Lossy(s_hevc, 0.01)),
        new("H.265: bits", c => c.Noise(s_hevc, "amount=60000")),
        new("H.265: each 23rd picture lost", c => c.Noise(s_hevc, "drop=not(mod(n+1\\,23))")),
        new("MPEG-2: 1 % lost", c => c.Lossy(s_mpeg2, 0.01)),
        new("MPEG-4: bits", c => c.Noise(s_mpeg4, "amount=60000")),
        new("MPEG-4: each 23rd picture lost", c => c.Noise(s_mpeg4, "drop=not(mod(n+1\\,23))")),
        new("MJPEG: 2,000 bytes changed", c => c.Flip(c.Coded(s_jpeg), 2000)),
        new("recorded anew: 1 % lost, a key picture each 25 s", c => c.Recoded(c.Lossy(s_long, 0.01))),
        new("recorded anew: ten bursts, a key picture each 25 s", c => c.Recoded(c.Bursts(s_long, 10, 30))),
        new("recorded anew: 1 % lost", c => c.Recoded(c.Lossy(s_short, 0.01))),
        new("recorded anew: bits, heavy", c => c.Recoded(c.Noise(s_short, "amount=20000"))),
        new("recorded anew: key pictures lost but the first", c => c.Recoded(c.Noise(s_short, "drop=key*gt(n\\,0)"))),
        new("recorded anew: MPEG-2, 1 % lost", c => c.Recoded(c.Lossy(s_mpeg2, 0.01))),
        new("pictures: lower half grey for 2 of 7 s", c => c.Filtered("drawbox=y=ih/2:h=ih/2:c=gray:t=fill:enable='lt(mod(t,7),2)'")),
        new("pictures: green for 1 of 5 s", c => c.Filtered("drawbox=c=0x008700:t=fill:enable='lt(mod(t,5),1)'")),
        new("pictures: right half green for 2 of 7 s", c => c.Filtered("drawbox=x=iw/2:w=iw/2:c=0x008700:t=fill:enable='lt(mod(t,7),2)'")),
        new("pictures: holes of 3 in 11 s", c => c.Filtered("fps=10,select='lt(n,1)+gte(mod(t,11),3)'")),
        new("pictures: frozen for 3 of 11 s", c => c.Filtered("fps=10,select='gte(mod(t,11),3)',fps=10")),
        new("pictures: 4 of 15 s missing", c => c.Filtered("fps=10,select='gte(mod(t,15),4)',setpts=N/10/TB")),
        new("pictures: each 10th shows half a second ago", c => c.Filtered("fps=10,shuffleframes=0 1 2 3 4 0 6 7 8 9")),
        new("pictures: in the order of decoding", c => c.Filtered("shuffleframes=0 3 1 2")),
        new("pictures: out of order", c => c.Filtered(FormattableString.Invariant($"fps=10,random=frames=6:seed={c.Seed}"))),
        new("pictures: trailing", c => c.Filtered("lagfun=decay=0.97")),
        new("pictures: half the size from a moment on", c => c.Resized("scale=iw/2:-2")),
        new("pictures: another shape from a moment on", c => c.Resized("scale=480:480")),
    ];
}

/// <summary>Where the damage is: in what a decoder reads, or in what it shows.</summary>
internal enum DamageKind
{
    None,
    Stream,
    Pictures,
}

/// <summary>How a recording is coded before it is damaged.</summary>
internal sealed record Coding(string Name, string Container, string Codec, params string[] Options);
