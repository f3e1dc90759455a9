using EdgeAgent.Core;
using EdgeAgent.Core.Config;

namespace EdgeAgent.Vision.Cameras;

/// <summary>
/// A camera's password: read from its file at each connection, so that a new one is taken up without a restart, and handed to the decoder
/// on its standard input. It stands in no argument list, log, message or recording.
/// </summary>
public static class CameraPassword
{
    private const int MaxBytes = 1024;

    // Whoever may write the file can read it later. A group may read it: the agent's own user is often in one with the file's owner.
    private const UnixFileMode Strangers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;

    /// <summary>One sentence about what is wrong with the camera's password file, or null. For a check before the start.</summary>
    public static string? Fault(CameraConfig camera)
    {
        try
        {
            Read(camera);
            return null;
        }
        catch (CameraException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>The address that the decoder opens: with user and password, percent-encoded, if the camera asks for them.</summary>
    /// <exception cref="CameraException">The password cannot be had.</exception>
    internal static string Address(CameraConfig camera)
    {
        if (Read(camera) is not string password)
        {
            return camera.Source;
        }
        int host = camera.Source.IndexOf("://", StringComparison.Ordinal) + 3;
        return string.Concat(
            camera.Source.AsSpan(0, host), Uri.EscapeDataString(camera.User!) + ":" + Uri.EscapeDataString(password) + "@", camera.Source.AsSpan(host));
    }

    private static string? Read(CameraConfig camera)
    {
        if (camera.PasswordFile is not string file)
        {
            return null;
        }
        string password;
        try
        {
            UnixFileMode mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);
            if ((mode & Strangers) != 0)
            {
                throw Refused(camera, $"can be read by others (mode {Convert.ToString((int)mode, 8)}); run: chmod 600 {file}");
            }
            if (new FileInfo(file).Length > MaxBytes)
            {
                throw Refused(camera, $"has more than {MaxBytes} bytes, so it is no password; check the name");
            }
            password = File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refused(camera, "does not exist; check the name");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Refused(camera, "cannot be read; the user of the agent must own it");
        }
        if (password.Length == 0 || password.Any(char.IsControl))
        {
            throw Refused(camera, password.Length == 0 ? "is empty; write the password into it" : "holds more than one line or control characters");
        }
        return password;
    }

    private static CameraException Refused(CameraConfig camera, string what) =>
        new($"Camera {camera.Id}: the password file {camera.PasswordFile} {what}.", SensorReason.Refused);
}
