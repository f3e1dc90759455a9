using System.Buffers.Binary;
using System.Diagnostics;

namespace EdgeAgent.Benchmarks.Counting;

/// <summary>A clip and the ways of spoiling a copy of it in a scratch folder. Names no file of its own choice twice.</summary>
internal sealed class SpoiledClip(string file, string scratch, int seed)
{
    private const int TransportPacket = 188;

    // What a decoder needs before the first picture stays whole: headers are the subject of other tests.
    private const int Head = 4096;

#pragma warning disable RS0030 // A seeded generator is data.
    private readonly Random _dice = new(seed);
#pragma warning restore RS0030
    private int _written;

    public string File => file;

    public int Seed => seed;

    /// <summary>The clip at ten pictures a second in another coding; made once for each clip.</summary>
    public string Coded(Coding coding)
    {
        string coded = Path.Combine(scratch, $"{Path.GetFileNameWithoutExtension(file)}-{coding.Name}.{coding.Container}");
        if (!System.IO.File.Exists(coded))
        {
            Ffmpeg(["-i", file, "-an", "-vf", "fps=10,scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-c:v", coding.Codec, .. coding.Options, coded]);
        }
        return coded;
    }

    public string Cut(double part) => Write(file, bytes => bytes[..(int)(bytes.Length * part)]);

    public string Flip(string from, int count) => Write(from, bytes =>
    {
        (int first, int end) = Media(bytes);
        for (int i = 0; i < count; i++)
        {
            bytes[_dice.Next(first, end)] ^= (byte)_dice.Next(1, 256);
        }
        return bytes;
    });

    public string Zero(int holes, int length) => Write(file, bytes =>
    {
        (int first, int end) = Media(bytes);
        for (int i = 0; i < holes; i++)
        {
            bytes.AsSpan(_dice.Next(first, end - length), length).Clear();
        }
        return bytes;
    });

    public string Without(int length) => Write(file, bytes =>
    {
        (int first, int end) = Media(bytes);
        int at = _dice.Next(first, end - length);
        return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
    });

    public string Exchanged(int length) => Write(file, bytes =>
    {
        (int first, int end) = Media(bytes);
        int at = _dice.Next(first, end - (2 * length));
        byte[] one = bytes.AsSpan(at, length).ToArray();
        bytes.AsSpan(at + length, length).CopyTo(bytes.AsSpan(at));
        one.CopyTo(bytes.AsSpan(at + length));
        return bytes;
    });

    /// <summary>ISO/IEC 14496-12, 8.7.3.2: "stsz", version and flags, one size for all, count, then the size of each picture; 32 bits each.</summary>
    public string? WrongIndex()
    {
        int table = System.IO.File.ReadAllBytes(file).AsSpan().IndexOf("stsz"u8);
        return table < 0 ? null : Write(file, bytes =>
        {
            int count = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(table + 12));
            Span<byte> sizes = bytes.AsSpan(table + 16, count * 4);
            byte[] first = sizes[..4].ToArray();
            sizes[4..].CopyTo(sizes);
            first.CopyTo(sizes[^4..]);
            return bytes;
        });
    }

    /// <summary>Damage inside the coded pictures, or pictures left out, by ffmpeg's own filter for that ("noise" in ffmpeg-bitstream-filters).</summary>
    public string Noise(Coding coding, string how)
    {
        string damaged = Path.Combine(scratch, $"damaged-{_written++}.{coding.Container}");
        Ffmpeg(["-i", Coded(coding), "-c", "copy", "-bsf:v", "noise=" + how, damaged]);
        return damaged;
    }

    public string Lossy(Coding coding, double part) => Packets(coding, count =>
    {
        bool[] lost = new bool[count];
        for (int i = 0; i < count; i++)
        {
            lost[i] = _dice.NextDouble() < part;
        }
        return lost;
    });

    public string Bursts(Coding coding, int bursts, int length) => Packets(coding, count =>
    {
        bool[] lost = new bool[count];
        for (int i = 0; i < bursts; i++)
        {
            int at = _dice.Next(count);
            lost.AsSpan(at, Math.Min(length, count - at)).Fill(true);
        }
        return lost;
    });

    /// <summary>As a recorder that decodes what came and codes it anew: the damage is in the pictures, and no decoder can tell.</summary>
    public string Recoded(string damaged)
    {
        string anew = Path.Combine(scratch, $"damaged-{_written++}.mkv");
        Ffmpeg(["-i", damaged, "-vf", "fps=10", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "12", anew]);
        return anew;
    }

    public string Filtered(string filter)
    {
        string damaged = Path.Combine(scratch, $"damaged-{_written++}.mkv");
        Ffmpeg(["-i", file, "-an", "-vf", filter + ",scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "12", damaged]);
        return damaged;
    }

    /// <summary>One transport stream whose pictures have another size from a moment on, as when somebody sets the camera up anew.</summary>
    public string Resized(string filter)
    {
        string moment = FormattableString.Invariant($"{1 + (2 * _dice.NextDouble()):0.0}");
        byte[][] parts = [.. new[] { "trim=end=" + moment, $"trim=start={moment},{filter}" }.Select(part =>
        {
            string written = Path.Combine(scratch, $"damaged-{_written++}.ts");
            Ffmpeg(["-copyts", "-i", file, "-an", "-vf", $"fps=10,{part},scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0", "-muxdelay", "0", written]);
            return System.IO.File.ReadAllBytes(written);
        })];
        string whole = Path.Combine(scratch, $"damaged-{_written++}.ts");
        System.IO.File.WriteAllBytes(whole, [.. parts[0], .. parts[1]]);
        return whole;
    }

    private string Packets(Coding coding, Func<int, bool[]> lose) => Write(Coded(coding), bytes =>
    {
        int head = Head / TransportPacket;
        bool[] lost = lose((bytes.Length / TransportPacket) - head);
        int kept = head * TransportPacket;
        for (int i = 0; i < lost.Length; i++)
        {
            if (!lost[i])
            {
                bytes.AsSpan((head + i) * TransportPacket, TransportPacket).CopyTo(bytes.AsSpan(kept));
                kept += TransportPacket;
            }
        }
        return bytes[..kept];
    });

    /// <summary>Where the coded pictures lie: in an MP4 file behind the head of its media box, else everywhere but at the beginning.</summary>
    private static (int First, int End) Media(byte[] bytes) => (Math.Max(bytes.AsSpan(0, 8)[4..].SequenceEqual("ftyp"u8) ? bytes.AsSpan().IndexOf("mdat"u8) : 0, 0) + Head, bytes.Length);

    private string Write(string from, Func<byte[], byte[]> spoil)
    {
        string damaged = Path.Combine(scratch, $"damaged-{_written++}{Path.GetExtension(from)}");
        System.IO.File.WriteAllBytes(damaged, spoil(System.IO.File.ReadAllBytes(from)));
        return damaged;
    }

    private static void Ffmpeg(IEnumerable<string> arguments)
    {
        // It complains of the damage, which is no news here.
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "quiet", "-y", .. arguments]))!;
        ffmpeg.WaitForExit();
    }
}
