using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;
using EdgeAgent.Vision.Faces;
using EdgeAgent.Vision.Imaging;

namespace EdgeAgent.Vision.Tests;

/// <summary>Alone in the process while they run: another test's vectors would be found too.</summary>
[CollectionDefinition(nameof(FaceMemoryTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>
/// What is left in memory of a face that matched nobody: the process writes its own memory down, and only then the face's vector is made again and looked for, by its
/// direction, so that a vector that was scaled or made from a slightly other crop is found as well.
/// </summary>
[Collection(nameof(FaceMemoryTests))]
public sealed class FaceMemoryTests(FaceModelsFixture models) : IClassFixture<FaceModelsFixture>
{
    private const float Same = 0.9f;

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [LinuxSharedFact]
    public void The_memory_of_the_process_holds_the_member_and_nothing_of_a_stranger_who_was_compared()
    {
        using var folder = new TempFolder();
        string dump = folder.File("memory"), control = folder.File("control");
        using FrameAnalyzer analyzer = FrameAnalyzer.Open(
            "cam", FaceModelsFixture.Models, Shared.Catalog(), Shared.Models,
            new FacesSetup(new FacesConfig(), [new ZoneConfig("desk", [new(0, 0), new(1, 0), new(1, 1), new(0, 1)], OptIn: true)], Shared.Models));
        analyzer.KnowMembers([models.Enrol("c", FaceModelsFixture.Photo("009_C.jpg"))]);
        Compare(analyzer, "004_A.jpg", 40);
        FaceCounts counts = analyzer.FaceCounts!.Value;
        Assert.True(counts.Embedded > 0, $"{counts}");
        Assert.Equal((0, counts.Embedded), (counts.Matched, counts.Wiped));
        WriteMemory(dump);

        FaceTemplate stranger = models.Enroller.Enrol(FaceModelsFixture.Photo("004_A.jpg")), member = models.Enroller.Enrol(FaceModelsFixture.Photo("009_C.jpg"));
        WriteMemory(control);

        (float ofMember, float ofStranger) = Best(dump, member, stranger);
        Assert.InRange(ofMember, Same, 1.01f);
        Assert.InRange(ofStranger, -1, Same);
        // The control: with the stranger's vector in memory the same look finds it.
        Assert.InRange(Best(control, member, stranger).Second, Same, 1.01f);
        GC.KeepAlive(stranger);
    }

    private static void Compare(FrameAnalyzer analyzer, string photo, int pictures)
    {
        analyzer.ArmFaces("desk", s_start.AddMinutes(1));
        using Frame picture = PictureFile.Read(FaceModelsFixture.Photo(photo), new FramePool());
        for (int i = 0; i <= pictures; i++)
        {
            Frame shown = new FramePool().Rent(picture.Width, picture.Height);
            picture.Pixels.CopyTo(shown.Pixels);
            // The last picture comes when the zone is armed no more.
            analyzer.Analyze(shown, i < pictures ? s_start.AddSeconds(i / 10.0) : s_start.AddMinutes(2));
            Assert.Empty(analyzer.Members);
        }
    }

    /// <summary>All memory that this process may write: the managed heap, the models' own, the stacks.</summary>
    private static void WriteMemory(string path)
    {
        using FileStream memory = new("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using FileStream file = File.Create(path);
        byte[] piece = new byte[1 << 20];
        foreach (string line in File.ReadAllLines("/proc/self/maps").Where(line => line.Split(' ')[1].StartsWith("rw", StringComparison.Ordinal) && !line.Contains("/dev/", StringComparison.Ordinal)))
        {
            long[] range = [.. line.Split(' ')[0].Split('-').Select(hex => long.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            for (long at = range[0]; at < range[1]; at += piece.Length)
            {
                int read;
                try
                {
                    read = RandomAccess.Read(memory.SafeFileHandle, piece.AsSpan(0, (int)Math.Min(piece.Length, range[1] - at)), at);
                }
                catch (IOException)
                {
                    // Reserved, or given back meanwhile.
                    continue;
                }
                file.Write(piece.AsSpan(0, read));
            }
        }
        Array.Clear(piece);
    }

    /// <summary>The highest cosine of each template with any 256 floats in the file.</summary>
    private static (float First, float Second) Best(string path, FaceTemplate one, FaceTemplate two)
    {
        ReadOnlySpan<Vector<float>> first = MemoryMarshal.Cast<byte, Vector<float>>(one.AsBytes()), second = MemoryMarshal.Cast<byte, Vector<float>>(two.AsBytes());
        (float, float) best = (-1, -1);
        int length = one.AsBytes().Length;
        byte[] piece = new byte[(16 << 20) + length];
        using FileStream file = File.OpenRead(path);
        for (long from = 0; from < file.Length; from += piece.Length - length)
        {
            file.Position = from;
            Span<float> floats = MemoryMarshal.Cast<byte, float>(piece.AsSpan(0, file.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false) & ~3));
            for (int i = 0; i + (length / sizeof(float)) <= floats.Length; i++)
            {
                // Floats of a vector are neither huge nor next to nothing; most of memory is one of both.
                if (!Plausible(floats[i]) || !Plausible(floats[i + 7]) || !Plausible(floats[i + 50]) || !Plausible(floats[i + 100]) || !Plausible(floats[i + 180]) || !Plausible(floats[i + 255]))
                {
                    continue;
                }
                ReadOnlySpan<Vector<float>> window = MemoryMarshal.Cast<float, Vector<float>>(floats.Slice(i, length / sizeof(float)));
                Vector<float> norm = default, dotOne = default, dotTwo = default;
                for (int k = 0; k < window.Length; k++)
                {
                    norm += window[k] * window[k];
                    dotOne += window[k] * first[k];
                    dotTwo += window[k] * second[k];
                }
                float scale = 1 / MathF.Sqrt(Vector.Sum(norm));
                float cosineOne = Vector.Sum(dotOne) * scale, cosineTwo = Vector.Sum(dotTwo) * scale;
                best = (cosineOne > best.Item1 ? cosineOne : best.Item1, cosineTwo > best.Item2 ? cosineTwo : best.Item2);
            }
        }
        return best;

        static bool Plausible(float value) => MathF.Abs(value) is > 1e-9f and < 1e4f;
    }
}

/// <summary>A test that reads its own process's memory as Linux shows it, and needs the shared models.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxSharedFactAttribute : FactAttribute
{
    public LinuxSharedFactAttribute() => Skip = !OperatingSystem.IsLinux() ? "A process's memory is read from Linux's /proc." : new SharedFactAttribute().Skip;
}
