using System.Buffers.Binary;
using System.ComponentModel;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Imaging;

/// <summary>Reads a stored JPEG or PNG, turned upright as its EXIF data says, by ffmpeg: a damaged picture breaks the child and not the agent.</summary>
internal static class PictureFile
{
    // 54 bytes of BITMAPFILEHEADER and BITMAPINFOHEADER, as in FfmpegFrames.
    private const int HeaderBytes = 54;

    // 100 megapixels are 300 MB of memory: more is no photo of a product.
    private const int MaxPixels = 100_000_000;

    /// <summary>The caller owns the frame.</summary>
    /// <param name="longestSidePx">Larger pictures are made smaller, to this.</param>
    /// <exception cref="PictureException">There is no such file, it is no whole JPEG or PNG, or ffmpeg is not installed.</exception>
    public static Frame Read(string file, FramePool pool, int longestSidePx = 16_384)
    {
        string format = Format(file);
        FfmpegProcess child;
        try
        {
            child = FfmpegProcess.Start(FfmpegProcess.Ffmpeg, FfmpegCommand.PictureArguments(file, format, MaxPixels, longestSidePx));
        }
        catch (Win32Exception)
        {
            throw new PictureException(FfmpegProcess.Missing(FfmpegProcess.Ffmpeg));
        }
        using (child)
        {
            Frame? frame = ReadBitmap(child.Output, pool);
            FfmpegEnd end = child.WaitForEnd();
            if (frame is not null && end.ErrorLines == 0)
            {
                return frame;
            }
            frame?.Dispose();
            throw new PictureException($"The picture {file} cannot be read{end.Because}; give a whole JPEG or PNG file.");
        }
    }

    /// <summary>By the first bytes, whatever the file is called: a playlist is no picture.</summary>
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
            throw new PictureException($"The picture {file} cannot be read: {unreadable.Message}");
        }
        // JPEG: SOI and the next marker. PNG: its signature (ISO/IEC 15948, 5.2).
        return start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "jpeg_pipe"
            : start.SequenceEqual((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "png_pipe"
            : throw new PictureException($"The picture {file} is neither a JPEG nor a PNG picture; save it as one of them.");
    }

    /// <summary>One BMP with its rows from the top (the command flips them); null when the stream ends early or holds something else.</summary>
    private static Frame? ReadBitmap(Stream output, FramePool pool)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (output.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || header[0] != 'B' || header[1] != 'M')
        {
            return null;
        }
        int width = BinaryPrimitives.ReadInt32LittleEndian(header[18..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(header[22..]);
        if (width <= 0 || height <= 0 || (long)width * height > MaxPixels)
        {
            return null;
        }
        Frame frame = pool.Rent(width, height);
        int row = width * 3;
        int pad = (4 - (row % 4)) % 4;
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
