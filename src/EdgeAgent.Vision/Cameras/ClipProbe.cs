using System.ComponentModel;
using System.Globalization;

namespace EdgeAgent.Vision.Cameras;

/// <summary>What a clip's container says about itself, asked before the first picture and compared after the last.</summary>
/// <param name="DeclaredSeconds">Length of the video; null where the format does not declare one that can be believed.</param>
/// <param name="IsCut">The file ends before its own structure does.</param>
internal sealed record ClipProbe(double? DeclaredSeconds, bool IsCut)
{
    // Formats that write the length into an index or header. Others (MPEG streams, for one) have theirs guessed from the bit rate.
    private static readonly string[] s_declaringFormats = ["mov", "matroska", "webm", "avi", "flv"];

    // ffprobe reads some megabytes; a disk that has not given them by then will not.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <exception cref="ClipException">The file is missing, no video, or its index is missing.</exception>
    public static ClipProbe Look(string file, string ffprobe, TimeProvider time)
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
            bool late = false;
            using ITimer patience = time.CreateTimer(_ => { late = true; child.Kill(); }, null, s_patience, Timeout.InfiniteTimeSpan);
            using var reader = new StreamReader(child.Output);
            string answer = reader.ReadToEnd();
            FfmpegEnd end = child.WaitForEnd();
            if (Volatile.Read(ref late))
            {
                throw new ClipException($"ffprobe did not get through the clip {file} in {s_patience.TotalSeconds} s; check the disk it is on.");
            }
            bool cut = ClipStructure.IsCut(file);
            if (cut && end.Says("moov atom not found"))
            {
                throw new ClipException(
                    $"The clip {file} is cut off: its index (moov) is missing, as after a recording or a copy that was broken off; "
                    + "record or copy it again.");
            }
            if (end.ExitCode != 0 || !answer.Contains("width=", StringComparison.Ordinal))
            {
                if (cut)
                {
                    throw new ClipException(
                        $"The clip {file} is cut off before its first picture{end.Because}; record or copy it again.");
                }
                throw new ClipException($"The clip {file} is no video that ffmpeg can read{end.Because}; check that it is the right file.");
            }
            return new ClipProbe(DeclaredLength(answer), cut);
        }
    }

    private static double? DeclaredLength(string answer)
    {
        // The stream's own duration comes before the container's, which is that of the longest stream and may be a sound's. A stream that has
        // none says N/A; in Matroska it stands in a tag, as 00:02:19.400000000.
        double? seconds = null;
        bool declares = false;
        foreach (string line in answer.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("duration=", StringComparison.Ordinal)
                && double.TryParse(line.AsSpan(9), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                seconds ??= value;
            }
            if (line.StartsWith("TAG:DURATION=", StringComparison.Ordinal)
                && TimeSpan.TryParse(line.AsSpan(13, Math.Min(line.Length - 13, 16)), CultureInfo.InvariantCulture, out TimeSpan length))
            {
                seconds ??= length.TotalSeconds;
            }
            if (line.StartsWith("format_name=", StringComparison.Ordinal))
            {
                foreach (string format in line[12..].Split(','))
                {
                    declares |= Array.IndexOf(s_declaringFormats, format) >= 0;
                }
            }
        }
        return declares ? seconds : null;
    }
}
