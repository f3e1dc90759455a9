using System.Buffers.Binary;
using System.ComponentModel;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Faces;

/// <summary>A picture file that cannot be used. One sentence for a person: which file and what to do.</summary>
public sealed class PictureException(string message) : Exception(message);

/// <summary>Decodes a JPEG or PNG upright, by ffmpeg: a damaged picture breaks the child and not the agent.</summary>
internal static class StillPicture
{
    // Larger pictures are made smaller: a face that is still too small then is none to enrol.
    private const int LongestSidePx = 2560;
    private const int HeaderBytes = 54;

    /// <exception cref="PictureException">The file is not there, no JPEG or PNG, or damaged.</exception>
    public static Frame Load(string file, FramePool pool, FfmpegPrograms? programs = null)
    {
        string ffmpeg = (programs ?? new FfmpegPrograms()).Ffmpeg;
        try
        {
            using FfmpegProcess child = FfmpegProcess.Start(ffmpeg, Arguments(file, Format(file)));
            Frame? frame = Read(child.Output, pool);
            FfmpegEnd end = child.WaitForEnd();
            if (frame is null || end.ErrorLines > 0)
            {
                frame?.Dispose();
                throw new PictureException($"{file} is a damaged picture{end.Because}; take or copy it again.");
            }
            return frame;
        }
        catch (Win32Exception)
        {
            throw new PictureException(FfmpegProcess.Missing(ffmpeg));
        }
    }

    /// <summary>The demuxer is named, not guessed: a file that calls itself a picture cannot be a playlist.</summary>
    private static List<string> Arguments(string file, string format) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-max_pixels", "100000000", "-f", format, "-i", "file:" + file,
        // ffmpeg turns the picture upright by its EXIF orientation before the filters.
        "-vf", $"scale='min({LongestSidePx},iw)':'min({LongestSidePx},ih)':force_original_aspect_ratio=decrease:flags=area,vflip",
        "-frames:v", "1", "-c:v", "bmp", "-pix_fmt", "bgr24", "-f", "image2pipe", "pipe:1",
    ];

    private static string Format(string file)
    {
        Span<byte> start = stackalloc byte[8];
        try
        {
            using FileStream stream = File.OpenRead(file);
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new PictureException($"{file} cannot be read: {unreadable.Message}");
        }
        // JPEG: SOI and the next marker. PNG: its signature (ISO/IEC 15948, 5.2).
        return start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "jpeg_pipe"
            : start.SequenceEqual((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "png_pipe"
            : throw new PictureException($"{file} is neither a JPEG nor a PNG picture; save it as one of them.");
    }

    /// <summary>BMP as in <see cref="FfmpegFrames"/>: width i32 at 18, height i32 at 22, rows padded to 4 bytes.</summary>
    private static Frame? Read(Stream output, FramePool pool)
    {
        byte[] header = new byte[HeaderBytes];
        if (output.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return null;
        }
        int width = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(18)), height = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(22));
        Frame frame = pool.Rent(width, height);
        int row = width * 3, pad = (4 - (row % 4)) % 4;
        Span<byte> ignored = stackalloc byte[4];
        for (int y = 0; y < height; y++)
        {
            if (output.ReadAtLeast(frame.Pixels.Slice(y * row, row), row, throwOnEndOfStream: false) < row
                || output.ReadAtLeast(ignored[..pad], pad, throwOnEndOfStream: false) < pad)
            {
                frame.Dispose();
                return null;
            }
        }
        return frame;
    }
}
