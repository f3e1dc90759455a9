using EdgeAgent.Core;
using EdgeAgent.Core.Config;
using EdgeAgent.Vision.Cameras;

namespace EdgeAgent.Vision.Tests;

public class CameraPasswordTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData(Owner, "secret\n", null)]
    [InlineData(Owner | UnixFileMode.GroupRead, "secret", null)]
    [InlineData(Owner | UnixFileMode.OtherRead, "secret", "can be read by others (mode 604); run: chmod 600")]
    [InlineData(Owner | UnixFileMode.GroupWrite, "secret", "can be read by others")]
    [InlineData(Owner, "\n", "is empty")]
    [InlineData(Owner, "secret\nmore", "more than one line")]
    public void A_password_file_is_taken_only_when_it_is_one(UnixFileMode mode, string text, string? fault)
    {
        using var folder = new TempFolder();
        string file = folder.Write("password", System.Text.Encoding.UTF8.GetBytes(text));
        File.SetUnixFileMode(file, mode);
        string? found = CameraPassword.Fault(Camera(file));
        if (fault is null)
        {
            Assert.Null(found);
            return;
        }
        Assert.Contains(fault, found, StringComparison.Ordinal);
        Assert.Contains($"Camera door: the password file {file}", found, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", found, StringComparison.Ordinal);
        Assert.Equal(SensorReason.Refused, Assert.Throws<CameraException>(() => FfmpegFrames.Open(Camera(file), new FramePool(), TimeProvider.System)).Reason);
    }

    [Fact]
    public void A_missing_password_file_says_so() =>
        Assert.Contains("/nowhere/password does not exist", CameraPassword.Fault(Camera("/nowhere/password")), StringComparison.Ordinal);

    [Fact]
    public void User_and_password_are_written_so_that_no_character_of_theirs_means_anything()
    {
        using var folder = new TempFolder();
        string file = folder.Write("password", "a:b@c/d e'%ü"u8);
        File.SetUnixFileMode(file, Owner);
        Assert.Equal("rtsp://us%40er:a%3Ab%40c%2Fd%20e%27%25%C3%BC@camera/live", CameraPassword.Address(Camera(file) with { User = "us@er" }));
    }

    private static CameraConfig Camera(string file) => new("door", "rtsp://camera/live", User: "guard", PasswordFile: file);
}
