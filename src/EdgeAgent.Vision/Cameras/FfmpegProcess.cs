using System.ComponentModel;
using System.Diagnostics;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// A child process of ffmpeg's family: pictures on its standard output, its last words kept. Crashes of a decoder stay in there.
/// Disposing kills it and takes its exit code, so that no zombie stays.
/// </summary>
internal sealed class FfmpegProcess : IDisposable
{
    /// <summary>The program, as it is found in the PATH.</summary>
    public const string Ffmpeg = "ffmpeg";

    private readonly Process _process;

    private FfmpegProcess(Process process)
    {
        _process = process;
        Words = new FfmpegWords(process.StandardError.BaseStream);
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Only of a child that was started with input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public int Id => _process.Id;

    /// <summary>What it says.</summary>
    public FfmpegWords Words { get; }

    /// <param name="input">Written to its standard input, which is then closed. Not kept; may hold a password.</param>
    /// <param name="withInput">The caller writes to <see cref="Input"/> and closes it.</param>
    /// <exception cref="Win32Exception">The program is not there.</exception>
    public static FfmpegProcess Start(string program, List<string> arguments, string? input = null, bool withInput = false)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch
        {
            process.Dispose();
            throw;
        }
        PipeSize.Enlarge(process.StandardOutput.BaseStream);
        var child = new FfmpegProcess(process);
        if (withInput)
        {
            return child;
        }
        try
        {
            // A list of some hundred bytes fits into the pipe: this does not wait for the child.
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read; its last words say why.
        }
        return child;
    }

    /// <summary>One sentence for a missing program.</summary>
    public static string Missing(string program) => $"The program {program} cannot be started; install ffmpeg (on Debian: apt-get install ffmpeg).";

    /// <summary>Safe from any thread and more than once. The reader of <see cref="Output"/> sees its end.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in this moment, which is what was wanted.
        }
    }

    /// <summary>Call after the end of <see cref="Output"/>: waits until the child is gone and its last line was read.</summary>
    public FfmpegEnd WaitForEnd()
    {
        _process.WaitForExit();
        return Words.End(_process.ExitCode);
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>How the child ended.</summary>
/// <param name="LastLines">Its last error lines, oldest first, without passwords.</param>
/// <param name="ErrorLines">How many error lines there were in all.</param>
/// <param name="InputCut">It said that bytes of the file are missing.</param>
internal sealed record FfmpegEnd(int ExitCode, IReadOnlyList<string> LastLines, int ErrorLines, bool InputCut)
{
    /// <summary>The last line as the rest of a sentence, or nothing.</summary>
    public string Because => LastLines.Count == 0 ? "" : $" (ffmpeg says: {LastLines[^1].TrimEnd('.')})";

    public bool Says(string words)
    {
        foreach (string line in LastLines)
        {
            if (line.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
