using System.Buffers.Binary;
using System.ComponentModel;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Imaging;

/// <summary>Reads a stored picture (JPEG, PNG and what else ffmpeg knows), turned upright as its EXIF data says.</summary>
internal static class PictureFile
{
    // 54 bytes of BITMAPFILEHEADER and BITMAPINFOHEADER, as in FfmpegFrames.
    private const int HeaderBytes = 54;

    // 100 megapixels are 300 MB of memory: more is no photo of a product.
    private const int MaxPixels = 100_000_000;

    /// <summary>The caller owns the frame.</summary>
    /// <exception cref="PictureException">There is no such file, it is no picture, or ffmpeg is not installed.</exception>
    public static Frame Read(string file, FramePool pool, FfmpegPrograms? programs = null)
    {
        if (!File.Exists(file))
        {
            throw new PictureException($"The picture {file} does not exist; check its path.");
        }
        string ffmpeg = (programs ?? new FfmpegPrograms()).Ffmpeg;
        FfmpegProcess child;
        try
        {
            child = FfmpegProcess.Start(ffmpeg, FfmpegCommand.PictureArguments(file, MaxPixels));
        }
        catch (Win32Exception)
        {
            throw new PictureException(FfmpegProcess.Missing(ffmpeg));
        }
        using (child)
        {
            Frame? frame = ReadBitmap(child.Output, pool);
            if (frame is not null)
            {
                return frame;
            }
            FfmpegEnd end = child.WaitForEnd();
            throw new PictureException($"The picture {file} cannot be read{end.Because}; give a whole JPEG or PNG file.");
        }
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
