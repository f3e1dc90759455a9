using System.ComponentModel;
using System.Globalization;

namespace EdgeAgent.Vision.Cameras;

/// <summary>What a clip's container says about itself, asked before the first picture and compared after the last.</summary>
/// <param name="DeclaredSeconds">Length of the video; null where the format does not declare one that can be believed.</param>
internal sealed record ClipProbe(double? DeclaredSeconds)
{
    // Formats that write the length into an index or header. Others (MPEG streams, for one) have theirs guessed from the bit rate.
    private static readonly string[] s_declaringFormats = ["mov", "matroska", "webm", "avi", "flv"];

    /// <exception cref="ClipException">The file is missing, no video, or its index is missing.</exception>
    public static ClipProbe Look(string file, string ffprobe)
    {
        if (!File.Exists(file))
        {
            throw new ClipException($"The clip {file} does not exist; check the path in the camera's source.");
        }
        FfmpegProcess child;
        try
        {
            child = FfmpegProcess.Start(ffprobe, FfmpegCommand.ProbeArguments(file));
        }
        catch (Win32Exception)
        {
            throw new ClipException(FfmpegProcess.Missing(ffprobe));
        }
        using (child)
        {
            using var reader = new StreamReader(child.Output);
            string answer = reader.ReadToEnd();
            FfmpegEnd end = child.WaitForEnd();
            if (end.Says("moov atom not found") && LooksLikeMp4(file))
            {
                throw new ClipException(
                    $"The clip {file} is cut off: its index (moov) is missing, as after a recording or a copy that was broken off; "
                    + "record or copy it again.");
            }
            if (end.ExitCode != 0 || !answer.Contains("width=", StringComparison.Ordinal))
            {
                throw new ClipException($"The clip {file} is no video that ffmpeg can read{end.Because}; check that it is the right file.");
            }
            return Parse(answer);
        }
    }

    private static ClipProbe Parse(string answer)
    {
        // The stream's duration comes before the container's; a stream that has none says N/A.
        double? seconds = null;
        bool declares = false;
        foreach (string line in answer.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("duration=", StringComparison.Ordinal)
                && double.TryParse(line.AsSpan(9), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                seconds ??= value;
            }
            if (line.StartsWith("format_name=", StringComparison.Ordinal))
            {
                foreach (string format in line[12..].Split(','))
                {
                    declares |= Array.IndexOf(s_declaringFormats, format) >= 0;
                }
            }
        }
        return new ClipProbe(declares ? seconds : null);
    }

    /// <summary>An MP4 begins with a box of the type ftyp (ISO/IEC 14496-12, 4.3): 4 bytes of size, then the type.</summary>
    private static bool LooksLikeMp4(string file)
    {
        Span<byte> head = stackalloc byte[8];
        using FileStream stream = File.OpenRead(file);
        return stream.ReadAtLeast(head, 8, throwOnEndOfStream: false) == 8 && head[4..].SequenceEqual("ftyp"u8);
    }
}
