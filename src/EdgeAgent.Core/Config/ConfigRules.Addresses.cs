namespace EdgeAgent.Core.Config;

internal sealed partial class ConfigRules
{
    private static readonly string[] s_cameraKinds = ["clip:", "rtsp://", "rtsps://", "http://", "https://", "v4l2:"];

    private void CheckAddress(CameraConfig camera, string path)
    {
        int start = camera.Source.IndexOf("://", StringComparison.Ordinal) + 3;
        bool onTheNetwork = start > 2 && !camera.Source.StartsWith("clip:", StringComparison.Ordinal);
        if (onTheNetwork && HasCredentials(camera.Source.AsSpan(start)))
        {
            // Without the value: an error is read by more people than a password is meant for.
            Add(path + ".source", "bad-value", "the address holds a user name or password; put them into \"user\" and \"passwordFile\".");
            return;
        }
        Source(camera.Source, path + ".source", s_cameraKinds);
        if (onTheNetwork && camera.Source.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0)
        {
            Add(path + ".source", "bad-value", "the address holds a space or a control character; write a space as %20.");
        }
        if (camera.User is null != camera.PasswordFile is null)
        {
            Add(path + (camera.User is null ? ".user" : ".passwordFile"), "missing", "\"user\" and \"passwordFile\" belong together.");
        }
        else if (camera.User is not null && !onTheNetwork)
        {
            Add(path + ".user", "bad-value", "only rtsp and http cameras ask for a user.");
        }
        if (camera.User is string user && (user.Length is < 1 or > 64 || user.Any(c => c is ':' || char.IsControl(c))))
        {
            Add(path + ".user", "bad-value", "a user name has 1 to 64 characters, none of them a colon or a control character.");
        }
        if (camera.PasswordFile is "")
        {
            Add(path + ".passwordFile", "bad-value", "a file name is needed.");
        }
    }

    /// <summary>An @ before the first slash, question mark or hash: whatever stands in front of it is user and password.</summary>
    private static bool HasCredentials(ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAny("/?#");
        return (end < 0 ? rest : rest[..end]).Contains('@');
    }
}
